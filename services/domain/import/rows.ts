/** From a row of a table to a payable or a credit, or every reason why not. */
import { addDays, type LegalDate } from '../dates.ts';
import { formatMoney, minor, type Minor } from '../money.ts';
import {
  amountOf,
  currencyOf,
  dateOf,
  dueDateOf,
  invoiceNumberOf,
  isInThousands,
  isRefusal,
  textOf,
} from './cells.ts';
import type { REQUIRED_FIELDS } from './columns.ts';
import { type Column, type Field } from './columns.ts';
import type { ImportContext } from './context.ts';
import { errorAt, refuse, type Refusal, type RowError } from './errors.ts';
import type { Detected } from './formats.ts';
import type { ImportedRow } from './payables.ts';
import { Seen } from './seen.ts';
import { RowTotals } from './totals.ts';
import type { Sheet } from './sheet.ts';
import type { TableRow } from './table.ts';

export const MOST = { supplier: 200, invoiceNumber: 64, buyer: 200, note: 500 } as const;

/** A workbook's own dates and numbers are written one way only. */
const TYPED = { decided: true, formats: [] } as const;
const PLAIN = { decided: true, formats: ['1234.56'] } as const;

/** Where people name the invoice that a red one corrects: 备注 of the tax bureau's lists. */
export const CORRECTED = /(?:被红冲蓝字|对应蓝字|对应正数).{0,6}?号码?[:：] ?(\d{8,20})/;

/** Reads the rows of one table, in order: it remembers which invoices it has seen. */
export class RowReader {
  readonly #sheet: Sheet;
  readonly #context: ImportContext;
  readonly #columns: Partial<Record<Field, Column>>;
  readonly #totals: RowTotals;
  readonly #seen = new Seen();

