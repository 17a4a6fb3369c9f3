/** Members, how they pay, and their admission by the operator. */
import { Type } from 'typebox';
import { route } from '../access/route.ts';
import { PreparedInstruction } from '../instructions/schema.ts';
import { TAX_NUMBER_KINDS } from '#domain/members/tax-number.ts';
import {
  Address,
  Coordinate,
  idempotencyHeader,
  Instant,
  LegalDate,
  MemberNumber,
  Money,
  Nullable,
  PageOf,
  pageQuery,
  Params,
  Query,
  Role,
  strict,
  Text,
  withProblems,
} from '../schemas/common.ts';

export const Member = Type.Object(
  {
    number: Type.Integer(),
    name: Text,
    taxId: Nullable(Type.String()),
    roles: Type.Array(Role),
    account: Type.String(),
    active: Type.Boolean({ description: 'Neither suspended nor past its credential' }),
    suspended: Type.Boolean(),
    standing: Type.Boolean({ description: 'Offers to it complete in one step' }),
    standingLimits: Nullable(
      Type.Object(
        {
          acceptor: Nullable(Type.Integer()),
          counterparty: Nullable(Type.Integer()),
          least: Nullable(Money),
          until: Nullable(Instant),
        },
        {
          ...strict,
          title: 'StandingLimits',
          description: 'What its standing acceptance covers; null is open',
        },
      ),
    ),
    credentialExpiry: Nullable(LegalDate),
  },
  { ...strict, title: 'Member' },
);

// --- Members ----------------------------------------------------------------------------------------------------------

const AcceptorRecord = Type.Object(
  {
    open: Money,
    openBills: Type.Integer(),
    untaken: Money,
    overdue: Money,
    overdueBills: Type.Integer(),
    paidLate: Money,
    paidLateBills: Type.Integer(),
    since: LegalDate,
  },
  {
    ...strict,
    title: 'AcceptorRecord',
    description:
      'open: signed for and not paid in; untaken: issued besides, and not signed for; paidLate: what came in on a day after it was due, from the date `since` on',
  },
);

/** What routes of the operator say of how they end. */
export const SIGNED =
  '202: people are the operator, and sign what is answered as a firm’s people do; see submitInstruction. Otherwise its key has done it.';

// --- Operator ---------------------------------------------------------------------------------------------------------

export const SignerInput = Type.Union(
  [
    Type.Object({ type: Type.Literal('p256'), x: Coordinate, y: Coordinate }, strict),
    Type.Object(
      { type: Type.Literal('webauthn'), x: Coordinate, y: Coordinate },
      { ...strict, description: 'The P-256 key of a passkey' },
    ),
    Type.Object(
      { type: Type.Literal('sm2'), x: Coordinate, y: Coordinate },
      { ...strict, description: 'A key on sm2p256v1, as a UKey has' },
    ),
    Type.Object({ type: Type.Literal('ecdsa'), address: Address }, strict),
  ],
  { title: 'SignerInput' },
);

/** Who signs for an account that is made. */
export const SigningFor = {
  signers: Type.Optional(Type.Array(SignerInput, { minItems: 1, maxItems: 20 })),
  weights: Type.Optional(
    Type.Array(Type.Integer({ minimum: 1, maximum: 65_535 }), { minItems: 1, maxItems: 20 }),
  ),
  threshold: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
};

/** Roles that the operator gives. */
const OrdinaryRole = Type.Enum(['core_enterprise', 'supplier', 'guarantor', 'warehouse'], {
  title: 'OrdinaryRole',
});

const standing = (summary: string) => ({
  summary,
  description: SIGNED,
  tags: ['operator'],
  headers: idempotencyHeader,
  params: Params({ number: MemberNumber }),
  body: Type.Object(
    {
      reason: Type.String({
        minLength: 1,
        maxLength: 2_000,
        description: 'The order; its hash goes on chain',
      }),
    },
    strict,
  ),
  response: withProblems({ 200: Member, 202: PreparedInstruction }),
});

