import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { DB } from '../types.ts';
import { ask, NOBODY, transact, type Viewer } from '../access/access.ts';
import { oneMore, paged, type Page, type PageOf } from '../wire/page.ts';

export type RedemptionRow = {
  readonly number: bigint;
  readonly bank: number;
  readonly member: number;
  readonly amount_minor: bigint;
  readonly state: 'requested' | 'confirmed' | 'refused';
  readonly requested_at: Date;
  readonly answered_at: Date | null;
  /** The bank's payment reference, or its reason; null while it has not answered, or where it answered elsewhere. */
  readonly answer: string | null;
};

const redemptions = (where: RawBuilder<unknown>) => sql<RedemptionRow>`
  select r.number, r.bank, r.member, r.amount_minor, r.state, r.requested_at, r.answered_at, w.text as answer
  from ledger.redemption r left join app.wording w on w.hash = r.answer_hash
  where r.to_block is null and ${where}`;

export const findRedemption = (
  db: Kysely<DB>,
  viewer: Viewer,
  number: bigint,
): Promise<RedemptionRow | undefined> =>
  transact(db, viewer, async (trx) => {
    const { rows } = await redemptions(sql`r.number = ${number}::numeric`).execute(trx);
    return rows[0];
  });

export type RedemptionFilter = { readonly state?: RedemptionRow['state'] | undefined };

/** Redemptions that a member asked for or is asked for as a settlement bank, newest first. */
export const listRedemptions = (
  db: Kysely<DB>,
  viewer: Viewer,
  member: number,
  { state }: RedemptionFilter,
  page: PageOf,
): Promise<Page<RedemptionRow>> =>
  transact(db, viewer, async (trx) => {
    const [after] = page.after ?? [];
    const { rows } = await redemptions(sql`
      (r.bank = ${member} or r.member = ${member})
      ${state === undefined ? sql`` : sql`and r.state = ${state}`}
      ${after === undefined ? sql`` : sql`and r.number < ${after}::numeric`}
      order by r.number desc limit ${oneMore(page)}`).execute(trx);
    return paged(rows, page.limit, ({ number }) => [String(number)]);
  });

export type BookRow = { readonly cap: bigint; readonly issued: bigint; readonly pending: bigint };

/** The book of a settlement bank; zeros for one that has none. */
export const settlementBook = (db: Kysely<DB>, viewer: Viewer, bank: number): Promise<BookRow> =>
  transact(db, viewer, async (trx) => {
    const { rows } = await sql<BookRow>`
      select cap_minor as cap, issued_minor as issued, pending_minor as pending
      from ledger.settlement_book where to_block is null and bank = ${bank}`.execute(trx);
    return rows[0] ?? { cap: 0n, issued: 0n, pending: 0n };
  });

export type DayRow = { readonly day: string; readonly deposited: bigint; readonly redeemed: bigint };

/** What a settlement bank issued and paid out, day by day in Asia/Shanghai, newest first. */
export async function settlementDays(db: Kysely<DB>, bank: number, days: number): Promise<DayRow[]> {
  const statement = sql`
    select to_char(at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day,
      coalesce(sum(amount_minor) filter (where kind = 'deposit'), 0)::numeric as deposited,
      coalesce(sum(amount_minor) filter (where kind = 'redeemed'), 0)::numeric as redeemed
    from ledger.cash_entry where bank = ${bank} and kind in ('deposit', 'redeemed')
    group by day order by day desc limit ${days}`;
  return (await ask(db, NOBODY, { statement, answer: (rows: DayRow[]) => rows }))[0];
}
