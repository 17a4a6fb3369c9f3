/** Instructions: prepared, signed, submitted, followed. Requests derive from the definitions in #domain. */
import { Type } from 'typebox';
import {
  instructions,
  MEMBER_INSTRUCTIONS,
  type InstructionInput as Asked,
} from '#domain/instructions/instructions.ts';
import {
  BillNo,
  Hash,
  Hex,
  idempotencyHeader,
  Instant,
  MemberRef,
  Money,
  NoBody,
  Nullable,
  PageOf,
  pageQuery,
  ParcelId,
  Params,
  Query,
  requiredIdempotencyHeader,
  strict,
  Text,
  Uuid,
  withProblems,
} from '../schemas/common.ts';
import { route } from '../access/route.ts';
import { propertiesOf } from './fields.ts';

const inputs = MEMBER_INSTRUCTIONS.map((name) => {
  const title = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  return Type.Object(
    { type: Type.Literal(name), ...propertiesOf(instructions[name].asks) },
    { ...strict, title },
  );
});

/** Told apart by `type`, so that an error names the field and not every shape that there is. */
export const InstructionInput = Type.Unsafe<Asked>({
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: inputs,
  title: 'InstructionInput',
});

/** expired: it waited for signatures and did not get enough in time. refused, withdrawn: by people of the firm, for good. */
export const InstructionState = Type.Enum(
  ['prepared', 'submitted', 'sent', 'done', 'failed', 'refused', 'withdrawn', 'expired'],
  { title: 'InstructionState' },
);
const OTHERS = Object.keys(instructions).filter(
  (name) => !(MEMBER_INSTRUCTIONS as readonly string[]).includes(name),
);
const InstructionName = Type.String({
  description: `As in the request; also ${OTHERS.join(', ')}`,
  examples: ['issue'],
});

const Makes = Type.Object(
  {
    bills: Type.Array(BillNo),
    parcels: Type.Array(ParcelId, { description: 'Issued, offered or sold, in the order of the request' }),
  },
  { ...strict, title: 'Makes' },
);

export const Signer = Type.Object(
  {
    id: Hex,
    type: Type.Enum(['p256', 'webauthn', 'sm2', 'ecdsa', 'contract', 'other']),
    weight: Type.Integer(),
    level: Nullable(Type.Integer({ description: '1 maker, 2 checker, 3 authoriser, … 8' })),
    validUntil: Nullable(Instant),
    branch: Nullable(
      Type.String({
        description:
          'Signs for this branch, whose account is a signer: what it signs is nested in the branch’s domain (ERC-7739)',
      }),
    ),
  },
  { ...strict, title: 'Signer' },
);

export const TypedData = Type.Object(
  {
    domain: Type.Object({}, { additionalProperties: true }),
    types: Type.Object({}, { additionalProperties: true }),
    primaryType: Type.String(),
    message: Type.Object({}, { additionalProperties: true }),
  },
  { ...strict, title: 'TypedData', description: 'EIP-712; integers as decimal strings' },
);

/** What a firm's signers need to sign. */
export const signing = {
  meaning: Text,
  digest: Hash,
  typedData: TypedData,
  account: Type.String(),
  signers: Type.Array(Signer),
  threshold: Type.Integer({ description: 'The weight that those who sign need together' }),
  levels: Type.Array(Type.Integer(), { description: 'Somebody of each must be among them' }),
};

export const PreparedInstruction = Type.Object(
  {
    id: Uuid,
    type: InstructionName,
    state: InstructionState,
    calls: Type.Array(Type.Object({ target: Type.String(), data: Hex }, strict)),
    ...signing,
    nonce: Type.String(),
    validUntil: Instant,
    beyondLimits: Type.Array(
      Type.Object(
        { signer: Type.String(), dayLimit: Money, left: Money, amount: Money },
        { ...strict, title: 'BeyondLimit' },
      ),
      {
        description:
          'Signers of the account who may not sign it today: its amount is more than is left of their limit a day. A branch is one signer',
      },
    ),
    makes: Makes,
    documents: Type.Optional(
      Type.Array(Type.String(), {
        description:
          'Of each bill that is issued, in the order of the calls: the text whose hash is in its call',
      }),
    ),
  },
  { ...strict, title: 'PreparedInstruction' },
);

export const PersonRef = Type.Object({ id: Uuid, name: Type.String() }, { ...strict, title: 'PersonRef' });

