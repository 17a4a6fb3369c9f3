/** The payables of a file: who owed whom what, and when it was really paid. */
import { parse } from 'csv-parse/sync';
import type { LegalDate } from '#domain/dates.ts';
import { readDate } from '#domain/imports/formats.ts';
import { parseAmount, type Minor } from '#domain/money.ts';
import { reason, StartError } from '../config.ts';

export type Payable = {
  /** Country code: stands for a core enterprise. */
  readonly core: string;
  readonly supplier: string;
  readonly invoice: string;
  readonly issued: LegalDate;
  readonly due: LegalDate;
  readonly settled: LegalDate;
  readonly amount: Minor;
};

const COLUMNS = {
  core: 'countryCode',
  supplier: 'customerID',
  invoice: 'invoiceNumber',
  issued: 'InvoiceDate',
  due: 'DueDate',
  settled: 'SettledDate',
  amount: 'InvoiceAmount',
} as const satisfies Record<keyof Payable, string>;

/** In the order of their dates, then of the file. Throws StartError at the first row that cannot be read. */
export function readPayables(text: string): Payable[] {
  const rows = recordsOf(text);
  const missing = Object.values(COLUMNS).filter((column) => rows[0]?.[column] === undefined);
  if (missing.length > 0) throw new StartError(`the file has no column ${missing.join(', ')}`);
  const payables = rows.map((row, n) => {
    const cell = (name: keyof Payable): string => row[COLUMNS[name]] ?? '';
    const date = (name: 'issued' | 'due' | 'settled'): LegalDate =>
      readDate(cell(name), 'MM/DD/YYYY') ?? fail(n, COLUMNS[name], cell(name));
    return {
      core: cell('core'),
      supplier: cell('supplier'),
      invoice: cell('invoice'),
      issued: date('issued'),
      due: date('due'),
      settled: date('settled'),
      amount: amountOf(cell('amount')) ?? fail(n, COLUMNS.amount, cell('amount')),
    };
  });
  return payables.sort((a, b) => (a.issued < b.issued ? -1 : a.issued > b.issued ? 1 : 0));
}

function recordsOf(text: string): Record<string, string>[] {
  try {
    return parse(text, { columns: true, skip_empty_lines: true, bom: true });
  } catch (error) {
    throw new StartError(`the file is no table: ${reason(error)}`, { cause: error });
  }
}

function amountOf(text: string): Minor | undefined {
  try {
    return parseAmount(text, 'CNY');
  } catch {
    return undefined;
  }
}

function fail(row: number, column: string, text: string): never {
  throw new StartError(`row ${row + 2}: ${column} "${text}" cannot be read`);
}
