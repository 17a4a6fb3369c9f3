import { sql, type Kysely } from 'kysely';
import type { DB } from '../types.ts';
import { askAs, type Question } from '../trip.ts';
import type { Viewer } from './access.ts';
import { oneMore, paged, type Page, type PageOf } from './page.ts';

export type CalendarRow = {
  readonly due_on: string;
  readonly pay: bigint;
  readonly pay_bills: bigint;
  readonly receive: bigint;
  readonly receive_parcels: bigint;
};

/** What is left of a parcel `p` of a bill `b`: its length less its share of what it was paid up to. */
export const leftOfParcel = sql<bigint>`((p."end" - p.first)
  - div(p."end"::numeric * p.paid_up_to_minor, b.face_minor)
  + div(p.first::numeric * p.paid_up_to_minor, b.face_minor))`;

/** Open sums by due date: what the viewer has to pay in as acceptor, and what it is going to get as holder. */
export async function listCalendar(
  db: Kysely<DB>,
  viewer: Viewer,
  { from, to }: { from?: string | undefined; to?: string | undefined },
  page: PageOf,
): Promise<Page<CalendarRow>> {
  const { member } = viewer;
  const question: Question<Page<CalendarRow>> = {
    statement: sql`
      select due_on, sum(pay)::numeric as pay, sum(pay_bills)::bigint as pay_bills,
        sum(receive)::numeric as receive, sum(receive_parcels)::bigint as receive_parcels
      from (
        select b.due_on, b.face_minor - b.paid_in_minor as pay, 1 as pay_bills, 0 as receive, 0 as receive_parcels
        from ledger.bill b
        where b.to_block is null and b.status = 'active' and b.acceptor = ${member} and b.paid_in_minor < b.face_minor
        union all
        select b.due_on, 0, 0, ${leftOfParcel}, 1 from ledger.parcel p
        join ledger.bill b on b.bill_no = p.bill_no and b.to_block is null
        where p.to_block is null and p.holder = ${member} and b.status = 'active'
          and p.paid_up_to_minor < b.face_minor) entry
      where due_on > ${page.after?.[0] ?? '-infinity'}::date
        ${from === undefined ? sql`` : sql`and due_on >= ${from}::date`}
        ${to === undefined ? sql`` : sql`and due_on <= ${to}::date`}
      group by due_on order by due_on limit ${oneMore(page)}`,
    answer: (rows: CalendarRow[]) => paged(rows, page.limit, ({ due_on }) => [due_on]),
  };
  return (await askAs(db, viewer, question))[0];
}
