/** Adds to the audit trail: what was done, in the transaction that does it; looks, many at a time. */
import { sql, type Kysely, type RawBuilder } from 'kysely';
import { isForOperator, type AuditAction, type AuditSubject } from '#domain/audit/actions.ts';
import { done, type Query } from '../access/access.ts';
import type { DB } from '../types.ts';

/** Whose doing something is, and where it came in. */
export type Origin = {
  /** Id of the person, where it is known. */
  readonly person?: string | undefined;
  /** For whom the person acts; null: for the operator, or nobody knows. */
  readonly member: number | null;
  readonly isOperator: boolean;
  /** Name of the route. */
  readonly route?: string | undefined;
  readonly requestId?: string | undefined;
  readonly ip?: string | undefined;
};

/** What the platform does by itself. */
export const ITSELF: Origin = { member: null, isOperator: false };

export type AuditEntry = Origin & {
  readonly action: AuditAction;
  readonly subject?: AuditSubject | undefined;
  /** More that is to be known of it. Never a secret, never what is in a document. */
  readonly facts?: Readonly<Record<string, string>> | undefined;
  /** When it was, if not now. */
  readonly at?: Date | undefined;
};

/** What the operator's people do with their own decisions they read as well. */
const DECIDING: readonly AuditAction[] = ['prepared', 'signed', 'refused', 'givenUp', 'commented'];

const rowOf = (entry: AuditEntry) => ({
  at: entry.at?.toISOString(),
  person: entry.person,
  member: entry.member,
  is_operator: entry.isOperator,
  for_operator: isForOperator(entry.action) || (entry.isOperator && DECIDING.includes(entry.action)),
  action: entry.action,
  route: entry.route,
  subject: entry.subject,
  request_id: entry.requestId,
  ip: entry.ip,
  facts: entry.facts ?? {},
});

/** As a part of a statement that does more; `where` says whether there is anything to tell. */
export const auditInsertion = (
  entries: readonly AuditEntry[],
  where: RawBuilder<unknown> = sql``,
): RawBuilder<unknown> => sql`
  insert into app.audit_entry (at, person, member, is_operator, for_operator, action, route, subject, request_id, ip, facts)
  select coalesce(at, clock_timestamp()), person, member, is_operator, for_operator, action, route, subject, request_id, ip, facts
  from jsonb_to_recordset(${JSON.stringify(entries.map(rowOf))}::jsonb) as e (at timestamptz, person uuid, member integer,
    is_operator boolean, for_operator boolean, action text, route text, subject text, request_id text, ip text, facts jsonb) ${where}`;

/** As a part of one message, see `write` in access.ts. */
export const auditQuery = (entry: AuditEntry): Query<void> => done(auditInsertion([entry]));

/** Within a transaction, if there is one whose doing it tells. */
export const recordAudit = async (db: Kysely<DB>, ...entries: readonly AuditEntry[]): Promise<void> => {
  if (entries.length > 0) await auditInsertion(entries).execute(db);
};
