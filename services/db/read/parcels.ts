import { sql, type Kysely, type Selectable } from 'kysely';
import type { DB, LedgerBill, LedgerParcel } from '../types.ts';
import { readAs, seesBill, showsHolder, spansOf, type Viewer } from './access.ts';
import { paged, type Page, type PageOf } from './page.ts';

export type ParcelRow = Selectable<LedgerParcel> & { readonly shown: boolean };
type Bill = Pick<Selectable<LedgerBill>, 'bill_no' | 'acceptor'>;

/** Parcels of a bill that the viewer may see, in order, as of a block. */
export function listParcels(
  db: Kysely<DB>,
  viewer: Viewer,
  { bill_no, acceptor }: Bill,
  asOf: bigint,
  page: PageOf,
): Promise<Page<ParcelRow>> {
  return readAs(db, viewer, async (trx) => {
    const { rows } = await sql<ParcelRow>`
      with span as ${spansOf(viewer, [bill_no])}
      select p.*, ${showsHolder(viewer, acceptor, sql`${asOf}::bigint`)} as shown from ledger.parcel p
      where p.bill_no = ${bill_no} and ${seesBill(viewer, sql`p.bill_no`)}
        and p.from_block <= ${asOf} and (p.to_block is null or p.to_block > ${asOf})
        and p.first > ${page.after?.[0] ?? '-1'}::bigint
      order by p.first limit ${page.limit + 1}`.execute(trx);
    return paged(rows, page.limit, ({ first }) => [String(first)]);
  });
}

/** The parcel that begins at `first` now, for a viewer who may see its bill. */
export function findParcel(
  db: Kysely<DB>,
  viewer: Viewer,
  { bill_no, acceptor }: Bill,
  first: bigint,
): Promise<ParcelRow | undefined> {
  return readAs(db, viewer, async (trx) => {
    const { rows } = await sql<ParcelRow>`
      with span as ${spansOf(viewer, [bill_no])}
      select p.*, ${showsHolder(viewer, acceptor, NEWEST)} as shown from ledger.parcel p
      where p.bill_no = ${bill_no} and p.first = ${first} and p.to_block is null
        and ${seesBill(viewer, sql`p.bill_no`)}`.execute(trx);
    return rows[0];
  });
}

const NEWEST = sql`9223372036854775807`;

/** The last block in which a version was true. */
const LAST_OF_VERSION = sql`coalesce(p.to_block - 1, ${NEWEST})`;

/** All versions of all parcels that came into being, for the ribbon; oldest first. */
export function listVersions(
  db: Kysely<DB>,
  viewer: Viewer,
  { bill_no, acceptor }: Bill,
  limit: number,
): Promise<ParcelRow[]> {
  return readAs(db, viewer, async (trx) => {
    const { rows } = await sql<ParcelRow>`
      with span as ${spansOf(viewer, [bill_no])}
      select p.*, ${showsHolder(viewer, acceptor, LAST_OF_VERSION)} as shown from ledger.parcel p
      where p.bill_no = ${bill_no} and ${seesBill(viewer, sql`p.bill_no`)}
      order by p.from_block, p.first limit ${limit}`.execute(trx);
    return rows;
  });
}

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
