/** Pages by key: where the page before ended, not how many rows to skip. */
import { sql, type RawBuilder } from 'kysely';

/** `after`: the key of the last row of the page before, as the list's own `keyOf` gave it. */
export type PageOf = { readonly limit: number; readonly after?: readonly string[] | undefined };

export type Page<Row> = { readonly rows: Row[]; readonly next: readonly string[] | null };

/** A number in the statement's text: a plan that is made for any limit expects a large one. */
export const oneMore = ({ limit }: PageOf): RawBuilder<unknown> => sql.lit(limit + 1);

/** Cuts the one row more that was asked for, and tells from which row the next page goes on. */
export function paged<Row>(rows: Row[], limit: number, keyOf: (row: Row) => readonly string[]): Page<Row> {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last !== undefined ? keyOf(last) : null };
}
