import { sql, type Kysely, type Selectable } from 'kysely';
import type { DB, LedgerLine } from '../types.ts';
import { transact, type Trx, type Viewer } from '../access/access.ts';
import { quotedOn } from '../sales/open-quotes.ts';
import { paged, type Page, type PageOf } from '../wire/page.ts';

export type LineRow = Selectable<LedgerLine> & {
  readonly group_limit: bigint | null;
  readonly group_reserved: bigint | null;
  readonly group_used: bigint | null;
  /** Bound under quotes that can still be taken: of the line, and of its group. */
  readonly quoted: bigint;
  readonly group_quoted: bigint | null;
};

export type LineFilter = {
  readonly bank?: number | undefined;
  readonly obligor?: number | undefined;
  /** A quote for which nothing is kept. */
  readonly but?: string | undefined;
};

/** A bank's lines are its own business; a regulator sees all. */
export const listLines = (
  db: Kysely<DB>,
  viewer: Viewer,
  { bank, obligor, but }: LineFilter,
  now: number,
  page: PageOf,
): Promise<Page<LineRow>> =>
  transact(db, viewer, (trx) => readLines(trx, viewer, { bank, obligor, but }, now, page));

/** In the transaction of its caller. @param now Instant (seconds) by which quotes can be taken. */
export async function readLines(
  trx: Trx,
  viewer: Viewer,
  { bank, obligor, but }: LineFilter,
  now: number,
  page: PageOf,
): Promise<Page<LineRow>> {
  const [afterBank, afterObligor] = page.after ?? [];
  const ofGroup = sql`q.bank = l.bank and q.acceptor in (
    select o.obligor from ledger.line o where o.bank = l.bank and o.group_no = l.group_no and o.to_block is null)`;
  const { rows } = await sql<LineRow>`
    select l.*, g.limit_minor as group_limit, g.reserved_minor as group_reserved, g.used_minor as group_used,
      ${quotedOn(sql`q.bank = l.bank and q.acceptor = l.obligor`, now, but)} as quoted,
      case when l.group_no is not null then ${quotedOn(ofGroup, now, but)} end as group_quoted
    from ledger.line l
    left join ledger.group_line g on g.bank = l.bank and g.group_no = l.group_no and g.to_block is null
    where l.to_block is null ${viewer.seesAll ? sql`` : sql`and l.bank = ${viewer.member}`}
      ${bank === undefined ? sql`` : sql`and l.bank::bigint = ${bank}`}
      ${obligor === undefined ? sql`` : sql`and l.obligor::bigint = ${obligor}`}
      ${page.after === undefined ? sql`` : sql`and (l.bank, l.obligor) > (${afterBank}::integer, ${afterObligor}::integer)`}
    order by l.bank, l.obligor limit ${page.limit + 1}`.execute(trx);
  return paged(rows, page.limit, (row) => [String(row.bank), String(row.obligor)]);
}
