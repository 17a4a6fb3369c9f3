/** A file whose columns are known: what each holds and how it is written. */
import type { LegalDate } from '../dates.ts';
import type { Currency } from '../money.ts';
import {
  columnsOf,
  FIELDS,
  findHeader,
  mapColumns,
  REQUIRED_FIELDS,
  type Column,
  type Field,
  type Mapping,
} from './columns.ts';
import {
  bareNumber,
  detectDates,
  detectNumbers,
  type DateFormat,
  type Detected,
  type NumberFormat,
} from './formats.ts';
import { askColumn, askFormat, type Question } from './questions.ts';
import type { Delimiter, TableLimits, TableRow } from './table.ts';

export type Formats = Readonly<{
  invoiceDate?: DateFormat;
  dueDate?: DateFormat;
  amount?: NumberFormat;
  invoiceTotal?: NumberFormat;
}>;

export type ImportOptions = {
  readonly currency: Currency;
  readonly today: LegalDate;
  readonly tenorMonths: number;
  readonly limits: TableLimits;
  /** Members that a name, tax number or code of the file may mean: none, one, or several. */
  readonly resolveSupplier: (text: string) => readonly number[];
  /** Whether a text in the buyer column means the firm that imports; anybody's rows pass if left out. */
  readonly isBuyer?: (text: string) => boolean;
  readonly delimiter?: Delimiter;
  readonly mapping?: Mapping;
  readonly formats?: Formats;
};

export type DetectedFormats = {
  dates: Partial<Record<'invoiceDate' | 'dueDate', Detected<DateFormat>>>;
  numbers: Partial<Record<'amount' | 'invoiceTotal', Detected<NumberFormat>>>;
};

export type Sheet = {
  readonly headerRow: number;
  /** Cells of the header, blank ones at the end included. */
  readonly width: number;
  readonly columns: readonly Column[];
  readonly mapping: Mapping;
  readonly missing: readonly Field[];
  readonly detected: DetectedFormats;
  readonly questions: readonly Question[];
  readonly body: readonly TableRow[];
};

export function readSheet(rows: readonly TableRow[], options: ImportOptions): Sheet {
  const at = findHeader(rows);
  const [header, body] = [rows[at]!, rows.slice(at + 1)];
  const columns = columnsOf(header, body);
  const { mapping, rivals } = mapColumns(columns, knownColumns(columns, options.mapping));
  const missing = REQUIRED_FIELDS.filter((field) => mapping[field] === undefined);
  const detected = detect(columns, mapping, body, options);
  const names = columns.map(({ name }) => name);
  const open = [...new Set<Field>([...missing, ...rivals.keys()])];
  const questions = [
    ...open.map((field) => askColumn(field, rivals.get(field) ?? names)),
    ...undecided(detected).map(([field, found]) => askFormat(field, mapping[field]!, found)),
  ];
  return {
    headerRow: header.row,
    width: header.cells.length,
    columns,
    mapping,
    missing,
    detected,
    questions,
    body,
  };
}

/** How the columns that are decided are written. */
export const formatsOf = ({ dates, numbers }: DetectedFormats): Partial<Record<Field, readonly string[]>> =>
  Object.fromEntries(
    Object.entries({ ...dates, ...numbers }).flatMap(([field, found]) =>
      found.decided ? [[field, found.formats]] : [],
    ),
  );

const undecided = ({ dates, numbers }: DetectedFormats) =>
  (Object.entries({ ...dates, ...numbers }) as [Field, Detected<string>][]).flatMap(([field, found]) =>
    found.decided ? [] : [[field, found] as const],
  );

function knownColumns(columns: readonly Column[], mapping: Mapping = {}): Mapping {
  const names = new Set(columns.map(({ name }) => name));
  return Object.fromEntries(
    FIELDS.flatMap((field) => (names.has(mapping[field] ?? '') ? [[field, mapping[field]!]] : [])),
  );
}

function detect(
  columns: readonly Column[],
  mapping: Mapping,
  rows: readonly TableRow[],
  options: ImportOptions,
): DetectedFormats {
  const cells = (field: Field): string[] => {
    const index = columns.find(({ name }) => name === mapping[field])?.index;
    return index === undefined ? [] : rows.map((row) => row.cells[index] ?? '');
  };
  const result: DetectedFormats = { dates: {}, numbers: {} };
  for (const field of ['invoiceDate', 'dueDate'] as const) {
    if (mapping[field] === undefined) continue;
    const stated = options.formats?.[field];
    result.dates[field] = stated ? { decided: true, formats: [stated] } : detectDates(cells(field));
  }
  for (const field of ['amount', 'invoiceTotal'] as const) {
    if (mapping[field] === undefined) continue;
    const stated = options.formats?.[field];
    const bare = cells(field).map((cell) => bareNumber(cell, options.currency));
    result.numbers[field] = stated ? { decided: true, formats: [stated] } : detectNumbers(bare);
  }
  return result;
}