export const memberRoutes = {
  listMembers: route('GET', '/api/members', 'signed in', {
    summary: 'Members of the network',
    tags: ['members'],
    querystring: Query({
      q: Type.Optional(Type.String({ maxLength: 100, description: 'Part of a name, or a number' })),
      role: Type.Optional(Role),
      ...pageQuery,
    }),
    response: withProblems({ 200: PageOf(Member) }),
  }),
  getMember: route('GET', '/api/members/:number', 'signed in', {
    summary: 'One member',
    tags: ['members'],
    params: Params({ number: MemberNumber }),
    response: withProblems({ 200: Member }),
  }),
  getAcceptorRecord: route('GET', '/api/members/:number/record', 'members', {
    summary:
      'How an acceptor pays: for banks that it asks, holders of its bills, and itself; null for others',
    tags: ['members'],
    params: Params({ number: MemberNumber }),
    response: withProblems({
      200: Type.Object({ record: Nullable(AcceptorRecord) }, { ...strict, title: 'AcceptorRecordAnswer' }),
    }),
  }),
  admitMember: route('POST', '/api/operator/members', 'operator', {
    summary: "Make a firm's account and admit it as a member",
    description: `Answers when the member can be read and can act. Without \`signers\` (demonstration only) a key is made and kept for it. ${SIGNED}`,
    tags: ['operator'],
    headers: idempotencyHeader,
    body: Type.Object(
      {
        name: Type.Object(
          {
            zh: Type.String({ minLength: 1, maxLength: 200 }),
            en: Type.String({ minLength: 1, maxLength: 200 }),
          },
          strict,
        ),
        taxId: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 40,
            description: 'Has the check digit of its kind; no other member has it',
          }),
        ),
        taxKind: Type.Optional(
          Type.Enum([...TAX_NUMBER_KINDS], {
            title: 'TaxNumberKind',
            description:
              'uscc (unless said otherwise): 统一社会信用代码, 18 digits and letters. old: 15, 18 or 20. foreign: with its country before it',
          }),
        ),
        lei: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 40,
            description: 'ISO 17442, of a firm without a tax number here',
          }),
        ),
        reason: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 2_000,
            description: 'On what ground it is admitted; kept with the act',
          }),
        ),
        roles: Type.Array(Role, { minItems: 1, maxItems: 7 }),
        ...SigningFor,
        credentialExpiry: Type.Optional(LegalDate),
      },
      { ...strict, title: 'Admission' },
    ),
    response: withProblems({
      201: Type.Object(
        { number: Type.Integer(), account: Type.String(), name: Text, roles: Type.Array(Role) },
        { ...strict, title: 'Admitted' },
      ),
      202: PreparedInstruction,
    }),
  }),
  listOperatorMembers: route('GET', '/api/operator/members', 'operator', {
    summary: 'All members, for the operator',
    tags: ['operator'],
    querystring: Query({
      q: Type.Optional(Type.String({ maxLength: 100 })),
      suspended: Type.Optional(Type.Boolean()),
      ...pageQuery,
    }),
    response: withProblems({ 200: PageOf(Member) }),
  }),
  suspendMember: route(
    'POST',
    '/api/operator/members/:number/suspend',
    'operator',
    standing('Stop a member from acting, by reasoned order'),
  ),
  restoreMember: route(
    'POST',
    '/api/operator/members/:number/restore',
    'operator',
    standing('Let a suspended member act again'),
  ),
  renewMember: route('POST', '/api/operator/members/:number/renew', 'operator', {
    summary: 'Set roles and expiry after a new check of a member’s credential',
    description: `Roles that governance gives stay as they are, and so does a suspension. \`credentialExpiry\`: the date from whose beginning on it is inactive; null: none. ${SIGNED}`,
    tags: ['operator'],
    headers: idempotencyHeader,
    params: Params({ number: MemberNumber }),
    body: Type.Object(
      {
        roles: Type.Array(OrdinaryRole, { maxItems: 4, uniqueItems: true }),
        credentialExpiry: Nullable(LegalDate),
        reason: Type.String({
          minLength: 1,
          maxLength: 2_000,
          pattern: '\\S',
          description: 'What was checked; its hash goes on chain',
        }),
      },
      { ...strict, title: 'Renewal' },
    ),
    response: withProblems({ 200: Member, 202: PreparedInstruction }),
  }),
  eraseIdentity: route(
    'DELETE',
    '/api/operator/members/:number/identity',
    'operator',
    {
      summary: 'Blot out for good who is behind a suspended member',
      description:
        'Name, tax number and the document with its salt; the hash on chain then says nothing to anybody. The ledger goes on under the number.',
      tags: ['operator'],
      headers: idempotencyHeader,
      params: Params({ number: MemberNumber }),
      body: Type.Object(
        {
          reason: Type.String({
            minLength: 1,
            maxLength: 2_000,
            pattern: '\\S',
            description: 'On what ground; it is kept and must not name the firm',
          }),
        },
        { ...strict, title: 'Erasure' },
      ),
      response: withProblems({ 200: Member }),
    },
    { isFresh: true },
  ),
};
