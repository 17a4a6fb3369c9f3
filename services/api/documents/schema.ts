/** Documents of bills and the keys that open them: ciphertext and public keys, nothing that the platform could read. */
import { Type } from 'typebox';
import { READER_WORDS } from '#db/documents/readers.ts';
import { route } from '../access/route.ts';
import { PersonRef, SignatureInput, Signatures, Signer, Signing, signing } from '../instructions/schema.ts';
import {
  BillRef,
  Hash,
  Instant,
  MemberNumber,
  MemberRef,
  NoBody,
  NoContent,
  Nullable,
  Params,
  strict,
  Uuid,
  withProblems,
} from '../schemas/common.ts';

const PublicKey = Type.String({
  pattern: '^0x04[0-9a-f]{128}$',
  description: 'A point of P-256, uncompressed',
});
const WRAPPED_BYTES = 65 + 32 + 16;
const Wrapped = Type.String({
  pattern: `^0x04[0-9a-f]{${2 * (WRAPPED_BYTES - 1)}}$`,
  description: 'HPKE (RFC 9180): encapsulated key and ciphertext of 32 bytes',
});

export const DocumentKeyView = Type.Object(
  {
    id: Uuid,
    member: MemberRef,
    account: Type.String(),
    publicKey: PublicKey,
    signer: Type.String({ description: 'ERC-7913: which signer of the account has signed the key' }),
    signature: Type.String(),
    createdAt: Instant,
  },
  { ...strict, title: 'DocumentKey' },
);

export const HOLDER_KINDS = ['passkey', 'browser', 'recovery'] as const;
const HolderKind = Type.Enum([...HOLDER_KINDS], {
  title: 'HolderKind',
  description:
    'passkey: a secret that the device works out anew (PRF); browser: a key that cannot be exported; recovery: a code on paper',
});
const HolderName = Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' });

const Holder = Type.Object(
  {
    id: Uuid,
    kind: HolderKind,
    name: Type.String(),
    person: Nullable(PersonRef),
    publicKey: PublicKey,
    wrapped: Nullable(Wrapped),
    createdAt: Instant,
  },
  { ...strict, title: 'DocumentKeyHolder', description: 'wrapped null: it waits for the key' },
);

export const OwnKey = Type.Object(
  {
    key: Nullable(DocumentKeyView),
    holders: Type.Array(Holder),
    account: Type.String(),
    signers: Type.Array(Signer, { description: 'Of the account: one of them signs the key' }),
  },
  { ...strict, title: 'OwnDocumentKey' },
);

const NewHolder = {
  kind: HolderKind,
  name: HolderName,
  publicKey: PublicKey,
  device: Type.Optional(
    Type.String({ ...Uuid, description: 'Which of one’s own devices it is: with it goes the key' }),
  ),
};

export const AttachedFile = Type.Object(
  {
    id: Uuid,
    billNo: Type.String(),
    billKey: Uuid,
    by: MemberRef,
    person: Nullable(Type.String({ description: 'Of one’s own firm alone' })),
    facts: Nullable(Type.String({ description: 'Ciphertext, hex: kind and name; null: removed' })),
    size: Type.Integer({ description: 'Bytes of ciphertext' }),
    contentHash: Hash,
    createdAt: Instant,
    removedAt: Nullable(Instant),
  },
  { ...strict, title: 'AttachedFile', description: 'Removed: by who attached it; its hash and size stay' },
);

const BillKeyView = Type.Object(
  {
    id: Uuid,
    commitment: Hash,
    madeBy: MemberRef,
    isRetired: Type.Boolean({ description: 'Nothing new is encrypted under it' }),
    wraps: Type.Array(Type.Object({ wrapped: Wrapped, sender: DocumentKeyView }, strict), {
      description: 'For the key of who asks',
    }),
  },
  { ...strict, title: 'BillKey' },
);

const Reader = Type.Object(
  {
    member: MemberRef,
    as: Type.Enum([...READER_WORDS], { title: 'ReaderWord' }),
    key: Nullable(DocumentKeyView),
    wrapped: Type.Array(Uuid, { description: 'Keys of the bill that who asks has wrapped for this key' }),
  },
  { ...strict, title: 'DocumentReader' },
);

export const Sight = Type.Object(
  {
    id: Uuid,
    giver: MemberRef,
    reader: MemberRef,
    number: Type.String(),
    givenAt: Nullable(Instant),
    createdAt: Instant,
    toSign: Nullable(
      Type.Object(
        {
          meaning: signing.meaning,
          digest: Hash,
          account: Type.String(),
          signers: Type.Array(Signer),
          signing: Signing,
        },
        strict,
      ),
    ),
  },
  { ...strict, title: 'DocumentSight', description: 'toSign: while it waits for signatures of who asks' },
);

export const AttachedDocuments = Type.Object(
  {
    mayRead: Type.Boolean(),
    mayAttach: Type.Boolean(),
    files: Type.Array(AttachedFile),
    keys: Type.Array(BillKeyView),
    readers: Type.Array(Reader, { description: 'As far as who asks may know' }),
    sights: Type.Array(Sight),
    banks: Type.Array(MemberRef, { description: 'Those asked to quote, to whom sight can be given' }),
  },
  { ...strict, title: 'AttachedDocuments' },
);

const NewWrap = Type.Object({ billKey: Uuid, key: Uuid, wrapped: Wrapped }, strict);
const bill = Params({ billNo: BillRef });

