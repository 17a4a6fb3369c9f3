import { sql, type Kysely, type Selectable } from 'kysely';
import type { DB, LedgerQuoteFill } from '../types.ts';
import { ask, type Query, type Viewer } from '../access/access.ts';
import { oneMore, paged, type Page, type PageOf } from '../wire/page.ts';

export type DealRow = Selectable<LedgerQuoteFill> & { readonly acceptor: number; readonly due_on: string };

/** Sales by the viewer (`sold`) or to it (`bought`), newest first: prices are for their two parties alone. */
export async function listDeals(
  db: Kysely<DB>,
  viewer: Viewer,
  side: 'sold' | 'bought',
  page: PageOf,
): Promise<Page<DealRow>> {
  const party = sql.ref(side === 'sold' ? 'f.seller' : 'f.bank');
  const [block, logIndex] = page.after ?? [];
  const query: Query<Page<DealRow>> = {
    statement: sql`
      select f.*, b.acceptor, b.due_on
      from ledger.quote_fill f join ledger.bill b on b.bill_no = f.bill_no and b.to_block is null
      where ${party} = ${viewer.member}
        ${page.after === undefined ? sql`` : sql`and (f.block_number, f.log_index) < (${block}::bigint, ${logIndex}::integer)`}
      order by f.block_number desc, f.log_index desc limit ${oneMore(page)}`,
    answer: (rows: DealRow[]) =>
      paged(rows, page.limit, (row) => [String(row.block_number), String(row.log_index)]),
  };
  return (await ask(db, viewer, query))[0];
}