/** How far the signatures of an instruction or a quote are. */
export const Signing = Type.Object(
  {
    threshold: Type.Integer(),
    signatures: Type.Array(
      Type.Object(
        { signer: Hex, person: Nullable(PersonRef), device: Nullable(Type.String()), at: Instant },
        { ...strict, title: 'CollectedSignature', description: 'person null: a key of a system' },
      ),
    ),
    missing: Type.Object(
      {
        weight: Type.Integer({ description: 'Of each person one signature counts' }),
        levels: Type.Array(Type.Integer(), {
          description: 'Nobody of these levels has signed: 1 maker, 2 checker, 3 authoriser, …',
        }),
        signers: Type.Array(
          Type.Object({ signer: Hex, person: Nullable(PersonRef), device: Nullable(Type.String()) }, strict),
          { description: 'Of whom one more would help' },
        ),
      },
      strict,
    ),
    waitsForYou: Type.Boolean({ description: 'A device of yours is among those that would help' }),
  },
  { ...strict, title: 'Signing' },
);

export const Instruction = Type.Object(
  {
    id: Uuid,
    type: InstructionName,
    state: InstructionState,
    meaning: Text,
    createdAt: Instant,
    submittedAt: Nullable(Instant),
    validUntil: Nullable(Instant),
    tx: Nullable(Hash),
    block: Nullable(Type.Integer()),
    code: Nullable(Type.String({ description: 'Why it failed' })),
    detail: Nullable(Text),
    makes: Makes,
    preparedBy: Nullable(PersonRef),
    refusal: Nullable(
      Type.Object(
        { by: Nullable(PersonRef), at: Instant, reason: Nullable(Type.String()) },
        { ...strict, title: 'Refusal', description: 'Of one that was refused or taken back' },
      ),
    ),
    signing: Type.Optional(Signing),
  },
  { ...strict, title: 'Instruction' },
);

export const Comment = Type.Object(
  { id: Uuid, by: Nullable(PersonRef), text: Type.String(), at: Instant },
  { ...strict, title: 'Comment' },
);

export const InstructionSheet = Type.Object(
  {
    prepared: PreparedInstruction,
    asked: Type.Optional(InstructionInput),
    decision: Type.Optional(
      Type.Object(
        { type: Type.String() },
        {
          additionalProperties: true,
          description:
            'Instead of `asked`: what the operator, or who administers, asked for by a route of its own',
        },
      ),
    ),
    isBatch: Type.Boolean({ description: 'Bills of the rows of an import' }),
    payees: Type.Array(MemberRef, { description: 'Of the bills that it issues' }),
    createdAt: Instant,
    preparedBy: Nullable(PersonRef),
    signing: Signing,
    comments: Type.Array(Comment),
    changes: Type.Object(
      {
        code: Nullable(Type.String({ description: 'Why the chain would refuse it now' })),
        detail: Nullable(Text),
        meaning: Nullable(Text),
        facts: Type.Array(
          Type.Object(
            { fact: Type.String(), before: Text, after: Text },
            { ...strict, title: 'ChangedFact' },
          ),
          { description: 'As names, amounts and rates; empty where what is asked for says all' },
        ),
      },
      { ...strict, title: 'InstructionChanges' },
    ),
  },
  { ...strict, title: 'InstructionSheet' },
);

const common = { tags: ['instructions'] };
const oneParams = Params({ id: Uuid });

export const SignatureInput = Type.Object(
  {
    signer: Hex,
    signature: Type.String({
      pattern: '^0x([0-9a-fA-F]{2})*$',
      minLength: 2,
      maxLength: 8_194,
      description:
        'P-256: r‖s with low s over the digest itself; ECDSA: r‖s‖v; SM2: r‖s, the digest its message of 32 bytes; passkey: abi.encode(WebAuthnAuth), the digest its challenge; a contract: what its isValidSignature (ERC-1271) takes',
    }),
  },
  { ...strict, title: 'SignatureInput' },
);

export const Signatures = Type.Object(
  {
    signatures: Type.Array(SignatureInput, { minItems: 1, maxItems: 20 }),
    digest: Type.Optional(Hash),
  },
  {
    ...strict,
    title: 'Signatures',
    description: '`digest`: what was signed, to find out that it is still the same',
  },
);

