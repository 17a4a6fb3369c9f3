import { sql, type Kysely, type Selectable } from 'kysely';
import type { DB, LedgerCashEntry } from '../types.ts';
import { paged, type Page, type PageOf } from './page.ts';

/** All accounts that a member has had: money does not get lost by moving. */
const accountsOf = (member: number) => sql`(select account from ledger.member where number = ${member})`;

export async function cashBalance(db: Kysely<DB>, member: number): Promise<bigint> {
  const { rows } = await sql<{ balance: bigint }>`
    select coalesce(sum(balance_minor), 0)::numeric as balance from ledger.cash_balance
    where to_block is null and account in ${accountsOf(member)}`.execute(db);
  return rows[0]?.balance ?? 0n;
}

export type CashRow = Selectable<LedgerCashEntry> & {
  readonly incoming: boolean;
  /** The member at the other end; null: a bill, or a settlement bank (see `bank`). */
  readonly other: number | null;
  /** After this entry. */
  readonly balance: bigint;
};

/** A member's own statement, newest first. `from` and `to` are instants (seconds), `to` exclusive. */
export async function cashStatement(
  db: Kysely<DB>,
  member: number,
  { from, to }: { from?: number | undefined; to?: number | undefined },
  page: PageOf,
): Promise<Page<CashRow>> {
  const [block, logIndex] = page.after ?? [];
  const { rows } = await sql<CashRow>`
    with mine as (
      select e.*, e.to_account in ${accountsOf(member)} as incoming,
        case when e.to_account in ${accountsOf(member)} then e.from_account else e.to_account end as other_account
      from ledger.cash_entry e
      where (e.from_account in ${accountsOf(member)}) is distinct from (e.to_account in ${accountsOf(member)})
        and (e.from_account in ${accountsOf(member)} or e.to_account in ${accountsOf(member)})),
    summed as (
      select mine.*, sum(case when incoming then amount_minor else -amount_minor end)
        over (order by block_number, log_index) as balance
      from mine)
    select s.*, (
      select m.number from ledger.member m where m.account = s.other_account order by m.from_block desc limit 1) as other
    from summed s
    where true
      ${from === undefined ? sql`` : sql`and s.at >= to_timestamp(${from})`}
      ${to === undefined ? sql`` : sql`and s.at < to_timestamp(${to})`}
      ${page.after === undefined ? sql`` : sql`and (s.block_number, s.log_index) < (${block}::bigint, ${logIndex}::integer)`}
    order by s.block_number desc, s.log_index desc limit ${page.limit + 1}`.execute(db);
  return paged(rows, page.limit, (row) => [String(row.block_number), String(row.log_index)]);
}
