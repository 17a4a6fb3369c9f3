import { sql, type Kysely, type Selectable } from 'kysely';
import type { DB, LedgerLine } from '../types.ts';
import type { Viewer } from './access.ts';
import { paged, type Page, type PageOf } from './page.ts';

export type LineRow = Selectable<LedgerLine> & {
  readonly group_limit: bigint | null;
  readonly group_reserved: bigint | null;
  readonly group_used: bigint | null;
};

export type LineFilter = { readonly bank?: number | undefined; readonly obligor?: number | undefined };

/** A bank's lines are its own business; a regulator sees all. */
export async function listLines(
  db: Kysely<DB>,
  viewer: Viewer,
  { bank, obligor }: LineFilter,
  page: PageOf,
): Promise<Page<LineRow>> {
  const [afterBank, afterObligor] = page.after ?? [];
  const { rows } = await sql<LineRow>`
    select l.*, g.limit_minor as group_limit, g.reserved_minor as group_reserved, g.used_minor as group_used
    from ledger.line l
    left join ledger.group_line g on g.bank = l.bank and g.group_no = l.group_no and g.to_block is null
    where l.to_block is null ${viewer.seesAll ? sql`` : sql`and l.bank = ${viewer.member}`}
      ${bank === undefined ? sql`` : sql`and l.bank::bigint = ${bank}`}
      ${obligor === undefined ? sql`` : sql`and l.obligor::bigint = ${obligor}`}
      ${page.after === undefined ? sql`` : sql`and (l.bank, l.obligor) > (${afterBank}::integer, ${afterObligor}::integer)`}
    order by l.bank, l.obligor limit ${page.limit + 1}`.execute(db);
  return paged(rows, page.limit, (row) => [String(row.bank), String(row.obligor)]);
}
