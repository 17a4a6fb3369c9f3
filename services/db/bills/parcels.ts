import { sql, type Kysely, type Selectable } from 'kysely';
import { partsOfBillNo } from '#domain/bills/intervals.ts';
import { asOf as trueAt } from '../ledger/as-of.ts';
import { ask, type Query, type Viewer } from '../access/access.ts';
import { LAST_OF_VERSION, NEWEST, seesBill, showsHolder, spansOf } from '../access/sees.ts';
import type { DB, LedgerParcel } from '../types.ts';
import { oneMore, paged, type Page, type PageOf } from '../wire/page.ts';

export const PARCEL = {
  bill_no: 'bigint',
  first: 'bigint',
  end: 'bigint',
  holder: 'int',
  offered_to: 'int',
  pledgee: 'int',
  paid_up_to_minor: 'bigint',
  offer_until: 'bigint',
  flags: 'int',
} as const;

export const parcelColumns = sql.raw(
  Object.keys(PARCEL)
    .map((name) => `p."${name}"`)
    .join(', '),
);

export type ParcelRow = Pick<Selectable<LedgerParcel>, keyof typeof PARCEL> & {
  readonly shown: boolean;
};

/** In the blocks [from_block, to_block); `at`: when the first of them was made (seconds). */
export type ParcelVersion = ParcelRow &
  Pick<Selectable<LedgerParcel>, 'from_block' | 'to_block'> & { readonly at: bigint | null };

/** The acceptor of a bill is part of its number. */
const acceptorOf = (billNo: bigint): number => partsOfBillNo(billNo).acceptor;

/** Parcels of a bill that the viewer may see, in order; as of a block, or now. */
export const parcelsQuery = (
  viewer: Viewer,
  billNo: bigint,
  asOf: bigint | undefined,
  page: PageOf,
): Query<Page<ParcelRow>> => ({
  statement: sql`
    with span as ${spansOf(viewer, sql`${billNo}`)}
    select ${parcelColumns}, ${showsHolder(viewer, acceptorOf(billNo), asOf === undefined ? NEWEST : sql`${asOf}::bigint`)} as shown
    from ledger.parcel p
    where p.bill_no = ${billNo} and ${seesBill(viewer, sql`${billNo}`)} and ${trueAt(asOf, 'p')}
      and p.first > ${page.after?.[0] ?? '-1'}::bigint
    order by p.first limit ${oneMore(page)}`,
  answer: (rows: ParcelRow[]) => paged(rows, page.limit, ({ first }) => [String(first)]),
});

export const listParcels = async (
  db: Kysely<DB>,
  viewer: Viewer,
  billNo: bigint,
  asOf: bigint | undefined,
  page: PageOf,
): Promise<Page<ParcelRow>> => (await ask(db, viewer, parcelsQuery(viewer, billNo, asOf, page)))[0];

/** The parcel that begins at `first` now, for a viewer who may see its bill. */
export const parcelQuery = (viewer: Viewer, billNo: bigint, first: bigint): Query<ParcelRow | undefined> => ({
  statement: sql`
    with span as ${spansOf(viewer, sql`${billNo}`)}
    select ${parcelColumns}, ${showsHolder(viewer, acceptorOf(billNo), NEWEST)} as shown from ledger.parcel p
    where p.bill_no = ${billNo} and p.first = ${first} and p.to_block is null
      and ${seesBill(viewer, sql`${billNo}`)}`,
  answer: ([row]: ParcelRow[]) => row,
});

/** All versions of all parcels that came into being, for the ribbon; oldest first. */
export const versionsQuery = (viewer: Viewer, billNo: bigint, limit: number): Query<ParcelVersion[]> => ({
  statement: sql`
    with span as ${spansOf(viewer, sql`${billNo}`)}
    select ${parcelColumns}, p.from_block, p.to_block, ${showsHolder(viewer, acceptorOf(billNo), LAST_OF_VERSION)} as shown,
      t.timestamp as at
    from ledger.parcel p left join chain.block t on t.number = p.from_block
    where p.bill_no = ${billNo} and ${seesBill(viewer, sql`${billNo}`)}
    order by p.from_block, p.first limit ${limit}`,
  answer: (rows) => rows,
});

/** Parcels of a due bill that are not paid up to what has come in: what `distribute` has to name. For the system. */
export async function unpaidFirsts(trx: Kysely<DB>, billNo: bigint): Promise<bigint[]> {
  const rows = await trx
    .selectFrom('ledger.parcel as p')
    .innerJoin('ledger.bill as b', (join) =>
      join.onRef('b.bill_no', '=', 'p.bill_no').on('b.to_block', 'is', null),
    )
    .select('p.first')
    .where('p.bill_no', '=', billNo)
    .where('p.to_block', 'is', null)
    .whereRef('p.paid_up_to_minor', '<', 'b.paid_in_minor')
    .orderBy('p.first')
    .execute();
  return rows.map(({ first }) => first);
}