export const instructionRoutes = {
  prepareInstruction: route('POST', '/api/instructions/prepare', 'members', {
    ...common,
    summary: 'Learn what an instruction will do and what to sign',
    description: 'Rehearsed on the chain first: what could not succeed is refused here with its code.',
    headers: idempotencyHeader,
    body: Type.Object(
      {
        instruction: InstructionInput,
        validFor: Type.Optional(
          Type.Integer({ minimum: 60, maximum: 2_592_000, description: 'Seconds; a day if left out' }),
        ),
      },
      { ...strict, title: 'PrepareInput' },
    ),
    response: withProblems({ 201: PreparedInstruction }),
  }),
  submitInstruction: route(
    'POST',
    '/api/instructions/:id/submit',
    'signed in',
    {
      ...common,
      summary: 'Hand in one or several signatures',
      description:
        'Each is checked by itself. When the policy of the account has enough the instruction goes into the queue; until then `signing` says who has signed and what is missing.',
      headers: requiredIdempotencyHeader,
      params: oneParams,
      body: Signatures,
      response: withProblems({ 202: Instruction }),
    },
    { right: 'sign' },
  ),
  getInstructionSheet: route('GET', '/api/instructions/:id/sheet', 'signed in', {
    ...common,
    summary: 'All that somebody needs who checks and signs an instruction of another',
    description: 'Rehearsed and drafted anew: `changes` says what is different now.',
    params: oneParams,
    response: withProblems({ 200: InstructionSheet }),
  }),
  refuseInstruction: route(
    'POST',
    '/api/instructions/:id/refuse',
    'signed in',
    {
      ...common,
      summary: 'Refuse an instruction that waits for signatures, with a reason for who prepared it',
      headers: idempotencyHeader,
      params: oneParams,
      body: Type.Object({ reason: Type.String({ minLength: 1, maxLength: 1_000, pattern: '\\S' }) }, strict),
      response: withProblems({ 200: Instruction }),
    },
    { right: 'sign' },
  ),
  withdrawInstruction: route(
    'POST',
    '/api/instructions/:id/withdraw',
    'signed in',
    {
      ...common,
      summary: 'Take back an instruction that waits for signatures: who prepared it, or who administers',
      headers: idempotencyHeader,
      params: oneParams,
      body: NoBody,
      response: withProblems({ 200: Instruction }),
    },
    { right: 'see' },
  ),
  prepareAgain: route('POST', '/api/instructions/:id/again', 'signed in', {
    ...common,
    summary: 'Prepare anew what came to nothing',
    headers: idempotencyHeader,
    params: oneParams,
    body: NoBody,
    response: withProblems({ 201: PreparedInstruction }),
  }),
  listInstructionComments: route('GET', '/api/instructions/:id/comments', 'signed in', {
    ...common,
    summary: 'What your people say to each other of an instruction, oldest first',
    params: oneParams,
    response: withProblems({ 200: Type.Object({ items: Type.Array(Comment) }, strict) }),
  }),
  addInstructionComment: route(
    'POST',
    '/api/instructions/:id/comments',
    'signed in',
    {
      ...common,
      summary: 'Say something of an instruction to your colleagues',
      headers: idempotencyHeader,
      params: oneParams,
      body: Type.Object({ text: Type.String({ minLength: 1, maxLength: 2_000, pattern: '\\S' }) }, strict),
      response: withProblems({ 201: Type.Object({ items: Type.Array(Comment) }, strict) }),
    },
    { right: 'see' },
  ),
  getInstruction: route('GET', '/api/instructions/:id', 'signed in', {
    ...common,
    summary: 'Follow an instruction',
    description:
      'prepared: it waits for signatures; expired: it did not get enough in time. refused, withdrawn: by people of the firm, for good. done: the read model has it. With `wait` the answer comes when it is over, or after so many seconds.',
    params: oneParams,
    querystring: Query({ wait: Type.Optional(Type.Integer({ minimum: 0, maximum: 30 })) }),
    response: withProblems({ 200: Instruction }),
  }),
  listInstructions: route('GET', '/api/instructions', 'signed in', {
    ...common,
    summary: 'Your instructions, newest first',
    description: 'Of the member, or of the platform where people are the operator.',
    querystring: Query({
      state: Type.Optional(InstructionState),
      type: Type.Optional(Type.String({ maxLength: 40 })),
      signed: Type.Optional(
        Type.Boolean({ description: 'Without those that were only prepared and looked at' }),
      ),
      waiting: Type.Optional(
        Type.Enum(['me', 'others'], {
          description:
            'me: those that you may sign still. others: that you prepared or signed, and somebody else has to. Without state, type and signed',
        }),
      ),
      ...pageQuery,
    }),
    response: withProblems({ 200: PageOf(Instruction) }),
  }),
};
