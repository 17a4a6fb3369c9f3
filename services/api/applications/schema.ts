/** Applications: a firm asks to be admitted, the platform verifies and admits. */
import { Type } from 'typebox';
import { DOCUMENT_TYPES } from '#domain/applications/file-kinds.ts';
import {
  CHECKS,
  DOCUMENT_KINDS,
  ENTITIES,
  LEVELS,
  MISSING,
  NUMBER_KINDS,
  POLICIES,
} from '#domain/applications/form.ts';
import { APPLICATION_STATES } from '#domain/applications/states.ts';
import { route } from '../access/route.ts';
import { PreparedInstruction } from '../instructions/schema.ts';
import { SIGNED } from '../members/schema.ts';
import { Email, LinkMade, PersonName, Right, Rights } from '../people/schema.ts';
import {
  idempotencyHeader,
  Instant,
  LegalDate,
  MemberRef,
  Money,
  MoneyInput,
  NoBody,
  NoContent,
  Nullable,
  PageOf,
  pageQuery,
  Params,
  Query,
  Role,
  signedIn,
  strict,
  Uuid,
  withProblems,
} from '../schemas/common.ts';

const line = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '\\S' });
const Reason = Type.String({ minLength: 1, maxLength: 2_000, pattern: '\\S' });
const State = Type.Enum([...APPLICATION_STATES], { title: 'ApplicationState' });
const DocumentKind = Type.Enum([...DOCUMENT_KINDS], { title: 'ApplicationDocumentKind' });
const Level = Type.Enum([...LEVELS], { title: 'SignerLevel' });

const form = {
  entity: Type.Enum([...ENTITIES], { description: 'sole_trader: 个体工商户' }),
  number: Type.Object(
    { kind: Type.Enum([...NUMBER_KINDS]), value: line(40) },
    {
      ...strict,
      description: 'uscc: 统一社会信用代码; lei: ISO 17442. Refused where its check digit is wrong',
    },
  ),
  name: Type.Object({ zh: line(200), en: line(200) }, strict),
  contact: Type.Object(
    { name: PersonName, phone: Type.String({ pattern: '^\\+?[0-9 ()-]{5,30}$' }), email: Email },
    strict,
  ),
  legalPerson: line(100),
  address: line(300),
  roles: Type.Array(Role, {
    maxItems: 7,
    uniqueItems: true,
    description: 'bank, settlement bank and regulator are given by governance, after the admission',
  }),
  account: Type.Object(
    { bank: line(200), number: Type.String({ pattern: '^[0-9A-Z]{5,34}$' }) },
    { ...strict, description: 'At a bank: digits, or an IBAN without spaces' },
  ),
  policy: Type.Enum([...POLICIES], {
    description: 'How many of its people sign at first; by_amount: two, until its account has that policy',
  }),
  credentialExpiry: LegalDate,
};
const Form = Type.Object(
  Object.fromEntries(Object.entries(form).map(([name, schema]) => [name, Type.Optional(schema)])) as {
    [N in keyof typeof form]: ReturnType<typeof Type.Optional<(typeof form)[N]>>;
  },
  { ...strict, title: 'ApplicationForm' },
);
const FormChange = Type.Object(
  Object.fromEntries(
    Object.entries(form).map(([name, schema]) => [name, Type.Optional(Nullable(schema))]),
  ) as {
    [N in keyof typeof form]: ReturnType<typeof Type.Optional<ReturnType<typeof Nullable<(typeof form)[N]>>>>;
  },
  { ...strict, minProperties: 1, title: 'ApplicationChange', description: 'null: not stated any more' },
);

const Document = Type.Object(
  {
    id: Uuid,
    kind: DocumentKind,
    name: Type.String(),
    type: Type.Enum([...DOCUMENT_TYPES]),
    size: Type.Integer({ description: 'Bytes' }),
    createdAt: Instant,
  },
  { ...strict, title: 'ApplicationDocument' },
);
const Member = Type.Object(
  {
    id: Uuid,
    name: Type.String(),
    email: Nullable(Type.String()),
    rights: Type.Array(Right),
    level: Nullable(Level),
    device: Nullable(Type.Object({ id: Uuid, name: Type.String() }, strict)),
    isApplicant: Type.Boolean(),
  },
  { ...strict, title: 'ApplicationPerson', description: 'level null: does not sign' },
);
const Step = Type.Object(
  {
    state: State,
    reason: Nullable(Type.String()),
    by: Type.Enum(['applicant', 'platform', 'ledger']),
    at: Instant,
  },
  { ...strict, title: 'ApplicationStep' },
);
const Proof = Type.Object(
  {
    isOffered: Type.Boolean({ description: 'A bank is connected' }),
    isProved: Type.Boolean({ description: 'For the account that the form has now' }),
    triesLeft: Type.Integer({ description: 'For the credit that is on its way' }),
    creditsLeft: Type.Integer(),
  },
  { ...strict, title: 'AccountProof' },
);
const common = {
  id: Uuid,
  kind: Type.Enum(['admission', 'renewal']),
  state: State,
  member: Nullable(MemberRef),
  invitedBy: Nullable(MemberRef),
  form: Form,
  documents: Type.Array(Document),
  people: Type.Array(Member),
  steps: Type.Array(Step),
  accountProof: Proof,
  createdAt: Instant,
  filedAt: Nullable(Instant),
};
export const ApplicationView = Type.Object(
  {
    ...common,
    isMine: Type.Boolean({ description: 'False for colleagues, who see it and change nothing' }),
    missing: Type.Array(Type.Enum([...MISSING])),
    links: Type.Array(
      Type.Object(
        {
          id: Uuid,
          note: Nullable(Type.String()),
          rights: Type.Array(Right),
          level: Nullable(Level),
          expiresAt: Instant,
        },
        strict,
      ),
    ),
  },
  { ...strict, title: 'Application' },
);
const ApplicationLine = Type.Object(
  {
    id: Uuid,
    kind: Type.Enum(['admission', 'renewal']),
    state: State,
    name: Nullable(Type.Object({ zh: Type.String(), en: Type.String() }, strict)),
    number: Nullable(Type.String()),
    filedAt: Nullable(Instant),
    changedAt: Instant,
  },
  { ...strict, title: 'ApplicationLine' },
);
const checks = Object.fromEntries(CHECKS.map((name) => [name, Type.Optional(Type.Boolean())])) as Record<
  (typeof CHECKS)[number],
  ReturnType<typeof Type.Optional<ReturnType<typeof Type.Boolean>>>
