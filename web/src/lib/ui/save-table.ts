/** Exported tables; loaded when something is exported. */
import { csvOf } from '#domain/files/export.ts';
import { xlsxOf } from '#domain/files/workbook.ts';
import { session } from '#web/state/session.svelte.ts';
import { isMoney, type Cell } from './cell.ts';
import type { Shown } from './columns.ts';
import { saveFile } from './save-file.ts';

const TYPES = {
  csv: 'text/csv;charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** All rows with all columns that have a value, as a file named after the table and the day. */
export function saveTable<Row>(
  format: 'csv' | 'xlsx',
  name: string,
  columns: Shown<Row>,
  rows: readonly Row[],
): void {
  const kept = columns.filter((column) => !!column && column.value !== undefined) as {
    label: string;
    value: (row: Row) => Cell;
  }[];
  const header = kept.map(({ label }) => label);
  const cells = rows.map((row) => kept.map(({ value }) => value(row) ?? ''));
  const file =
    format === 'csv'
      ? csvOf([
          header,
          ...cells.map((line) => line.map((cell) => (isMoney(cell) ? cell.amount : String(cell)))),
        ])
      : xlsxOf(name, { header, rows: cells });
  saveFile(`${name}-${session.today}.${format}`, new Blob([file], { type: TYPES[format] }));
}
