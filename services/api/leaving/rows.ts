/** Rows as they are taken away: camel case, amounts as "1000.00", hashes in hex, instants as ISO, numbers beyond 2^53 as texts. */
import { toHex } from '#db/wire/bytes.ts';
import { canonicalJson } from '#domain/canonical-json.ts';
import { csvOf } from '#domain/files/export.ts';
import { formatAmount, type Currency } from '#domain/money.ts';

export type Taken = Readonly<Record<string, unknown>>;

const nameOf = (column: string): string =>
  column.replace(/_minor$/, '').replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

export const columnNames = (columns: readonly string[]): string[] => columns.map(nameOf);

export const takenOf = (
  row: Readonly<Record<string, unknown>>,
  columns: readonly string[],
  currency: Currency,
): Taken =>
  Object.fromEntries(
    columns.map((column) => [nameOf(column), valueOf(column, row[column] ?? null, currency)]),
  );

function valueOf(column: string, value: unknown, currency: Currency): unknown {
  if (typeof value === 'bigint')
    return column.endsWith('_minor') ? formatAmount(value, currency) : String(value);
  if (Buffer.isBuffer(value)) return toHex(value);
  if (value instanceof Date) return value.toISOString();
  return value;
}

/** A table as CSV, row by row; what is no plain value stands in its cell as JSON. */
export async function* csvParts(
  columns: readonly string[],
  rows: AsyncIterable<Taken>,
): AsyncGenerator<string> {
  yield csvOf([columns]);
  for await (const row of rows) yield csvOf([columns.map((column) => cellOf(row[column]))]).slice(1); // BOM once
}

const cellOf = (value: unknown): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'object'
      ? canonicalJson(value)
      : String(value);
