/** People: registering and signing in, devices, sessions, seats, and the keys of a firm's systems. */
import { Type } from 'typebox';
import { RIGHTS } from '#domain/people/rights.ts';
import { route } from '../access/route.ts';
import { PreparedInstruction } from '../instructions/schema.ts';
import {
  Address,
  Coordinate,
  Hex,
  idempotencyHeader,
  Instant,
  MemberNumber,
  MemberRef,
  NoBody,
  NoContent,
  Nullable,
  Params,
  signedIn,
  strict,
  Uuid,
  withProblems,
} from '../schemas/common.ts';

export const Right = Type.Enum([...RIGHTS], { title: 'Right' });
export const Rights = Type.Array(Right, { minItems: 1, maxItems: 4, uniqueItems: true });
export const PersonName = Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' });
export const Email = Type.String({ minLength: 3, maxLength: 254, pattern: '^[^\\s@]+@[^\\s@]+$' });
const Language = Type.Enum(['zh', 'en'], { title: 'Language' });
const DeviceName = Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' });
const Secret = Type.String({ pattern: '^[\\w-]{43}$', description: 'What stands behind the # of the link' });

const AtBranch = Nullable(
  Type.String({ description: 'Account of the branch at which the seat is; null: at the head office' }),
);
const BranchInput = Nullable({
  ...Address,
  description: 'A branch of the firm’s, as listBranches names it; null: the head office',
});
export const SeatView = Type.Object(
  { member: Nullable(MemberRef), rights: Type.Array(Right), branch: AtBranch },
  { ...strict, title: 'Seat', description: 'member null: at the platform' },
);
export const PersonView = Type.Object(
  { id: Uuid, name: Type.String(), email: Nullable(Type.String()), language: Language },
  { ...strict, title: 'Person' },
);
const OwnSignerType = Type.Enum(['wallet', 'ukey'], { title: 'OwnSignerType' });
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
const Device = Type.Object(
  {
    id: Uuid,
    name: Type.String(),
    isBackedUp: Type.Boolean({ description: 'Its maker keeps a copy, so that it is on other devices too' }),
    createdAt: Instant,
    usedAt: Nullable(Instant),
    x: Type.String(),
    y: Type.String(),
    credentialId: Type.String({ description: 'base64url' }),
  },
  { ...strict, title: 'Device' },
);
const OwnSigner = Type.Object(
  { id: Uuid, type: OwnSignerType, key: Hex, name: Type.String(), createdAt: Instant },
  { ...strict, title: 'OwnSigner' },
);
export const OwnSignerInput = Type.Object(
  {
    key: Type.Union([
      Type.Object({ type: Type.Literal('ecdsa'), address: Address }, strict),
      Type.Object({ type: Type.Literal('sm2'), x: Coordinate, y: Coordinate }, strict),
    ]),
    name: DeviceName,
    at: { ...Instant, description: 'Now: a proof is taken for five minutes' },
    signature: Type.String({
      pattern: '^0x([0-9a-fA-F]{2}){64,4096}$',
      description:
        'By the key, over OwnSigner(string site,string person,bytes signer,uint40 at) in the domain "Tallystick signer" of the bills contract (EIP-712)',
    }),
  },
  { ...strict, title: 'OwnSignerInput' },
);
const OpenSession = Type.Object(
  {
    id: Uuid,
    isThis: Type.Boolean(),
    device: Nullable(Type.String({ description: 'What the browser calls itself' })),
    address: Nullable(Type.String()),
    openedAt: Instant,
    seenAt: Instant,
    expiresAt: Instant,
  },
  { ...strict, title: 'OpenSession' },
);
const Purpose = Type.Enum(['seat', 'device', 'application', 'application_seat'], { title: 'LinkPurpose' });
const LinkLook = Type.Object(
  {
    purpose: Purpose,
    member: Nullable(MemberRef),
    rights: Type.Array(Right),
    invited: Nullable(
      Type.Object({ name: Type.Optional(Type.String()), taxId: Type.Optional(Type.String()) }, strict),
    ),
    expiresAt: Instant,
  },
  {
    ...strict,
    title: 'LinkLook',
    description: 'member: whose seat it gives, or who invites; null: the platform',
  },
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
export const LinkMade = Type.Object(
  {
    id: Uuid,
    url: Type.String({ description: 'Shown once; whoever has it can use it' }),
    expiresAt: Instant,
  },
  { ...strict, title: 'LinkMade' },
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

/** What a browser's WebAuthn takes and gives, which its own library checks further. */
const ForBrowser = Type.Object(
  {},
  { additionalProperties: true, description: 'For navigator.credentials, in the JSON form of WebAuthn 3' },
);
const base64url = (maxLength: number) => Type.String({ pattern: '^[\\w-]+$', maxLength });
const fromDevice = {
  id: base64url(2_000),
  rawId: base64url(2_000),
  type: Type.Literal('public-key'),
  authenticatorAttachment: Type.Optional(Type.String({ maxLength: 30 })),
  clientExtensionResults: Type.Object({}, { additionalProperties: true }),
};
const RegistrationResponse = Type.Object(
  {
    ...fromDevice,
    response: Type.Object(
      {
        clientDataJSON: base64url(5_000),
        attestationObject: base64url(20_000),
        authenticatorData: Type.Optional(base64url(5_000)),
        transports: Type.Optional(Type.Array(Type.String({ maxLength: 30 }), { maxItems: 10 })),
        publicKeyAlgorithm: Type.Optional(Type.Integer()),
        publicKey: Type.Optional(base64url(2_000)),
      },
      strict,
    ),
  },
  { ...strict, title: 'RegistrationResponse' },
);
const SignInResponse = Type.Object(
  {
    ...fromDevice,
    response: Type.Object(
      {
        clientDataJSON: base64url(5_000),
        authenticatorData: base64url(5_000),
        signature: base64url(500),
        userHandle: Type.Optional(base64url(200)),
      },
      strict,
    ),
  },
  { ...strict, title: 'SignInResponse' },
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

/** `cookie` carries the session; a page cannot read it. */
const SignedIn = Type.Object(
  { person: PersonView, seats: Type.Array(SeatView) },
  { ...strict, title: 'SignedIn' },
);

const people = { tags: ['people'] };
const mine = { ...people, security: signedIn };
/** What anybody may try, from one address. */
const tries = { perMinute: 30 };
const administers = { right: 'administer', isFresh: true } as const;

export const peopleRoutes = {
  beginSignIn: route(
    'POST',
    '/api/sign-in/begin',
    'everybody',
    {
      summary: 'Get a challenge for a passkey',
      ...people,
      body: NoBody,
      response: withProblems({ 200: Type.Object({ options: ForBrowser }, strict) }),
    },
    tries,
  ),
  finishSignIn: route(
    'POST',
    '/api/sign-in',
    'everybody',
    {
      summary: 'Sign in with the answer of a passkey; a session that is open is replaced',
      ...people,
      body: Type.Object({ response: SignInResponse }, strict),
      response: withProblems({ 201: SignedIn }),
    },
    tries,
  ),
  lookAtLink: route(
    'POST',
    '/api/links/look',
    'everybody',
    {
      summary: 'What a link is for; it stays unused',
      ...people,
      body: Type.Object({ secret: Secret }, strict),
      response: withProblems({ 200: LinkLook }),
    },
    tries,
  ),
  beginRegistration: route(
    'POST',
    '/api/registration/begin',
    'everybody',
    {
      summary: 'Get a challenge for a new passkey: of a new person, or by a link',
      ...people,
      body: Type.Object(
        {
          secret: Type.Optional(Secret),
          name: Type.Optional(PersonName),
          email: Type.Optional(Email),
          language: Type.Optional(Language),
        },
        { ...strict, description: 'name: of a new person; not for a link that adds a device' },
      ),
      response: withProblems({ 200: Type.Object({ options: ForBrowser }, strict) }),
    },
    tries,
  ),
  finishRegistration: route(
    'POST',
    '/api/registration',
    'everybody',
    {
      summary: 'Register the passkey, take what the link gives, and be signed in',
      ...people,
      body: Type.Object({ response: RegistrationResponse, device: DeviceName }, strict),
      response: withProblems({ 201: SignedIn }),
    },
    tries,
  ),
  acceptLink: route('POST', '/api/links/accept', 'people', {
    summary: 'Take the seat that a link gives, as who is signed in',
    ...mine,
    body: Type.Object({ secret: Secret }, strict),
    response: withProblems({ 200: SignedIn }),
  }),
  chooseSeat: route('POST', '/api/session/seat', 'people', {
    summary: 'Go on in this session for another firm',
    ...mine,
    body: Type.Object(
      { member: Nullable(MemberNumber) },
      { ...strict, description: 'null: for the platform' },
    ),
    response: withProblems({ 204: NoContent }),
  }),
  changeMe: route('PATCH', '/api/me', 'people', {
    summary: 'Change name, e-mail or language',
    ...mine,
    body: Type.Object(
      {
        name: Type.Optional(PersonName),
        email: Type.Optional(Nullable(Email)),
        language: Type.Optional(Language),
      },
      { ...strict, minProperties: 1 },
    ),
    response: withProblems({ 200: PersonView }),
  }),
  listSessions: route('GET', '/api/sessions', 'people', {
    summary: 'My open sessions, the newest use first',
    ...mine,
    response: withProblems({ 200: Type.Object({ items: Type.Array(OpenSession) }, strict) }),
  }),
  closeOneSession: route('DELETE', '/api/sessions/:id', 'people', {
    summary: 'Close one of my sessions',
    ...mine,
    params: Params({ id: Uuid }),
    response: withProblems({ 204: NoContent }),
  }),
  closeAllSessions: route('DELETE', '/api/sessions', 'people', {
    summary: 'Sign out everywhere, here too',
    ...mine,
    response: withProblems({ 200: Type.Object({ closed: Type.Integer() }, strict) }),
  }),
  listDevices: route('GET', '/api/devices', 'people', {
    summary: 'My devices',
    ...mine,
    response: withProblems({ 200: Type.Object({ items: Type.Array(Device) }, strict) }),
  }),
  beginDevice: route(
    'POST',
    '/api/devices/begin',
    'people',
    {
      summary: 'Get a challenge for a further passkey of mine',
      ...mine,
      body: NoBody,
      response: withProblems({ 200: Type.Object({ options: ForBrowser }, strict) }),
    },
    { isFresh: true },
  ),
  finishDevice: route(
    'POST',
    '/api/devices',
    'people',
    {
      summary: 'Register a further passkey of mine',
      ...mine,
      body: Type.Object({ response: RegistrationResponse, device: DeviceName }, strict),
      response: withProblems({ 201: Device }),
    },
    { isFresh: true },
  ),
  linkDevice: route(
    'POST',
    '/api/devices/link',
    'people',
    {
      summary: 'A link to open on another device, which then becomes one of mine',
      ...mine,
      body: NoBody,
      response: withProblems({ 201: LinkMade }),
    },
    { isFresh: true },
  ),
  renameDevice: route('PATCH', '/api/devices/:id', 'people', {
    summary: 'Give a device of mine another name',
    ...mine,
    params: Params({ id: Uuid }),
    body: Type.Object({ name: DeviceName }, strict),
    response: withProblems({ 204: NoContent }),
  }),
  revokeDevice: route(
    'DELETE',
    '/api/devices/:id',
    'people',
    {
      summary:
        'A device of mine signs nobody in any more; what the account on chain says of it is changed there',
      ...mine,
      params: Params({ id: Uuid }),
      response: withProblems({ 204: NoContent }),
    },
    { isFresh: true },
  ),
  listOwnSigners: route('GET', '/api/signers', 'people', {
    summary: 'My wallets and UKeys',
    ...mine,
    response: withProblems({ 200: Type.Object({ items: Type.Array(OwnSigner) }, strict) }),
  }),
  addOwnSigner: route(
    'POST',
    '/api/signers',
    'people',
    {
      summary: 'Add a wallet or a UKey of mine, by a signature that shows that I have it',
      description: 'It signs instructions where the account names it, and signs nobody in.',
      ...mine,
      body: OwnSignerInput,
      response: withProblems({ 201: OwnSigner }),
    },
    { isFresh: true },
  ),
  revokeOwnSigner: route(
    'DELETE',
    '/api/signers/:id',
    'people',
    {
      summary:
        'Nothing that it signs is taken here any more; what the account on chain says of it is changed there',
      ...mine,
      params: Params({ id: Uuid }),
      response: withProblems({ 204: NoContent }),
    },
    { isFresh: true },
  ),
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
