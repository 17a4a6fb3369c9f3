/** Invitations: a core enterprise invites its suppliers to apply, one by one or all that a file names and nobody knows. */
import { Type } from 'typebox';
import { APPLICATION_STATES } from '#domain/applications/states.ts';
import { route } from '../access/route.ts';
import { Email } from '../people/schema.ts';
import {
  Instant,
  MemberRef,
  NoContent,
  Nullable,
  PageOf,
  pageQuery,
  Params,
  Query,
  strict,
  Uuid,
  withProblems,
} from '../schemas/common.ts';

const invitations = { tags: ['invitations'] };
const Name = Type.String({ minLength: 1, maxLength: 300, pattern: '\\S' });

const Made = Type.Object(
  {
    id: Uuid,
    name: Type.String(),
    taxId: Nullable(Type.String()),
    email: Nullable(Type.String()),
    url: Type.String({ description: 'Shown once; whoever has it can use it' }),
    expiresAt: Instant,
  },
  { ...strict, title: 'SupplierInvitationMade' },
);
const Invitation = Type.Object(
  {
    id: Uuid,
    name: Type.String(),
    taxId: Nullable(Type.String()),
    email: Nullable(Type.String()),
    state: Type.Enum(['invited', 'over', 'registered', 'applied', 'admitted', 'refused'], {
      title: 'SupplierInvitationState',
      description: `applied: in one of the states ${APPLICATION_STATES.join(', ')} but the last two`,
    }),
    member: Nullable(MemberRef),
    createdAt: Instant,
    expiresAt: Instant,
  },
  { ...strict, title: 'SupplierInvitation' },
);

export const invitationRoutes = {
  listInvitations: route('GET', '/api/invitations', 'members', {
    ...invitations,
    summary: 'Whom you have invited, and how far each has come; newest first',
    querystring: Query(pageQuery),
    response: withProblems({ 200: PageOf(Invitation) }),
  }),
  inviteSupplier: route('POST', '/api/invitations', 'members', {
    ...invitations,
    summary: 'A link by which a supplier applies',
    body: Type.Object(
      {
        name: Name,
        taxId: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
        email: Type.Optional(Email),
      },
      strict,
    ),
    response: withProblems({ 201: Made }),
  }),
  withdrawInvitation: route('DELETE', '/api/invitations/:id', 'members', {
    ...invitations,
    summary: 'Take back an invitation that nobody has used',
    params: Params({ id: Uuid }),
    response: withProblems({ 204: NoContent }),
  }),
  inviteImportSuppliers: route('POST', '/api/imports/:id/invitations', 'members', {
    ...invitations,
    summary: 'A link for each supplier that the file names and that nobody knows',
    description: 'Once it is admitted, the name in your files means it. Who is invited already is left out.',
    params: Params({ id: Uuid }),
    body: Type.Object(
      {
        suppliers: Type.Optional(
          Type.Array(Type.Object({ name: Name, email: Type.Optional(Email) }, strict), {
            minItems: 1,
            maxItems: 500,
          }),
        ),
      },
      { ...strict, description: 'suppliers: only these, by the names in the file; else all of them' },
    ),
    response: withProblems({ 201: Type.Object({ items: Type.Array(Made) }, strict) }),
  }),
};
