/** The people of a firm or of the platform, links by which others come, and the keys of its systems. */
import { Type } from 'typebox';
import { route } from '../../access/route.ts';
import { PreparedInstruction } from '../../instructions/schema.ts';
import {
  Address,
  Hex,
  idempotencyHeader,
  Instant,
  NoContent,
  Nullable,
  Params,
  strict,
  Uuid,
  withProblems,
} from '../../schemas/common.ts';
import { AtBranch, LinkMade, mine, OwnSignerType, people, Purpose, Right, Rights } from './words.ts';

const BranchInput = Nullable({
  ...Address,
  description: 'A branch of the firm’s, as listBranches names it; null: the head office',
});
const Colleague = Type.Object(
  {
    id: Uuid,
    name: Type.String(),
    email: Nullable(Type.String()),
    rights: Type.Array(Right),
    branch: AtBranch,
    since: Instant,
    devices: Type.Array(
      Type.Object(
        { name: Type.String(), x: Type.String(), y: Type.String() },
        { ...strict, description: 'A passkey: the point of its public key, as a signer names it' },
      ),
    ),
    signers: Type.Array(
      Type.Object(
        { name: Type.String(), type: OwnSignerType, key: Hex },
        { ...strict, description: 'A wallet or a UKey, as an account names it' },
      ),
    ),
  },
  { ...strict, title: 'Colleague' },
);
const LinkView = Type.Object(
  {
    id: Uuid,
    purpose: Purpose,
    note: Nullable(Type.String()),
    rights: Type.Array(Right),
    branch: AtBranch,
    createdAt: Instant,
    expiresAt: Instant,
    usedAt: Nullable(Instant),
  },
  { ...strict, title: 'Link' },
);
const ApiKeyView = Type.Object(
  {
    id: Uuid,
    name: Type.String(),
    rights: Type.Array(Right),
    ranges: Type.Array(Type.String()),
    createdAt: Instant,
    expiresAt: Instant,
    usedAt: Nullable(Instant),
  },
  { ...strict, title: 'ApiKey' },
);
const Point = Type.Object(
  {
    x: Type.String({ pattern: '^(0x)?[0-9a-fA-F]{64}$' }),
    y: Type.String({ pattern: '^(0x)?[0-9a-fA-F]{64}$' }),
  },
  { ...strict, title: 'DeviceKey', description: 'The public key of a device, as listColleagues shows it' },
);
export const SignatureFor = Type.Object(
  {
    device: Point,
    instead: Type.Optional(Point),
    threshold: Type.Integer({
      minimum: 1,
      maximum: 65_535,
      description:
        'The weight that an instruction takes from then on, of signers that weigh 1 each unless their policy says more; of the operator two, as soon as there are two',
    }),
  },
  { ...strict, title: 'SignatureFor', description: 'instead: a device that signs no more from then on' },
);
const administers = { right: 'administer', isFresh: true } as const;

export const firmRoutes = {
  listColleagues: route('GET', '/api/people', 'signed in', {
    summary: 'Who has a seat here, with their devices',
    ...people,
    response: withProblems({ 200: Type.Object({ items: Type.Array(Colleague) }, strict) }),
  }),
  changeColleague: route(
    'PATCH',
    '/api/people/:id',
    'signed in',
    {
      summary: 'Give other rights, or a seat at a branch',
      ...people,
      params: Params({ id: Uuid }),
      body: Type.Object({ rights: Rights, branch: Type.Optional(BranchInput) }, strict),
      response: withProblems({ 204: NoContent }),
    },
    administers,
  ),
  removeColleague: route(
    'DELETE',
    '/api/people/:id',
    'signed in',
    {
      summary: 'Take the seat away; its sessions here end',
      ...people,
      params: Params({ id: Uuid }),
      response: withProblems({ 204: NoContent }),
    },
    administers,
  ),
  giveSignature: route(
    'POST',
    '/api/people/:id/signature',
    'signed in',
    {
      summary: 'Prepare that a colleague’s device signs for the account',
      description:
        'Signed by who signs for it now: see submitInstruction. Each person signs with one device.',
      ...mine,
      headers: idempotencyHeader,
      params: Params({ id: Uuid }),
      body: SignatureFor,
      response: withProblems({ 201: PreparedInstruction }),
    },
    administers,
  ),
  listLinks: route(
    'GET',
    '/api/links',
    'signed in',
    {
      summary: 'Invitations of this firm, newest first',
      ...people,
      response: withProblems({ 200: Type.Object({ items: Type.Array(LinkView) }, strict) }),
    },
    { right: 'administer' },
  ),
  inviteSomebody: route(
    'POST',
    '/api/links',
    'signed in',
    {
      summary: 'A link that gives a seat here',
      ...people,
      body: Type.Object(
        {
          rights: Rights,
          note: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
          branch: Type.Optional(BranchInput),
        },
        strict,
      ),
      response: withProblems({ 201: LinkMade }),
    },
    administers,
  ),
  withdrawLink: route(
    'DELETE',
    '/api/links/:id',
    'signed in',
    {
      summary: 'Take back an invitation that nobody has used',
      ...people,
      params: Params({ id: Uuid }),
      response: withProblems({ 204: NoContent }),
    },
    { right: 'administer' },
  ),
  listApiKeys: route(
    'GET',
    '/api/keys',
    'members',
    {
      summary: "Keys of the firm's systems",
      ...people,
      response: withProblems({ 200: Type.Object({ items: Type.Array(ApiKeyView) }, strict) }),
    },
    { right: 'administer' },
  ),
  makeApiKey: route(
    'POST',
    '/api/keys',
    'members',
    {
      summary: "Make a key for a system of the firm's",
      description: 'A bearer token; the secret is shown once.',
      ...people,
      headers: idempotencyHeader,
      body: Type.Object(
        {
          name: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }),
          rights: Type.Array(Type.Enum(['see', 'prepare', 'sign']), {
            minItems: 1,
            maxItems: 3,
            uniqueItems: true,
          }),
          ranges: Type.Array(Type.String({ maxLength: 49, description: 'CIDR', examples: ['10.0.0.0/8'] }), {
            maxItems: 20,
          }),
          days: Type.Integer({ minimum: 1, maximum: 366, description: 'After which it is over' }),
        },
        { ...strict, title: 'ApiKeyInput' },
      ),
      response: withProblems({
        201: Type.Object({ secret: Type.String(), key: ApiKeyView }, { ...strict, title: 'ApiKeyMade' }),
      }),
    },
    administers,
  ),
  revokeApiKey: route(
    'DELETE',
    '/api/keys/:id',
    'members',
    {
      summary: 'The key is over at once',
      ...people,
      params: Params({ id: Uuid }),
      response: withProblems({ 204: NoContent }),
    },
    { right: 'administer' },
  ),
};
