import { sql, type Kysely, type Selectable } from 'kysely';
import type { DB, LedgerCashEntry } from '../types.ts';
import { ask, NOBODY, type Query } from '../access/access.ts';
import { oneMore, paged, type Page, type PageOf } from '../wire/page.ts';

/** All accounts that a member has had: money does not get lost by moving. */
const accountsOf = (member: number) =>
  sql`(select distinct account from ledger.member where number = ${member})`;

export const balanceQuery = (member: number): Query<bigint> => ({
  statement: sql`
    select coalesce(sum(balance_minor), 0)::numeric as balance from ledger.cash_balance
    where to_block is null and account in ${accountsOf(member)}`,
  answer: ([row]: { balance: bigint }[]) => row?.balance ?? 0n,
});

export type CashRow = Selectable<LedgerCashEntry> & {
  readonly incoming: boolean;
  /** The member at the other end; null: a bill, or a settlement bank (see `bank`). */
  readonly other: number | null;
  /** After this entry. */
  readonly balance: bigint;
};

/**
 * A member's own statement, newest first. `from` and `to` are instants (seconds), `to` exclusive. The balance after an entry
 * is what the accounts had at the end of its block, less what came in the same block after it.
 */
export async function cashStatement(
  db: Kysely<DB>,
  member: number,
  { from, to }: { from?: number | undefined; to?: number | undefined },
  page: PageOf,
): Promise<Page<CashRow>> {
  const [block, logIndex] = page.after ?? [];
  const range = sql`
    ${from === undefined ? sql`` : sql`and e.at >= to_timestamp(${from})`}
    ${to === undefined ? sql`` : sql`and e.at < to_timestamp(${to})`}
    ${page.after === undefined ? sql`` : sql`and (e.block_number, e.log_index) < (${block}::bigint, ${logIndex}::integer)`}
    order by e.block_number desc, e.log_index desc limit ${oneMore(page)}`;
  const side = (mine: 'to_account' | 'from_account', other: 'to_account' | 'from_account') => sql`
    select e.*, ${sql.lit(mine === 'to_account')} as incoming, ${sql.ref(`e.${other}`)} as other_account from mine, lateral (
      select * from ledger.cash_entry e
      where ${sql.ref(`e.${mine}`)} = mine.account 
        and (${sql.ref(`e.${other}`)} is null or ${sql.ref(`e.${other}`)} not in (select account from mine))
      ${range}) e`;
  const statement = sql`
    with mine as materialized ${accountsOf(member)},
    page as (
      select * from (${side('to_account', 'from_account')} union all ${side('from_account', 'to_account')}) e
      where true ${range})
    select page.*, (
        select m.number from ledger.member m where m.account = page.other_account order by m.from_block desc limit 1) as other,
      ((select coalesce(sum(balance_minor), 0) from mine, lateral (
          select balance_minor from ledger.cash_balance c where c.account = mine.account and c.from_block <= page.block_number
          order by c.from_block desc limit 1) c)
        - (select coalesce(sum(case when later.to_account in (select account from mine) then amount_minor else -amount_minor end), 0)
          from ledger.cash_entry later
          where later.block_number = page.block_number and later.log_index > page.log_index
            and (later.to_account in (select account from mine)) is true is distinct from
              ((later.from_account in (select account from mine)) is true)))::numeric as balance
    from page order by block_number desc, log_index desc`;
  const answer = (rows: CashRow[]) =>
    paged(rows, page.limit, (row) => [String(row.block_number), String(row.log_index)]);
  return (await ask(db, NOBODY, { statement, answer }))[0];
}
