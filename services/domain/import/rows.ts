/** From a row of the table to a payable, or every reason why not. */
import type { LegalDate } from '../dates.ts';
import type { Currency, Minor } from '../money.ts';
import { amountOf, currencyOf, dateOf, dueDateOf, invoiceNumberOf, isRefusal, textOf } from './cells.ts';
import { REQUIRED_FIELDS, type Field } from './columns.ts';
import { messageOf, refuse, type Refusal, type RowError } from './errors.ts';
import type { ImportOptions, Sheet } from './sheet.ts';
import type { TableRow } from './table.ts';

export type Payable = {
  readonly supplier: number;
  readonly supplierText: string;
  readonly invoiceNumber: string;
  readonly invoiceDate: LegalDate | undefined;
  readonly dueDate: LegalDate;
  /** What is owed; `invoiceTotal` is the same where the file knows one amount only. */
  readonly amount: Minor;
  readonly invoiceTotal: Minor;
  readonly currency: Currency;
  readonly buyer: string | undefined;
  readonly note: string | undefined;
};

export type ImportedRow =
  | { readonly row: number; readonly values: Payable }
  | { readonly row: number; readonly errors: readonly RowError[] };

const MOST = { supplier: 200, invoiceNumber: 64, buyer: 200, note: 500 } as const;

export function readRows(sheet: Sheet, options: ImportOptions): ImportedRow[] {
  const firstRowOf = new Map<string, number>();
  return sheet.body.map((row) => readRow(sheet, options, row, firstRowOf));
}

/** Reads the cells of one row and notes every refusal with its place. */
function reader({ columns, mapping }: Sheet, { row, cells }: TableRow) {
  const errors: RowError[] = [];
  const fail = (refusal: Refusal, value: string, column?: string): void => {
    errors.push({ row, column, code: refusal.refused, message: messageOf(refusal), value });
  };
  /** The value of a field; undefined when it is absent, or refused and noted. */
  const value = <T>(field: Field, read: (text: string) => T | Refusal): T | undefined => {
    const column = columns.find(({ name }) => name === mapping[field]);
    const text = (column && cells[column.index]) ?? '';
    const isRequired = (REQUIRED_FIELDS as readonly Field[]).includes(field);
    if (text === '' && !isRequired) return undefined;
    const result = text === '' ? refuse('VALUE_MISSING') : read(text);
    if (!isRefusal(result)) return result as T;
    fail(result, text, column?.name);
    return undefined;
  };
  return { errors, fail, value };
}

/** `firstRowOf` remembers, by supplier and number, in which row an invoice stood first. */
function readRow(
  sheet: Sheet,
  options: ImportOptions,
  tableRow: TableRow,
  firstRowOf: Map<string, number>,
): ImportedRow {
  const { row, cells } = tableRow;
  const { errors, fail, value } = reader(sheet, tableRow);
  // One cell too many, even a blank one, and the values may stand under the wrong headers: 1,234.00 without quotes.
  if (cells.length > sheet.width) {
    fail(refuse('CELLS_MISPLACED'), cells.slice(sheet.width).join(' '));
    return { row, errors };
  }

  const { today, tenorMonths, currency, formats = {} } = options;
  const supplierText = value('supplier', (text) => textOf(text, MOST.supplier));
  const supplier =
    supplierText === undefined ? undefined : value('supplier', (text) => supplierOf(text, options));
  const readInvoice = (text: string): string | Refusal => {
    const number = textOf(text, MOST.invoiceNumber);
    return isRefusal(number) ? number : onlyOnce(invoiceNumberOf(number), supplier, row, firstRowOf);
  };
  const readDate = (field: 'invoiceDate' | 'dueDate') => (text: string) =>
    dateOf(text, sheet.detected.dates[field]!, formats[field]);
  const readAmount = (field: 'amount' | 'invoiceTotal') => (text: string) =>
    amountOf(text, currency, sheet.detected.numbers[field]!);

  const invoiceNumber = value('invoiceNumber', readInvoice);
  const invoiceDate = value('invoiceDate', readDate('invoiceDate'));
  const dueDate = value('dueDate', (text) => {
    const date = readDate('dueDate')(text);
    return isRefusal(date) ? date : dueDateOf(date, today, tenorMonths);
  });
  const total = value('invoiceTotal', readAmount('invoiceTotal'));
  const amount = value('amount', (text) => {
    const owed = readAmount('amount')(text);
    return !isRefusal(owed) && total !== undefined && owed > total ? refuse('AMOUNT_EXCEEDS_INVOICE') : owed;
  });
  value('currency', (text) => currencyOf(text, currency));
  const buyer = value('buyer', (text) =>
    options.isBuyer?.(text) === false ? refuse('BUYER_OTHER') : textOf(text, MOST.buyer),
  );
  const note = value('note', (text) => textOf(text, MOST.note));
  if (errors.length > 0) return { row, errors };
  return {
    row,
    values: {
      supplier: supplier!,
      supplierText: supplierText!,
      invoiceNumber: invoiceNumber!,
      invoiceDate,
      dueDate: dueDate!,
      amount: amount!,
      invoiceTotal: total ?? amount!,
      currency,
      buyer,
      note,
    },
  };
}

function supplierOf(text: string, { resolveSupplier }: ImportOptions): number | Refusal {
  const [member, other] = resolveSupplier(text);
  if (member === undefined) return refuse('SUPPLIER_UNKNOWN');
  return other === undefined ? member : refuse('SUPPLIER_AMBIGUOUS');
}

function onlyOnce(
  number: string | Refusal,
  supplier: number | undefined,
  row: number,
  firstRowOf: Map<string, number>,
): string | Refusal {
  if (isRefusal(number) || supplier === undefined) return number;
  const key = `${supplier} ${number.toLowerCase()}`;
  const first = firstRowOf.get(key);
  if (first !== undefined) return refuse('INVOICE_DUPLICATE', String(first));
  firstRowOf.set(key, row);
  return number;
}