>;
const Checks = Type.Object(
  { ...checks, note: Type.Optional(Type.String({ minLength: 1, maxLength: 2_000 })) },
  { ...strict, title: 'ApplicationChecks' },
);
export const ApplicationReview = Type.Object(
  {
    ...common,
    checks: Checks,
    duplicates: Type.Array(
      Type.Object({ member: Nullable(MemberRef), application: Nullable(Uuid) }, strict),
      { description: 'Who else is known by its number' },
    ),
    verifiedBy: Nullable(Type.String()),
    admittedBy: Nullable(Type.String()),
    mayAdmit: Type.Boolean({ description: 'Verified, and by somebody else than who asks' }),
  },
  { ...strict, title: 'ApplicationReview' },
);

const tag = { tags: ['applications'] };
const mine = { ...tag, security: signedIn };
const params = Params({ id: Uuid });
const one = withProblems({ 200: ApplicationView });
const platform = { tags: ['operator'], params, headers: idempotencyHeader };
const reviewed = withProblems({ 200: ApplicationReview });
const Bytes = Type.Unsafe<never>({ type: 'string', format: 'binary' });
const bytes = {
  200: {
    description: 'The document',
    content: Object.fromEntries(DOCUMENT_TYPES.map((type) => [type, { schema: Bytes }])),
  },
};
const part = { rights: Rights, level: Nullable(Level) };

