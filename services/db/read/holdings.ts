import { sql, type Kysely } from 'kysely';
import type { DB } from '../types.ts';
import { readAs, type Viewer } from './access.ts';
import { withSeen, type BillRow } from './bills.ts';
import { paged, type Page, type PageOf } from './page.ts';
import type { ParcelRow } from './parcels.ts';

export type ParcelOfBill = { readonly parcel: ParcelRow; readonly bill: BillRow };

export type HoldingFilter = {
  readonly state?: 'held' | 'offered' | 'pledged' | 'on_hold' | 'paid' | undefined;
  readonly acceptor?: number | undefined;
  readonly dueFrom?: string | undefined;
  readonly dueTo?: string | undefined;
  readonly financed?: boolean | undefined;
  /** Only what is not paid in full. */
  readonly open?: boolean | undefined;
  readonly sort: 'due' | '-due' | 'amount' | '-amount';
};

const paid = sql`b.paid_in_minor = b.face_minor and p.paid_up_to_minor = b.face_minor`;

/** The twin of parcelState in #domain/status.ts. */
const STATES = {
  paid,
  on_hold: sql`not (${paid}) and p.flags & 2 <> 0`,
  pledged: sql`not (${paid}) and p.flags & 2 = 0 and p.pledgee is not null`,
  offered: sql`not (${paid}) and p.flags & 2 = 0 and p.pledgee is null and p.offered_to is not null`,
  held: sql`not (${paid}) and p.flags & 2 = 0 and p.pledgee is null and p.offered_to is null`,
} as const;

/** What the viewer holds. A bill that is not signed for is its acceptor's offer, not its holding. */
export function listHoldings(
  db: Kysely<DB>,
  viewer: Viewer,
  filter: HoldingFilter,
  page: PageOf,
): Promise<Page<ParcelOfBill>> {
  const { state, acceptor, dueFrom, dueTo, financed, open, sort } = filter;
  const isDown = sort.startsWith('-');
  const byAmount = sort.endsWith('amount');
  const column = byAmount ? sql`(p."end" - p.first)` : sql`b.due_on`;
  const direction = sql.raw(isDown ? 'desc' : 'asc');
  const [value, billNo, first] = page.after ?? [];
  const where = sql.join(
    [
      sql`p.holder = ${viewer.member} and p.to_block is null and b.status = 'active'`,
      ...(state === undefined ? [] : [STATES[state]]),
      ...(acceptor === undefined ? [] : [sql`b.acceptor::bigint = ${acceptor}`]),
      ...(dueFrom === undefined ? [] : [sql`b.due_on >= ${dueFrom}::date`]),
      ...(dueTo === undefined ? [] : [sql`b.due_on <= ${dueTo}::date`]),
      ...(financed === undefined ? [] : [sql`(p.flags & 1 <> 0) = ${financed}`]),
      ...(open === true ? [sql`not (${paid})`] : []),
      ...(page.after === undefined
        ? []
        : [
            sql`(${column}, p.bill_no, p.first) ${sql.raw(isDown ? '<' : '>')}
              (${value}::${sql.raw(byAmount ? 'bigint' : 'date')}, ${billNo}::bigint, ${first}::bigint)`,
          ]),
    ],
    sql` and `,
  );
  const order = sql`${column} ${direction}, p.bill_no ${direction}, p.first ${direction}`;
  return readAs(db, viewer, async (trx) => {
    const rows = await parcelsWithBills(trx, viewer, where, order, page.limit + 1);
    return paged(rows, page.limit, ({ parcel, bill }) => [
      byAmount ? String(parcel.end - parcel.first) : bill.due_on,
      String(bill.bill_no),
      String(parcel.first),
    ]);
  });
}

/** Offers to the viewer (`in`) or by it (`out`), new bills included; earliest due date first. */
export function listOffers(
  db: Kysely<DB>,
  viewer: Viewer,
  direction: 'in' | 'out',
  page: PageOf,
): Promise<Page<ParcelOfBill>> {
  const side = sql.ref(direction === 'in' ? 'p.offered_to' : 'p.holder');
  const [due, billNo, first] = page.after ?? [];
  const where = sql`${side} = ${viewer.member} and p.offered_to is not null and p.to_block is null
    and b.status <> 'cancelled' ${
      page.after === undefined
        ? sql``
        : sql`and (b.due_on, p.bill_no, p.first) > (${due}::date, ${billNo}::bigint, ${first}::bigint)`
    }`;
  return readAs(db, viewer, async (trx) => {
    const order = sql`b.due_on, p.bill_no, p.first`;
    const rows = await parcelsWithBills(trx, viewer, where, order, page.limit + 1);
    return paged(rows, page.limit, ({ parcel, bill }) => [
      bill.due_on,
      String(bill.bill_no),
      String(parcel.first),
    ]);
  });
}

/** Parcels of which the viewer is party: holder or offeree. Everything of them is shown. */
export async function parcelsWithBills(
  trx: Kysely<DB>,
  viewer: Viewer,
  where: ReturnType<typeof sql>,
  order: ReturnType<typeof sql>,
  limit: number,
): Promise<ParcelOfBill[]> {
  const { rows } = await sql<{ bill_no: bigint; first: bigint }>`
    select p.bill_no, p.first from ledger.parcel p
    join ledger.bill b on b.bill_no = p.bill_no and b.to_block is null
    where ${where} order by ${order} limit ${limit}`.execute(trx);
  if (rows.length === 0) return [];
  const billNos = [...new Set(rows.map(({ bill_no }) => bill_no))];
  const { rows: bills } = await sql<BillRow>`
    select b.*, null::bigint as seen_first, null::bigint as seen_end from ledger.bill b
    where b.to_block is null and b.bill_no = any(${sql.val(billNos)}::bigint[])`.execute(trx);
  const { rows: parcels } = await sql<ParcelRow>`
    select p.*, true as shown from ledger.parcel p
    where p.to_block is null and (p.bill_no, p.first) in (
      select * from unnest(${sql.val(rows.map(({ bill_no }) => bill_no))}::bigint[],
        ${sql.val(rows.map(({ first }) => first))}::bigint[]))`.execute(trx);
  const seen = new Map((await withSeen(trx, viewer, bills)).map((bill) => [bill.bill_no, bill]));
  const byKey = new Map(parcels.map((parcel) => [`${parcel.bill_no} ${parcel.first}`, parcel]));
  return rows.map(({ bill_no, first }) => ({
    parcel: byKey.get(`${bill_no} ${first}`)!,
    bill: seen.get(bill_no)!,
  }));
}
