/** What a person has: sessions, devices, wallets and UKeys. */
import { Type } from 'typebox';
import { route } from '../../access/route.ts';
import {
  Address,
  Coordinate,
  Hex,
  Instant,
  NoBody,
  NoContent,
  Nullable,
  Params,
  strict,
  Uuid,
  withProblems,
} from '../../schemas/common.ts';
import {
  PersonName,
  Email,
  Language,
  DeviceName,
  PersonView,
  OwnSignerType,
  LinkMade,
  ForBrowser,
  RegistrationResponse,
  mine,
} from './words.ts';

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

export const mineRoutes = {
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
};
