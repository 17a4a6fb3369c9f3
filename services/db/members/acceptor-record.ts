/** How an acceptor pays. The sums are of all its bills; whether the viewer may know them the database asks itself. */
import { sql } from 'kysely';
import type { Query } from '../access/access.ts';

export type AcceptorRecord = {
  readonly open_minor: bigint;
  readonly open_bills: bigint;
  readonly untaken_minor: bigint;
  readonly overdue_minor: bigint;
  readonly overdue_bills: bigint;
  readonly late_minor: bigint;
  readonly late_bills: bigint;
};

/** @param since Instant (seconds) from which on late payments count. Undefined for who is not entitled to know. */
export const acceptorRecordQuery = (
  acceptor: number,
  today: string,
  since: number,
): Query<AcceptorRecord | undefined> => ({
  statement: sql`select * from ledger.acceptor_record(${acceptor}::bigint, ${today}::date, to_timestamp(${since}))`,
  answer: ([row]: AcceptorRecord[]) => row,
});
