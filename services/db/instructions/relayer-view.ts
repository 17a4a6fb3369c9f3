/** The relayer's work as the operator sees it: whose and what kind of act, never what is in it. */
import { sql, type Kysely } from 'kysely';
import { SYSTEM, transact } from '../access/access.ts';
import { paged, type Page, type PageOf } from '../wire/page.ts';
import type { DB } from '../types.ts';

export type QueuedAct = {
  readonly id: string;
  readonly type: string;
  readonly member: number | null;
  readonly signed_by: string;
  readonly state: 'submitted' | 'sent' | 'done' | 'failed';
  readonly submitted_at: Date | null;
  readonly code: string | null;
  readonly tx_hash: Buffer | null;
  readonly attempts: bigint;
};

/** Acts that were handed in, newest first. */
export function listQueuedInstructions(
  db: Kysely<DB>,
  state: QueuedAct['state'] | undefined,
  page: PageOf,
): Promise<Page<QueuedAct>> {
  return transact(db, SYSTEM, async (trx) => {
    const { rows } = await sql<QueuedAct>`
      select a.id, a.type, a.member, a.signed_by, a.state, a.submitted_at, a.code, a.tx_hash, (
        select count(*) from app.transaction_instruction t
        join app.transaction_attempt x on x.sender = t.sender and x.nonce = t.nonce where t.instruction_id = a.id) as attempts
      from app.instruction a
      where ${state === undefined ? sql`a.submitted_at is not null` : sql`a.state = ${state}`}
        ${page.after === undefined ? sql`` : sql`and a.id < ${page.after[0]}::uuid`}
      order by a.id desc limit ${page.limit + 1}`.execute(trx);
    return paged(rows, page.limit, ({ id }) => [id]);
  });
}

export type Sender = { readonly address: Buffer; readonly next_nonce: bigint; readonly open: bigint };

/** The keys that pay for transactions, and how many of theirs are on the way. */
export function listSenders(db: Kysely<DB>): Promise<Sender[]> {
  return transact(db, SYSTEM, async (trx) => {
    const { rows } = await sql<Sender>`
      select s.address, s.next_nonce, (
        select count(*) from app.transaction t where t.sender = s.address and t.state = 'sent') as open
      from app.sender s order by s.address`.execute(trx);
    return rows;
  });
}

/** Since when the oldest act waits. */
export function oldestWaiting(db: Kysely<DB>): Promise<Date | null> {
  return transact(db, SYSTEM, async (trx) => {
    const { rows } = await sql<{ at: Date | null }>`
      select min(submitted_at) as at from app.instruction where state in ('submitted', 'sent')`.execute(trx);
    return rows[0]?.at ?? null;
  });
}
