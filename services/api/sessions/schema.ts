/** Who asks, and entering the demonstration. */
import { Type } from 'typebox';
import { route } from '../access/route.ts';
import { Member } from '../members/schema.ts';
import { PersonView, Right, SeatView } from '../people/schema.ts';
import {
  Hex,
  Instant,
  MemberNumber,
  NoContent,
  Nullable,
  PageOf,
  pageQuery,
  Query,
  Role,
  signedIn,
  strict,
  Text,
  withProblems,
} from '../schemas/common.ts';

const SessionOpened = Type.Object(
  {
    member: Nullable(MemberNumber),
    operator: Type.Boolean(),
    token: Type.String({ description: 'Bearer token; the same is set as a cookie' }),
    expiresAt: Instant,
  },
  { ...strict, title: 'SessionOpened' },
);

export const sessionRoutes = {
  openSession: route('POST', '/api/session', 'everybody', {
    summary: 'Enter the demonstration as a member or as the operator',
    tags: ['sessions'],
    body: Type.Object(
      { member: Type.Optional(MemberNumber), operator: Type.Optional(Type.Literal(true)) },
      { ...strict, description: 'One of the two' },
    ),
    response: withProblems({ 201: SessionOpened }),
  }),
  closeSession: route('DELETE', '/api/session', 'everybody', {
    summary: 'Leave',
    tags: ['sessions'],
    security: signedIn,
    response: withProblems({ 204: NoContent }),
  }),
  getSession: route('GET', '/api/session', 'known', {
    summary: 'Who am I',
    tags: ['sessions'],
    response: withProblems({
      200: Type.Object(
        {
          member: Nullable(Member),
          operator: Type.Boolean(),
          person: Nullable(PersonView),
          seats: Type.Array(SeatView),
          rights: Type.Array(Right),
          freshUntil: { ...Instant, description: 'Until then one may change who else may' },
          keys: Type.Object(
            {
              mode: Type.Enum(['demo', 'client', 'passkey'], {
                description:
                  'demo: the key is at /api/session/signer; passkey: the person signs with a device; client: the firm signs with its own',
              }),
            },
            strict,
          ),
          expiresAt: Instant,
        },
        { ...strict, title: 'Session' },
      ),
    }),
  }),
  listSessionMembers: route('GET', '/api/session/members', 'everybody', {
    summary: 'The members of the demonstration to choose from',
    tags: ['sessions'],
    querystring: Query({ ...pageQuery }),
    response: withProblems({
      200: PageOf(
        Type.Object(
          {
            number: Type.Integer(),
            name: Text,
            roles: Type.Array(Role),
            active: Type.Boolean(),
            hasDemoKey: Type.Boolean(),
          },
          { ...strict, title: 'SessionMember' },
        ),
      ),
    }),
  }),
  getSessionSigner: route(
    'GET',
    '/api/session/signer',
    'members',
    {
      summary: "The private key of the session's own member; demonstration only",
      tags: ['sessions'],
      response: withProblems({
        200: Type.Object(
          {
            type: Type.Literal('p256'),
            signer: Hex,
            d: Type.String({ description: '32 bytes, hex' }),
            x: Type.String(),
            y: Type.String(),
          },
          { ...strict, title: 'DemoSigner' },
        ),
      }),
    },
    { right: 'sign' },
  ),
};
