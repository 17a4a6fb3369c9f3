/** Files as the import reads them, without a database: what stands in them, row by row. */
import { parseLegalDate } from '#domain/dates.ts';
import type { ImportContext } from '#domain/imports/context.ts';
import type { ImportedRow } from '#domain/imports/payables.ts';
import type { ProblemCode } from '#domain/problems.ts';
import { Problem } from '#domain/problems.ts';
import { readFile, type Given } from '#api/imports/read.ts';

const members: Record<string, number[]> = { 宏达五金: [1], Hongda: [1], 立新包装: [2], 同名: [3, 4] };

export const context: ImportContext = {
  currency: 'CNY',
  today: parseLegalDate('2026-03-03'),
  tenorMonths: 6,
  resolveSupplier: (text) => members[text] ?? [],
  taxNumberOf: (supplier) => `91330782MA000000${supplier}F`,
};

export const bytesOf = (content: Uint8Array | string): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

/** Everything that a file comes to. */
export async function readAll(
  content: Uint8Array | string,
  given: Given = {},
  more: Partial<ImportContext> = {},
) {
  const file = await readFile(bytesOf(content), given, { ...context, terms: given.terms, ...more });
  const rows: ImportedRow[] = [];
  for await (const batch of file.batches()) rows.push(...batch);
  return { ...file.reading(), rows };
}

/** Why a file as a whole is refused. */
export async function refusalOf(
  content: Uint8Array | string,
  given: Given = {},
): Promise<ProblemCode | 'none'> {
  try {
    await readAll(content, given);
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
  return 'none';
}

/** What is wrong with each row: column and code. */
export const errorsOf = ({ rows }: { rows: readonly ImportedRow[] }) =>
  rows.map((row) => ('errors' in row ? row.errors.map(({ column, code }) => [column, code]) : []));