export const documentRoutes = {
  getDocumentKey: route('GET', '/api/document-key', 'members', {
    summary: 'The firm’s key for documents, and who holds it',
    tags: ['documents'],
    response: withProblems({ 200: OwnKey }),
  }),
  makeDocumentKey: route(
    'POST',
    '/api/document-key',
    'members',
    {
      summary: 'Publish the firm’s key for documents, made and wrapped by who asks',
      description:
        'Signed by a signer of the account. With `replaces` it takes the place of one that nobody opens any more.',
      tags: ['documents'],
      body: Type.Object(
        {
          publicKey: PublicKey,
          ...SignatureInput.properties,
          holders: Type.Array(Type.Object({ ...NewHolder, wrapped: Wrapped }, strict), {
            minItems: 1,
            maxItems: 3,
          }),
          replaces: Type.Optional(Uuid),
        },
        strict,
      ),
      response: withProblems({ 201: OwnKey }),
    },
    { right: 'sign', isFresh: true },
  ),
  addDocumentKeyHolder: route(
    'POST',
    '/api/document-key/holders',
    'members',
    {
      summary: 'A device waits for the key, or whoever has it adds a holder that has it at once',
      tags: ['documents'],
      body: Type.Object({ ...NewHolder, wrapped: Type.Optional(Wrapped) }, strict),
      response: withProblems({ 201: OwnKey }),
    },
    { right: 'see' },
  ),
  giveDocumentKey: route(
    'POST',
    '/api/document-key/holders/:id/give',
    'members',
    {
      summary: 'Wrap the key for a holder that waits',
      tags: ['documents'],
      params: Params({ id: Uuid }),
      body: Type.Object({ wrapped: Wrapped }, strict),
      response: withProblems({ 200: OwnKey }),
    },
    { right: 'see' },
  ),
  removeDocumentKeyHolder: route(
    'DELETE',
    '/api/document-key/holders/:id',
    'members',
    {
      summary: 'A holder holds the key no longer',
      description: 'One’s own; who administers removes anybody’s.',
      tags: ['documents'],
      params: Params({ id: Uuid }),
      response: withProblems({ 200: OwnKey }),
    },
    { right: 'see' },
  ),
  listAttachedDocuments: route('GET', '/api/bills/:billNo/documents', 'members', {
    summary: 'Documents attached to a bill, who may read them, and the wrapped keys of who asks',
    tags: ['documents'],
    params: bill,
    response: withProblems({ 200: AttachedDocuments }),
  }),
  addBillKey: route('POST', '/api/bills/:billNo/documents/keys', 'members', {
    summary: 'A key for documents of a bill, wrapped for its readers',
    tags: ['documents'],
    params: bill,
    body: Type.Object(
      { id: Uuid, commitment: Hash, wraps: Type.Array(NewWrap, { minItems: 1, maxItems: 1_000 }) },
      strict,
    ),
    response: withProblems({ 204: NoContent }),
  }),
  wrapBillKeys: route(
    'POST',
    '/api/bills/:billNo/documents/wraps',
    'members',
    {
      summary: 'Keys of the bill, wrapped for readers who do not have them yet',
      tags: ['documents'],
      params: bill,
      body: Type.Object({ wraps: Type.Array(NewWrap, { minItems: 1, maxItems: 1_000 }) }, strict),
      response: withProblems({ 204: NoContent }),
    },
    { right: 'see' },
  ),
  attachDocument: route('POST', '/api/bills/:billNo/documents', 'members', {
    summary: 'Attach a document, as ciphertext',
    description: 'multipart/form-data with the fields below and one `file`.',
    tags: ['documents'],
    consumes: ['multipart/form-data'],
    params: bill,
    body: Type.Object(
      { id: Uuid, billKey: Uuid, facts: Type.String({ pattern: '^0x([0-9a-f]{2}){29,2000}$' }) },
      strict,
    ),
    response: withProblems({ 201: AttachedFile }),
  }),
  openAttachedDocument: route('GET', '/api/bills/:billNo/documents/:id', 'members', {
    summary: 'The ciphertext of a document. Each time is written into the audit trail',
    tags: ['documents'],
    params: Params({ billNo: BillRef, id: Uuid }),
    response: withProblems({
      200: {
        description: 'Twelve bytes of nonce, then AES-256-GCM',
        content: {
          'application/octet-stream': { schema: Type.Unsafe<never>({ type: 'string', format: 'binary' }) },
        },
      },
    }),
  }),
  removeAttachedDocument: route('DELETE', '/api/bills/:billNo/documents/:id', 'members', {
    summary: 'Remove a document that one’s own firm attached; those who could read it are told',
    tags: ['documents'],
    params: Params({ billNo: BillRef, id: Uuid }),
    response: withProblems({ 204: NoContent }),
  }),
  listBillsToWrap: route('GET', '/api/document-key/lacking', 'members', {
    summary: 'Bills of which a member with a new key lacks what one’s own firm has',
    tags: ['documents'],
    response: withProblems({
      200: Type.Object({ items: Type.Array(Type.String()) }, { ...strict, title: 'BillsToWrap' }),
    }),
  }),
  prepareSight: route('POST', '/api/bills/:billNo/documents/sights', 'members', {
    summary: 'Prepare that a bank that was asked to quote may read the documents',
    tags: ['documents'],
    params: bill,
    body: Type.Object({ reader: MemberNumber }, strict),
    response: withProblems({ 201: Sight }),
  }),
  submitSight: route(
    'POST',
    '/api/sights/:id/submit',
    'members',
    {
      summary: 'Hand in signatures of a prepared sight',
      tags: ['documents'],
      params: Params({ id: Uuid }),
      body: Signatures,
      response: withProblems({ 200: Sight }),
    },
    { right: 'sign' },
  ),
  endSight: route('POST', '/api/sights/:id/end', 'members', {
    summary: 'Take sight back, or give up what waits for signatures',
    tags: ['documents'],
    params: Params({ id: Uuid }),
    body: NoBody,
    response: withProblems({ 204: NoContent }),
  }),
};
