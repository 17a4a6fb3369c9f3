import type { Kysely } from 'kysely';
import type { DB } from '../types.ts';

export type AuditEntry = {
  /** null: the operator. */
  readonly member: number | null;
  readonly action: string;
  readonly subject?: string;
  readonly requestId?: string;
};

export const recordAudit = (db: Kysely<DB>, { member, action, subject, requestId }: AuditEntry) =>
  db
    .insertInto('app.audit')
    .values({
      member,
      is_operator: member === null,
      action,
      subject: subject ?? null,
      request_id: requestId ?? null,
    })
    .execute();
