/** What a person puts in place of what a file says, cell by cell; it is kept with the import and holds whenever the file is read. */
import type { Field } from './columns.ts';
import type { Columns } from './row-cells.ts';
import type { TableRow } from './table.ts';

export type Correction = Readonly<Partial<Record<Field, string>>>;
/** By the number of the row. */
export type Corrections = Readonly<Record<string, Correction>>;

/** What can be corrected of a document: the rest is what its maker signed. */
export const OF_DOCUMENTS: readonly Field[] = ['supplier', 'dueDate'];

/**
 * The row with what was put right in it. What a person types here is written one way only, as a workbook holds it (2026-06-30;
 * 1234.56, in single units), however the column is written.
 */
export function withCorrections(row: TableRow, columns: Columns, all: Corrections = {}): TableRow {
  const correction = all[row.row];
  if (correction === undefined) return row;
  const cells = [...row.cells];
  const corrected = new Set<number>();
  for (const [field, text] of Object.entries(correction) as [Field, string][]) {
    const index = columns[field]?.index;
    if (index === undefined) continue;
    while (cells.length <= index) cells.push('');
    cells[index] = text;
    corrected.add(index);
  }
  const others = (places: Iterable<number> = []) => new Set([...places].filter((at) => !corrected.has(at)));
  return {
    ...row,
    cells,
    corrected,
    typed: new Set([...(row.typed ?? []), ...corrected]),
    shown: new Map([...(row.shown ?? [])].filter(([at]) => !corrected.has(at))),
    merged: others(row.merged),
  };
}

/** Corrections and later ones; null takes one back. */
export function mergeCorrections(
  before: Corrections = {},
  changes: readonly { readonly row: number; readonly field: Field; readonly value: string | null }[],
): Corrections {
  const all: Record<string, Correction> = { ...before };
  for (const { row, field, value } of changes) {
    const { [field]: _, ...others } = all[row] ?? {};
    const merged = value === null ? others : { ...others, [field]: value };
    if (Object.keys(merged).length === 0) delete all[row];
    else all[row] = merged;
  }
  return all;
}
