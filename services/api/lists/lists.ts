/** Pages of lists: cursors are opaque to clients, and worth nothing for another list, filter or order. */
import { createHash } from 'node:crypto';
import { isLegalDate } from '#domain/dates.ts';
import { canonicalJson } from '#domain/canonical-json.ts';
import type { Problem } from '#domain/problems.ts';
import type { Page, PageOf } from '#db/wire/page.ts';
import { refused } from '../problems/refused.ts';

/** What the parts of a list's key look like. */
const PARTS = {
  /** Of 32 and of 64 bits, as the columns are. */
  int: (text: string) => isWhole(text) && BigInt(text) < 2n ** 31n,
  bigint: (text: string) => isWhole(text) && BigInt(text) < 2n ** 63n,
  date: isLegalDate,
  instant: (text: string) =>
    /^\d{4}-\d{2}-\d{2}T[\d:.]{8,15}Z$/.test(text) && !Number.isNaN(Date.parse(text)),
  text: (text: string) => !text.includes('\0'),
  hash: (text: string) => /^0x[0-9a-f]{64}$/.test(text),
  uuid: (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text),
} as const;
const isWhole = (text: string): boolean => /^\d{1,19}$/.test(text);
export type KeyPart = keyof typeof PARTS;

export type PageQuery = { readonly limit?: number; readonly cursor?: string };

/**
 * One page: reads the cursor, asks, and writes the next cursor. Throws REQUEST_INVALID for a cursor of another list.
 *
 * @param list Name of the list and all that decides what is in it and in which order.
 * @param key What the key of a row consists of.
 * @param ask May give more than the page, for `show` to use.
 */
export async function pageOf<Row, Found extends Page<Row>, Items>(
  query: PageQuery,
  list: unknown,
  key: readonly KeyPart[],
  ask: (page: PageOf) => Promise<Found & Page<Row>>,
  show: (rows: readonly Row[], found: Found) => Promise<Items> | Items,
): Promise<{ items: Items; next: string | null }> {
  const { limit = 50, cursor } = query;
  const name = nameOf(list);
  const after = cursor === undefined ? undefined : readCursor(cursor, name, key);
  const found = await ask({ limit, after });
  const { rows, next } = found;
  return { items: await show(rows, found), next: next === null ? null : writeCursor(name, next) };
}

/** Everything of a list's query but the place in it. */
export function filtersOf<Q extends PageQuery>({
  limit: _limit,
  cursor: _cursor,
  ...filters
}: Q): Omit<Q, keyof PageQuery> {
  return filters;
}

const nameOf = (list: unknown): string =>
  createHash('sha256').update(canonicalJson(list)).digest('base64url').slice(0, 12);

const writeCursor = (name: string, key: readonly string[]): string =>
  Buffer.from(JSON.stringify([name, ...key])).toString('base64url');

function readCursor(cursor: string, name: string, key: readonly KeyPart[]): readonly string[] {
  const invalid = (): Problem => refused('CURSOR_FOREIGN');
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw invalid();
  }
  if (!Array.isArray(parts) || parts.length !== key.length + 1 || parts[0] !== name) throw invalid();
  const values = parts.slice(1) as unknown[];
  const fits = values.every((value, n) => typeof value === 'string' && PARTS[key[n]!](value));
  if (!fits) throw invalid();
  return values as string[];
}
