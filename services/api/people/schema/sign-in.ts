/** Registering, signing in, and choosing where one sits. */
import { Type } from 'typebox';
import { route } from '../../access/route.ts';
import {
  Instant,
  MemberNumber,
  MemberRef,
  NoBody,
  NoContent,
  Nullable,
  strict,
  withProblems,
} from '../../schemas/common.ts';
import {
  Right,
  PersonName,
  Email,
  Language,
  DeviceName,
  AtBranch,
  PersonView,
  Purpose,
  ForBrowser,
  base64url,
  fromDevice,
  RegistrationResponse,
  people,
  mine,
} from './words.ts';

const Secret = Type.String({ pattern: '^[\\w-]{43}$', description: 'What stands behind the # of the link' });
export const SeatView = Type.Object(
  { member: Nullable(MemberRef), rights: Type.Array(Right), branch: AtBranch },
  { ...strict, title: 'Seat', description: 'member null: at the platform' },
);
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
/** `cookie` carries the session; a page cannot read it. */
const SignedIn = Type.Object(
  { person: PersonView, seats: Type.Array(SeatView) },
  { ...strict, title: 'SignedIn' },
);
/** What anybody may try, from one address. */
const tries = { perMinute: 30 };

export const signInRoutes = {
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
};
