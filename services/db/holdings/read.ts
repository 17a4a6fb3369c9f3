import { PARCEL_BITS } from '#domain/codes.ts';
import { sql, type RawBuilder } from 'kysely';
import type { Query, Viewer } from '../access/access.ts';
import { rowReader, type Columns } from '../wire/row-text.ts';
import {
  asText,
  BESIDE_PARCEL,
  columnsBesideParcel,
  textsOf,
  withSeen,
  type BillRow,
} from '../bills/read.ts';
import { oneMore, paged, type Page, type PageOf } from '../wire/page.ts';
import { PARCEL, parcelColumns, type ParcelRow } from '../bills/parcels.ts';

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

const isFinanced = sql`p.flags & ${sql.lit(PARCEL_BITS.financed)} <> 0`;
const isOnHold = sql`p.flags & ${sql.lit(PARCEL_BITS.on_hold)} <> 0`;
const paid = sql`b.paid_in_minor = b.face_minor and p.paid_up_to_minor = b.face_minor`;

/** The twin of parcelState in #domain/bills/status.ts. */
const STATES = {
  paid,
  on_hold: sql`not (${paid}) and ${isOnHold}`,
  pledged: sql`not (${paid}) and not (${isOnHold}) and p.pledgee is not null`,
  offered: sql`not (${paid}) and not (${isOnHold}) and p.pledgee is null and p.offered_to is not null`,
  held: sql`not (${paid}) and not (${isOnHold}) and p.pledgee is null and p.offered_to is null`,
} as const;

/** What the viewer holds. A bill that is not signed for is its acceptor's offer, not its holding. */
export function holdingsQuery(viewer: Viewer, filter: HoldingFilter, page: PageOf): PageQuery {
  const { state, acceptor, dueFrom, dueTo, financed, open, sort } = filter;
  const byAmount = sort.endsWith('amount');
  const where = sql.join(
    [
      sql`p.holder = ${viewer.member} and b.status = 'active'`,
      ...(state === undefined ? [] : [STATES[state]]),
      ...(acceptor === undefined ? [] : [sql`b.acceptor::bigint = ${acceptor}`]),
      ...(dueFrom === undefined ? [] : [sql`p.due_on >= ${dueFrom}::date`]),
      ...(dueTo === undefined ? [] : [sql`p.due_on <= ${dueTo}::date`]),
      ...(financed === undefined ? [] : [sql`(${isFinanced}) = ${financed}`]),
      ...(open === true ? [sql`not (${paid})`] : []),
    ],
    sql` and `,
  );
  const order = byAmount
    ? { column: '(p."end" - p.first)', type: 'bigint', isDown: sort.startsWith('-') }
    : { column: 'p.due_on', type: 'date', isDown: sort.startsWith('-') };
  return pageQuery(viewer, where, order, page, ({ parcel: { first, end }, bill }) =>
    byAmount ? String(end - first) : bill.due_on,
  );
}

/** Offers to the viewer (`in`) or by it (`out`), new bills included; earliest due date first. */
export function offersQuery(viewer: Viewer, direction: 'in' | 'out', page: PageOf): PageQuery {
  const side = sql.ref(direction === 'in' ? 'p.offered_to' : 'p.holder');
  const where = sql`${side} = ${viewer.member} and p.offered_to is not null and b.status <> 'cancelled'`;
  const order = { column: 'p.due_on', type: 'date', isDown: false };
  return pageQuery(viewer, where, order, page, ({ bill }) => bill.due_on);
}

export type PageQuery = Query<Page<string>>;

type Order = { readonly column: string; readonly type: string; readonly isDown: boolean };
/** Both in one row; the flags of the bill beside those of the parcel. */
type Row = Omit<BillRow, 'flags'> & ParcelRow & { readonly bill_flags: number };

const readRow = rowReader<Row>({ ...PARCEL, shown: 'boolean', ...BESIDE_PARCEL } satisfies Columns<Row>);

/** A page holds its rows as texts; this reads one. */
export function readParcelOfBill(text: string): ParcelOfBill {
  const parcel = readRow(text);
  return { parcel, bill: { ...parcel, flags: parcel.bill_flags } };
}

/** Parcels of which the viewer is party, holder or offeree, with their bills. Everything of them is shown. */
function pageQuery(
  viewer: Viewer,
  where: RawBuilder<unknown>,
  { column, type, isDown }: Order,
  page: PageOf,
  valueOf: (row: ParcelOfBill) => string,
): PageQuery {
  const [value, billNo, first] = page.after ?? [];
  const key = sql.raw(column);
  const direction = sql.raw(isDown ? 'desc' : 'asc');
  const after = sql`and (${key}, p.bill_no, p.first) ${sql.raw(isDown ? '<' : '>')}
    (${value}::${sql.raw(type)}, ${billNo}::bigint, ${first}::bigint)`;
  const parcels = sql`
    select ${parcelColumns}, true as shown, ${columnsBesideParcel}
    from ledger.parcel p join ledger.bill b on b.bill_no = p.bill_no and b.to_block is null
    where p.to_block is null and ${where} ${page.after === undefined ? sql`` : after}
    order by ${key} ${direction}, p.bill_no ${direction}, p.first ${direction} limit ${oneMore(page)}`;
  const orderOfPage = sql.raw(column.replaceAll('p.', 'page.'));
  return {
    statement: sql`${withSeen(viewer, parcels, asText)}
      order by ${orderOfPage} ${direction}, page.bill_no ${direction}, page.first ${direction}`,
    answer: (rows: { text: string }[]) =>
      paged(textsOf(rows), page.limit, (text) => {
        const row = readParcelOfBill(text);
        return [valueOf(row), String(row.parcel.bill_no), String(row.parcel.first)];
      }),
  };
}
