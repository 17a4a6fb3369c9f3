import { sql, type Kysely, type Selectable } from 'kysely';
import { partsOfBillNo } from '#domain/bills/intervals.ts';
import { SYSTEM, transact, type Query, type Viewer } from '../access/access.ts';
import { seesBill, showsAct, spansOf } from '../access/sees.ts';
import type { DB, LedgerAct } from '../types.ts';
import { oneMore, paged, type Page, type PageOf } from '../wire/page.ts';

export type ActRow = Selectable<LedgerAct> & { readonly position: bigint; readonly shown: boolean };

/**
 * Acts on a bill in the order of its trail. Those that are not shown are there all the same: with their hash. The key of a
 * page's last act is its place and its position, from which the next page counts on.
 */
export const actsQuery = (
  viewer: Viewer,
  billNo: bigint,
  { endorsements }: { endorsements: boolean },
  page: PageOf,
): Query<Page<ActRow>> => {
  const [block, logIndex, position] = page.after ?? ['-1', '-1', '0'];
  return {
    statement: sql`
    with span as ${spansOf(viewer, sql`${billNo}`)}
    select * from (
      select a.*, ${position}::bigint + row_number() over (order by a.block_number, a.log_index) as position,
        ${showsAct(viewer, partsOfBillNo(billNo).acceptor)} as shown
      from ledger.act a
      where a.bill_no = ${billNo} and ${seesBill(viewer, sql`${billNo}`)}
        and (a.block_number, a.log_index) > (${block}::bigint, ${logIndex}::integer)) listed
    ${endorsements ? sql`where shown and to_member is not null` : sql``}
    order by block_number, log_index limit ${oneMore(page)}`,
    answer: (rows: ActRow[]) =>
      paged(rows, page.limit, (row) => [
        String(row.block_number),
        String(row.log_index),
        String(row.position),
      ]),
  };
};

export type Hand = { readonly member: number; readonly at: Date };
type Piece = { readonly first: bigint; readonly end: bigint };

/**
 * Through whose hands a piece came, up to a block: each who got it, in order. The acts on a bill are gone through in their
 * order, and end with the last that moved all of the piece.
 */
export const handsQuery = (
  viewer: Viewer,
  billNo: bigint,
  { first, end }: Piece,
  upTo: bigint,
): Query<Hand[]> => ({
  statement: sql`
    with span as ${spansOf(viewer, sql`${billNo}`)}
    select a.to_member as member, a.at from ledger.act a
    where a.bill_no = ${billNo} and ${seesBill(viewer, sql`${billNo}`)} and a.to_member is not null
      and a.first <= ${first} and a."end" >= ${end} and a.block_number <= ${upTo}
      and ${showsAct(viewer, partsOfBillNo(billNo).acceptor)}
    order by a.block_number, a.log_index`,
  answer: (rows) => rows,
});

/** Who took part in the acts of the blocks (after, upTo]: whose inbox may have changed. For the system. */
export function partiesOfBlocks(db: Kysely<DB>, after: bigint, upTo: bigint): Promise<number[]> {
  return transact(db, SYSTEM, async (trx) => {
    const { rows } = await sql<{ member: number }>`
      select distinct member from ledger.act a, unnest(array[a.actor, a.counterparty, a.from_member, a.to_member]) member
      where a.block_number > ${after} and a.block_number <= ${upTo} and member is not null`.execute(trx);
    return rows.map(({ member }) => member);
  });
}
