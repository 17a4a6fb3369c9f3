import { sql, type RawBuilder } from 'kysely';
import type { Question } from '../trip.ts';
import type { Viewer } from './access.ts';
import { billsIn, type BillRow } from './bills.ts';
import { oneMore, paged, type Page, type PageOf } from './page.ts';
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
export function holdingsQuestions(viewer: Viewer, filter: HoldingFilter, page: PageOf): PageQuestions {
  const { state, acceptor, dueFrom, dueTo, financed, open, sort } = filter;
  const byAmount = sort.endsWith('amount');
  const where = sql.join(
    [
      sql`p.holder = ${viewer.member} and b.status = 'active'`,
      ...(state === undefined ? [] : [STATES[state]]),
      ...(acceptor === undefined ? [] : [sql`b.acceptor::bigint = ${acceptor}`]),
      ...(dueFrom === undefined ? [] : [sql`p.due_on >= ${dueFrom}::date`]),
      ...(dueTo === undefined ? [] : [sql`p.due_on <= ${dueTo}::date`]),
      ...(financed === undefined ? [] : [sql`(p.flags & 1 <> 0) = ${financed}`]),
      ...(open === true ? [sql`not (${paid})`] : []),
    ],
    sql` and `,
  );
  const order = byAmount
    ? { column: sql`(p."end" - p.first)`, type: 'bigint', isDown: sort.startsWith('-') }
    : { column: sql`p.due_on`, type: 'date', isDown: sort.startsWith('-') };
  return pageQuestions(viewer, where, order, page, ({ due_on, first, end }) =>
    byAmount ? String(end - first) : due_on,
  );
}

/** Offers to the viewer (`in`) or by it (`out`), new bills included; earliest due date first. */
export function offersQuestions(viewer: Viewer, direction: 'in' | 'out', page: PageOf): PageQuestions {
  const side = sql.ref(direction === 'in' ? 'p.offered_to' : 'p.holder');
  const where = sql`${side} = ${viewer.member} and p.offered_to is not null and b.status <> 'cancelled'`;
  const order = { column: sql`p.due_on`, type: 'date', isDown: false };
  return pageQuestions(viewer, where, order, page, ({ due_on }) => due_on);
}

/** A page of parcels, and their bills: asked together, put together by {@link withBills}. */
export type PageQuestions = readonly [Question<Page<ParcelRow>>, Question<BillRow[]>];

type Order = { readonly column: RawBuilder<unknown>; readonly type: string; readonly isDown: boolean };

/** Parcels of which the viewer is party: holder or offeree. Everything of them is shown. */
function pageQuestions(
  viewer: Viewer,
  where: RawBuilder<unknown>,
  { column, type, isDown }: Order,
  page: PageOf,
  valueOf: (row: ParcelRow) => string,
): PageQuestions {
  const [value, billNo, first] = page.after ?? [];
  const direction = sql.raw(isDown ? 'desc' : 'asc');
  const after = sql`and (${column}, p.bill_no, p.first) ${sql.raw(isDown ? '<' : '>')}
    (${value}::${sql.raw(type)}, ${billNo}::bigint, ${first}::bigint)`;
  const parcels = (columns: RawBuilder<unknown>) => sql`
    select ${columns} from ledger.parcel p join ledger.bill b on b.bill_no = p.bill_no and b.to_block is null
    where p.to_block is null and ${where} ${page.after === undefined ? sql`` : after}
    order by ${column} ${direction}, p.bill_no ${direction}, p.first ${direction} limit ${oneMore(page)}`;
  return [
    {
      statement: parcels(sql`p.*, true as shown`),
      answer: (rows: ParcelRow[]) =>
        paged(rows, page.limit, (row) => [valueOf(row), String(row.bill_no), String(row.first)]),
    },
    billsIn(viewer, parcels(sql`p.bill_no`)),
  ];
}

export function withBills({ rows, next }: Page<ParcelRow>, bills: readonly BillRow[]): Page<ParcelOfBill> {
  const byNumber = new Map(bills.map((bill) => [bill.bill_no, bill]));
  return { rows: rows.map((parcel) => ({ parcel, bill: byNumber.get(parcel.bill_no)! })), next };
}