export const applicationRoutes = {
  listApplications: route('GET', '/api/applications', 'people', {
    ...mine,
    summary: 'Applications that I have a part in, the newest first',
    response: withProblems({ 200: Type.Object({ items: Type.Array(ApplicationLine) }, strict) }),
  }),
  beginApplication: route(
    'POST',
    '/api/applications',
    'people',
    {
      ...mine,
      summary: 'Begin to apply for a firm, by the invitation that I have used if there is one',
      headers: idempotencyHeader,
      body: Type.Object(
        { kind: Type.Optional(Type.Enum(['admission', 'renewal'])) },
        { ...strict, description: 'renewal: the member whose seat is taken is verified again' },
      ),
      response: withProblems({ 201: ApplicationView }),
    },
    { perMinute: 30 },
  ),
  getApplication: route('GET', '/api/applications/:id', 'people', {
    ...mine,
    summary: 'One of mine, with its history and what is missing',
    params,
    response: one,
  }),
  changeApplication: route('PATCH', '/api/applications/:id', 'people', {
    ...mine,
    summary: 'Fill in some of the form of a draft',
    params,
    body: FormChange,
    response: one,
  }),
  forgetApplication: route('DELETE', '/api/applications/:id', 'people', {
    ...mine,
    summary: 'Throw a draft away that was never filed, with its documents',
    params,
    response: withProblems({ 204: NoContent }),
  }),
  fileApplication: route('POST', '/api/applications/:id/file', 'people', {
    ...mine,
    summary: 'Hand it in: the platform looks at it, and it changes no more',
    headers: idempotencyHeader,
    params,
    body: NoBody,
    response: one,
  }),
  addApplicationDocument: route(
    'POST',
    '/api/applications/:id/documents',
    'people',
    {
      ...mine,
      summary: 'Add a document: PDF, JPEG or PNG, told by its bytes, at most 10 MB',
      description:
        'As multipart/form-data with the parts `kind` and, last, `file`. It is stored as ciphertext.',
      consumes: ['multipart/form-data'],
      headers: idempotencyHeader,
      params,
      body: Type.Object({ kind: DocumentKind, name: line(200) }, strict),
      response: withProblems({ 201: Document }),
    },
    { perMinute: 60 },
  ),
  getApplicationDocument: route('GET', '/api/applications/:id/documents/:document', 'people', {
    ...mine,
    summary: 'Open a document that I have added',
    params: Params({ id: Uuid, document: Uuid }),
    response: withProblems(bytes),
  }),
  removeApplicationDocument: route('DELETE', '/api/applications/:id/documents/:document', 'people', {
    ...mine,
    summary: 'Take a document out of a draft',
    params: Params({ id: Uuid, document: Uuid }),
    response: withProblems({ 204: NoContent }),
  }),
  inviteToApplication: route(
    'POST',
    '/api/applications/:id/links',
    'people',
    {
      ...mine,
      summary: 'A link for a colleague, who will have a seat in the firm',
      params,
      body: Type.Object(
        { ...part, note: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) },
        strict,
      ),
      response: withProblems({ 201: LinkMade }),
    },
    { isFresh: true, perMinute: 30 },
  ),
  withdrawApplicationLink: route('DELETE', '/api/applications/:id/links/:link', 'people', {
    ...mine,
    summary: 'Take such a link back',
    params: Params({ id: Uuid, link: Uuid }),
    response: withProblems({ 204: NoContent }),
  }),
  changeApplicationPerson: route('PATCH', '/api/applications/:id/people/:person', 'people', {
    ...mine,
    summary: 'Give somebody of a draft another part; of oneself also the device that signs',
    params: Params({ id: Uuid, person: Uuid }),
    body: Type.Object({ ...part, device: Type.Optional(Uuid) }, strict),
    response: one,
  }),
  removeApplicationPerson: route('DELETE', '/api/applications/:id/people/:person', 'people', {
    ...mine,
    summary: 'Take a colleague out of a draft',
    params: Params({ id: Uuid, person: Uuid }),
    response: withProblems({ 204: NoContent }),
  }),
  beginAccountProof: route(
    'POST',
    '/api/applications/:id/account-proof',
    'people',
    {
      ...mine,
      summary: 'Have a small amount credited to the bank account; three times at most',
      headers: idempotencyHeader,
      params,
      body: NoBody,
      response: one,
    },
    { perMinute: 30 },
  ),
  proveAccount: route('POST', '/api/applications/:id/account-proof/amount', 'people', {
    ...mine,
    summary: 'State what was credited; three tries',
    headers: idempotencyHeader,
    params,
    body: Type.Object({ amount: MoneyInput }, strict),
    response: one,
  }),

  reviewApplications: route('GET', '/api/operator/applications', 'operator', {
    tags: ['operator'],
    summary: 'Applications that were filed, the oldest first',
    querystring: Query({ state: Type.Optional(State), ...pageQuery }),
    response: withProblems({ 200: PageOf(ApplicationLine) }),
  }),
  reviewApplication: route('GET', '/api/operator/applications/:id', 'operator', {
    tags: ['operator'],
    summary: 'One application with all that is known; the look is noted',
    params,
    response: reviewed,
  }),
  openApplicationDocument: route('GET', '/api/operator/applications/:id/documents/:document', 'operator', {
    tags: ['operator'],
    summary: 'Open a document of an application; the look is noted',
    params: Params({ id: Uuid, document: Uuid }),
    response: withProblems(bytes),
  }),
  takeUpApplication: route('POST', '/api/operator/applications/:id/review', 'operator', {
    ...platform,
    summary: 'Begin to look at it',
    body: NoBody,
    response: reviewed,
  }),
  giveApplicationBack: route('POST', '/api/operator/applications/:id/give-back', 'operator', {
    ...platform,
    summary: 'Ask the applicant for more, who reads the reason',
    body: Type.Object({ reason: Reason }, strict),
    response: reviewed,
  }),
  refuseApplication: route('POST', '/api/operator/applications/:id/refuse', 'operator', {
    ...platform,
    summary: 'Refuse it, with a reason that the applicant reads',
    body: Type.Object({ reason: Reason }, strict),
    response: reviewed,
  }),
  verifyApplication: route('POST', '/api/operator/applications/:id/verify', 'operator', {
    ...platform,
    summary: 'Say that what it states was checked',
    body: Checks,
    response: reviewed,
  }),
  admitApplicant: route(
    'POST',
    '/api/operator/applications/:id/admit',
    'operator',
    {
      ...platform,
      summary: 'Admit the firm, or renew the member; somebody else than who verified',
      description: SIGNED,
      body: NoBody,
      response: withProblems({ 200: ApplicationReview, 202: PreparedInstruction }),
    },
    { right: 'sign', isFresh: true },
  ),
  readSandboxStatement: route('GET', '/api/operator/sandbox-credits', 'operator', {
    tags: ['operator'],
    summary: "The statement of the sandbox's bank; empty where there is no sandbox",
    response: withProblems({
      200: Type.Object(
        {
          items: Type.Array(
            Type.Object(
              { bank: Type.String(), number: Type.String(), amount: Money, at: Instant },
              { ...strict, title: 'SandboxCredit' },
            ),
          ),
        },
        strict,
      ),
    }),
  }),
};
