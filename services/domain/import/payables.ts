/** A core enterprise's payables, from the table that its books put out. Good rows stand on their own beside bad ones. */
import type { Column, Field, Mapping } from './columns.ts';
import type { Question } from './questions.ts';
import { readRows, type ImportedRow } from './rows.ts';
import { formatsOf, readSheet, type ImportOptions } from './sheet.ts';
import { readTable, type Delimiter } from './table.ts';

export type { ImportedRow, Payable } from './rows.ts';
export type { Formats, ImportOptions } from './sheet.ts';

export type Import = {
  readonly delimiter: Delimiter;
  readonly headerRow: number;
  readonly columns: readonly Column[];
  readonly mapping: Mapping;
  /** How the dates and numbers of each column were read; several where a column mixes formats that cannot be mistaken. */
  readonly formats: Readonly<Partial<Record<Field, readonly string[]>>>;
  /** What must be answered (by `mapping` or `formats`) before all rows can be read. */
  readonly questions: readonly Question[];
  /** Empty while a required column is not known. */
  readonly rows: readonly ImportedRow[];
};

/** Reads a file of payables. Throws FileRefused when there is no table in it. */
export function readPayables(input: Uint8Array | string, options: ImportOptions): Import {
  const { delimiter, rows } = readTable(input, options.limits, options.delimiter);
  const sheet = readSheet(rows, options);
  const { headerRow, columns, mapping, questions } = sheet;
  return {
    delimiter,
    headerRow,
    columns,
    mapping,
    formats: formatsOf(sheet.detected),
    questions,
    rows: sheet.missing.length > 0 ? [] : readRows(sheet, options),
  };
}