  constructor(sheet: Sheet, context: ImportContext) {
    this.#sheet = sheet;
    this.#context = context;
    this.#columns = Object.fromEntries(
      Object.entries(sheet.mapping).map(([field, name]) => [
        field,
        sheet.columns.find((column) => column.name === name),
      ]),
    );
    this.#totals = new RowTotals();
  }

  /** In order; lines above and including the header are passed over, and so is a total at the end that is right. */
  read(rows: readonly TableRow[]): ImportedRow[] {
    return rows.flatMap((row) => {
      if (row.row <= this.#sheet.headerRow) return [];
      const total = this.#totals.kindOf(row, this.#columns.invoiceNumber?.index);
      return total === undefined ? [this.#readRow(row)] : this.#checkTotal(row, total);
    });
  }

  #checkTotal(row: TableRow, kind: 'all' | 'part'): ImportedRow[] {
    const cells = new Cells(row, this.#columns);
    const stated = cells.optional('amount', (text, typed) => this.#amount('amount', text, typed));
    const sum = this.#totals.take(kind);
    if (stated === undefined || stated === sum) return [];
    cells.fail(refuse('TOTAL_ROW_DISAGREES', formatMoney(sum, this.#context.currency, 'en')), 'amount');
    return [{ row: row.row, errors: cells.errors }];
  }

  #readRow(row: TableRow): ImportedRow {
    const cells = new Cells(row, this.#columns);
    // One cell too many, even a blank one, and the values may stand under the wrong headers: 1,234.00 without quotes.
    if (row.cells.length > this.#sheet.width) {
      const beyond = row.cells.slice(this.#sheet.width).join(' ');
      return { row: row.row, errors: [errorAt(refuse('CELLS_MISPLACED'), row.row, undefined, beyond)] };
    }
    const supplier = cells.required('supplier', (text) => this.#supplier(text));
    const number = cells.required('invoiceNumber', (text) => {
      const number = textOf(text, MOST.invoiceNumber);
      return isRefusal(number) ? number : this.#seen.once(invoiceNumberOf(number), supplier?.member, row.row);
    });
    const amounts = this.#amounts(cells);
    const invoiceDate = cells.optional('invoiceDate', (text, typed) =>
      this.#date('invoiceDate', text, typed),
    );
    const { currency, buyerIs } = this.#context;
    cells.optional('currency', (text) => currencyOf(text, currency));
    const buyer = cells.optional('buyer', (text) =>
      buyerIs?.(text) === 'other' ? refuse('BUYER_OTHER') : textOf(text, MOST.buyer),
    );
    const note = cells.optional('note', (text) => textOf(text, MOST.note));
    const corrects = (amounts?.amount ?? 0n) < 0n ? correctedIn(cells) : undefined;
    if (corrects !== undefined && amounts !== undefined) {
      if (cells.areBad) return { row: row.row, errors: cells.errors };
      const { member, text: supplierText } = supplier!;
      const amount = minor(-amounts.amount);
      const credit = { supplier: member, supplierText, number: number!, corrects, amount, currency };
      return { row: row.row, credit: { ...credit, issued: invoiceDate } };
    }
    if (amounts !== undefined && amounts.amount <= 0n) cells.fail(refuse('AMOUNT_NOT_POSITIVE'), 'amount');
    const dueDate = this.#dueDate(cells, invoiceDate);
    if (cells.areBad) return { row: row.row, errors: cells.errors };
    return {
      row: row.row,
      values: {
        supplier: supplier!.member,
        supplierText: supplier!.text,
        invoiceNumber: number!,
        invoiceDate,
        dueDate: dueDate!,
        ...amounts!,
        credited: minor(0n),
        currency,
        buyer,
        note,
      },
    };
  }

  #supplier(text: string): { member: number; text: string } | Refusal {
    const short = textOf(text, MOST.supplier);
    if (isRefusal(short)) return short;
    const [member, other] = this.#context.resolveSupplier(text);
    if (member === undefined) return refuse('SUPPLIER_UNKNOWN');
    return other === undefined ? { member, text } : refuse('SUPPLIER_AMBIGUOUS');
  }

  /** Amounts that do not fit each other are noted where the larger sum stands. */
  #amounts(cells: Cells): { amount: Minor; invoiceTotal: Minor } | undefined {
    const read = (field: 'net' | 'tax' | 'invoiceTotal') =>
      cells.optional(field, (text, typed) => this.#amount(field, text, typed));
    const [net, tax, total] = [read('net'), read('tax'), read('invoiceTotal')];
    const amount = cells.required('amount', (text, typed) => {
      const owed = this.#amount('amount', text, typed);
      if (isRefusal(owed)) return owed;
      this.#totals.add(owed);
      return total !== undefined && owed > total ? refuse('AMOUNT_EXCEEDS_INVOICE') : owed;
    });
    if (amount === undefined) return undefined;
    const gross = total ?? amount;
    if (net !== undefined && tax !== undefined && net + tax !== gross) {
      const sum = formatMoney(net + tax, this.#context.currency, 'en');
      cells.fail(refuse('TOTALS_DISAGREE', sum), total === undefined ? 'amount' : 'invoiceTotal');
    }
    return { amount, invoiceTotal: gross };
  }

  #amount(field: 'amount' | 'invoiceTotal' | 'net' | 'tax', text: string, isTyped: boolean): Minor | Refusal {
    if (isInThousands(this.#columns[field]?.name ?? '')) return refuse('AMOUNT_IN_THOUSANDS');
    const detected = isTyped ? PLAIN : this.#sheet.detected.numbers[field]!;
    return amountOf(text, this.#context.currency, detected);
  }

  #date(field: 'invoiceDate' | 'dueDate', text: string, isTyped: boolean): LegalDate | Refusal {
    const detected: Detected<never> | undefined = isTyped ? TYPED : undefined;
    const stated = isTyped ? undefined : this.#sheet.formats[field];
    return dateOf(text, detected ?? this.#sheet.detected.dates[field]!, stated);
  }

  #dueDate(cells: Cells, invoiceDate: LegalDate | undefined): LegalDate | undefined {
    const { today, tenorMonths, terms } = this.#context;
    const check = (date: LegalDate | Refusal) =>
      isRefusal(date) ? date : dueDateOf(date, today, tenorMonths);
    if (cells.text('dueDate') === '' && terms !== undefined) {
      if ('days' in terms && invoiceDate === undefined) {
        cells.fail(refuse('VALUE_MISSING'), 'invoiceDate');
        return undefined;
      }
      const date = check('days' in terms ? addDays(invoiceDate!, terms.days) : terms.date);
      if (!isRefusal(date)) return date;
      cells.fail(date, 'dueDate');
      return undefined;
    }
    return cells.required('dueDate', (text, typed) => check(this.#date('dueDate', text, typed)));
  }
}

const correctedIn = (cells: Cells): string | undefined =>
  cells.text('corrects') || CORRECTED.exec(cells.text('note'))?.[1];

/** The cells of one row by field, and every refusal with its place. */
class Cells {
  readonly #refused: RowError[] = [];
  readonly #row: TableRow;
  readonly #columns: Partial<Record<Field, Column>>;

  constructor(row: TableRow, columns: Partial<Record<Field, Column>>) {
    this.#row = row;
    this.#columns = columns;
  }

  /** From left to right. */
  get errors(): RowError[] {
    const places = Object.values(this.#columns).map(({ name, index }) => [name, index] as const);
    const at = new Map<string | undefined, number>(places);
    return this.#refused.toSorted((a, b) => (at.get(a.column) ?? 0) - (at.get(b.column) ?? 0));
  }

  get areBad(): boolean {
    return this.#refused.length > 0;
  }

  text(field: Field): string {
    const index = this.#columns[field]?.index;
    return (index === undefined ? undefined : this.#row.cells[index]) ?? '';
  }

  fail(refusal: Refusal, field: Field): void {
    this.#refused.push(errorAt(refusal, this.#row.row, this.#columns[field]?.name, this.text(field)));
  }

  required<T>(
    field: (typeof REQUIRED_FIELDS)[number],
    read: (text: string, isTyped: boolean) => T | Refusal,
  ) {
    if (this.text(field) !== '') return this.optional(field, read);
    this.fail(refuse('VALUE_MISSING'), field);
    return undefined;
  }

  /** The value of a field; undefined when it is absent, or refused and noted. */
  optional<T>(field: Field, read: (text: string, isTyped: boolean) => T | Refusal): T | undefined {
    const text = this.text(field);
    if (text === '') return undefined;
    const index = this.#columns[field]?.index;
    const result = read(text, index !== undefined && this.#row.typed?.has(index) === true);
    if (!isRefusal(result)) return result as T;
    this.fail(result, field);
    return undefined;
  }
}
