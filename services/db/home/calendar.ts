import { sql, type Kysely } from 'kysely';
import type { DB } from '../types.ts';
import { ask, type Query, type Viewer } from '../access/access.ts';
import { oneMore, paged, type Page, type PageOf } from '../wire/page.ts';

export type CalendarRow = {
  readonly due_on: string;
  readonly pay: bigint;
  readonly pay_bills: bigint;
  /** Issued and not signed for: to be paid too, if it is taken before it is due. */
  readonly untaken: bigint;
  readonly untaken_bills: bigint;
  readonly receive: bigint;
  readonly receive_parcels: bigint;
  /** Of `receive`, what its acceptors have paid in in full: it waits to be paid out and is not overdue. */
  readonly paid_in: bigint;
};

/** What is left of a parcel `p` of a bill `b`: its length less its share of what it was paid up to. Most were paid nothing. */
export const leftOfParcel = sql<bigint>`(p."end" - p.first - case p.paid_up_to_minor when 0 then 0 else (
  div(p."end"::numeric * p.paid_up_to_minor, b.face_minor)
  - div(p.first::numeric * p.paid_up_to_minor, b.face_minor))::bigint end)`;

export type Dates = {
  /** Legal date; by it a bill that nobody has signed for can be taken still, or not. */
  readonly today: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

/**
 * Open sums by due date: what the viewer has to pay in as acceptor, and what it is going to get as holder. Each part stops
 * at as many dates as a page has, so that what comes later is not read.
 */
export function calendarQuery(
  { member }: Viewer,
  { today, from, to }: Dates,
  page: PageOf,
): Query<Page<CalendarRow>> {
  const dates = (column: 'b.due_on' | 'p.due_on') => {
    const day = sql.ref(column);
    return sql`${day} > ${page.after?.[0] ?? '-infinity'}::date
      ${from === undefined ? sql`` : sql`and ${day} >= ${from}::date`}
      ${to === undefined ? sql`` : sql`and ${day} <= ${to}::date`}
      group by ${day} order by ${day} limit ${oneMore(page)}`;
  };
  return {
    statement: sql`
      with paid as (
        select b.due_on, sum(b.face_minor - b.paid_in_minor) as pay, count(*) as bills from ledger.bill b
        where b.to_block is null and b.status = 'active' and b.acceptor = ${member} and b.paid_in_minor < b.face_minor
          and ${dates('b.due_on')}),
      untaken as (
        select b.due_on, sum(b.face_minor) as untaken, count(*) as bills from ledger.bill b
        where b.to_block is null and b.status = 'offered' and b.acceptor = ${member} and b.due_on > ${today}::date
          and ${dates('b.due_on')}),
      received as (
        select p.due_on, sum(${leftOfParcel}) as receive, count(*) as parcels,
          coalesce(sum(${leftOfParcel}) filter (where b.paid_in_minor = b.face_minor), 0) as paid_in
        from ledger.parcel p join ledger.bill b on b.bill_no = p.bill_no and b.to_block is null
        where p.to_block is null and p.holder = ${member} and b.status = 'active' and p.paid_up_to_minor < b.face_minor
          and ${dates('p.due_on')})
      select due_on, sum(pay)::numeric as pay, sum(pay_bills)::bigint as pay_bills,
        sum(untaken)::numeric as untaken, sum(untaken_bills)::bigint as untaken_bills,
        sum(receive)::numeric as receive, sum(receive_parcels)::bigint as receive_parcels, sum(paid_in)::numeric as paid_in
      from (
        select due_on, pay, bills as pay_bills, 0 as untaken, 0 as untaken_bills, 0 as receive, 0 as receive_parcels,
          0 as paid_in from paid
        union all select due_on, 0, 0, untaken, bills, 0, 0, 0 from untaken
        union all select due_on, 0, 0, 0, 0, receive, parcels, paid_in from received) part
      group by due_on order by due_on limit ${oneMore(page)}`,
    answer: (rows: CalendarRow[]) => paged(rows, page.limit, ({ due_on }) => [due_on]),
  };
}

export const listCalendar = async (
  db: Kysely<DB>,
  viewer: Viewer,
  dates: Dates,
  page: PageOf,
): Promise<Page<CalendarRow>> => (await ask(db, viewer, calendarQuery(viewer, dates, page)))[0];
