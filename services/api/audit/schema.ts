/** The audit trail: who did and looked at what, and how anybody checks that nothing was changed afterwards. */
import { Type } from 'typebox';
import { auditActions } from '#domain/audit/actions.ts';
import { route } from '../access/route.ts';
import {
  Address,
  Hash,
  Instant,
  LegalDate,
  MemberNumber,
  MemberRef,
  Nullable,
  PageOf,
  pageQuery,
  Query,
  strict,
  Text,
  Uuid,
  withProblems,
} from '../schemas/common.ts';

const audit = { tags: ['audit'] };

/** Who did what is for those to know who say who may do what. */
const ADMINISTRATORS = { right: 'administer' } as const;

const LinkNo = Type.String({ pattern: '^(0|[1-9]\\d{0,18})$', examples: ['17'] });
const Action = Type.Enum([...auditActions], { title: 'AuditAction' });
const Facts = Type.Record(Type.String(), Type.String());

const Entry = Type.Object(
  {
    id: Type.String({ examples: ['40213'] }),
    at: Instant,
    person: Nullable(Uuid),
    member: Nullable(MemberRef),
    operator: Type.Boolean(),
    action: Action,
    title: Text,
    route: Nullable(Type.String()),
    subject: Nullable(Type.String({ examples: ['bill:4294967297'] })),
    requestId: Nullable(Type.String()),
    ip: Nullable(Type.String()),
    facts: Facts,
  },
  { ...strict, title: 'AuditEntry' },
);

export const auditRoutes = {
  listAuditEntries: route(
    'GET',
    '/api/audit',
    'signed in',
    {
      ...audit,
      summary: 'Who did and looked at what, newest first',
      description:
        'A member reads its own, a regulator all, the operator what running the platform needs: sign-ins, admissions, suspensions, ' +
        'nothing of what is in a bill.',
      querystring: Query({
        action: Type.Optional(Action),
        member: Type.Optional(MemberNumber),
        person: Type.Optional(Uuid),
        subject: Type.Optional(Type.String({ maxLength: 200 })),
        from: Type.Optional(LegalDate),
        to: Type.Optional(LegalDate),
        ...pageQuery,
      }),
      response: withProblems({ 200: PageOf(Entry) }),
    },
    ADMINISTRATORS,
  ),
  getAuditTrail: route('GET', '/api/audit/trail', 'signed in', {
    ...audit,
    summary: 'How far the audit trail is sealed and anchored',
    response: withProblems({
      200: Type.Object(
        {
          head: Nullable(
            Type.Object(
              { link: LinkNo, at: Instant, hash: Hash },
              { ...strict, title: 'AuditHead', description: 'The newest link' },
            ),
          ),
          waiting: Type.Integer({ description: 'Entries that are not sealed yet' }),
          contract: Address,
          anchors: Type.Array(
            Type.Object(
              {
                link: LinkNo,
                at: Instant,
                state: Type.Enum(['submitted', 'sent', 'done', 'failed']),
                tx: Nullable(Hash),
                block: Nullable(Type.Integer()),
              },
              { ...strict, title: 'AuditAnchor' },
            ),
            { description: 'The newest, newest first' },
          ),
        },
        { ...strict, title: 'AuditTrail' },
      ),
    }),
  }),
  exportAudit: route(
    'GET',
    '/api/audit/export',
    'signed in',
    {
      ...audit,
      summary: 'The audit trail as JSON lines, to be verified offline',
      description:
        'A line for each link, in order: {"link": {no, at, previous, hash, …}, "entries": […]}. A link has the digests of all its entries if ' +
        'the reader may see one of them, else their root alone. `npm run verify -- audit FILE` checks such a file.',
      querystring: Query({ after: Type.Optional(LinkNo) }),
      response: withProblems({
        200: {
          description: 'application/x-ndjson',
          content: { 'application/x-ndjson': { schema: Type.String() } },
        },
      }),
    },
    ADMINISTRATORS,
  ),
};
