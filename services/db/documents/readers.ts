/** Who is entitled to the documents of a bill, as far as the viewer may know. Row-level security decides again: app.reads_documents. */
import { sql, type Kysely } from 'kysely';
import { partsOfBillNo } from '#domain/bills/intervals.ts';
import { ROLE_BITS } from '#domain/codes.ts';
import { ask, type Query, type Viewer } from '../access/access.ts';
import { NEWEST, seesBill, showsHolder, spansOf } from '../access/sees.ts';
import type { DB } from '../types.ts';

/** As what somebody is entitled; the first that fits. */
export const READER_WORDS = [
  'acceptor',
  'payee',
  'holder',
  'offered',
  'pledgee',
  'regulator',
  'sight',
] as const;
export type ReaderWord = (typeof READER_WORDS)[number];
export type Reader = { readonly member: number; readonly word: ReaderWord };

/** Of a bill that is cut into very many pieces the acceptor's browser does not wrap for all at once. */
const MAX_READERS = 1_000;

export const readersQuery = (viewer: Viewer, billNo: bigint): Query<Reader[]> => ({
  statement: sql`
    with span as ${spansOf(viewer, sql`${billNo}`)},
    shown as (
      select p.holder, p.offered_to, p.pledgee from ledger.parcel p
      where p.bill_no = ${billNo} and p.to_block is null and ${seesBill(viewer, sql`${billNo}`)}
        and ${showsHolder(viewer, partsOfBillNo(billNo).acceptor, NEWEST)}),
    entitled (member, place) as (
      select acceptor, 1 from ledger.bill where bill_no = ${billNo} and to_block is null
      union all select payee, 2 from ledger.bill where bill_no = ${billNo} and to_block is null
      union all select holder, 3 from shown
      union all select p.holder, 3 from ledger.parcel p where p.bill_no = ${billNo} and p.holder = ${viewer.member}
      union all select offered_to, 4 from shown
      union all select pledgee, 5 from shown
      union all select number, 6 from ledger.member
        where to_block is null and not suspended and roles & ${ROLE_BITS.regulator} <> 0
      union all select reader, 7 from app.document_sight
        where bill_no = ${billNo} and given_at is not null and ended_at is null)
    select member, min(place)::integer as place from entitled where member is not null
    group by member order by place, member limit ${MAX_READERS}`,
  answer: (rows: { member: number; place: number }[]) =>
    rows.map(({ member, place }) => ({ member, word: READER_WORDS[place - 1]! })),
});

export const readersOf = async (db: Kysely<DB>, viewer: Viewer, billNo: bigint): Promise<Reader[]> =>
  (await ask(db, viewer, readersQuery(viewer, billNo)))[0];
