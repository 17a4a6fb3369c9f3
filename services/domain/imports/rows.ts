/** From a row of a table to a payable or a credit, or every reason why not. */
import { addDays, type LegalDate } from '../dates.ts';
import { formatMoney, minor, type Minor } from '../money.ts';
import {
  amountOf,
  currencyOf,
  dateOf,
  dueDateOf,
  invoiceNumberOf,
  isRefusal,
  shownOtherwise,
  textOf,
  withCode,
} from './cells.ts';
import type { Field } from './columns.ts';
import type { ImportContext } from './context.ts';
import { withCorrections } from './corrections.ts';
import { errorAt, refuse, shortened, type Refusal, type RowErrorCode } from './errors.ts';
import { invoiceKey } from './invoice-names.ts';
import { invoiceOfLines, type ItemColumns, type Line } from './lines.ts';
import type { Detected } from './formats.ts';
import type { AsRead, ImportedRow } from './payables.ts';
import { Cells, columnsOfFields, fieldAt, type Columns } from './row-cells.ts';
import { invoiceOf, Seen } from './seen.ts';
import { NUMBER_FIELDS, type NumberField, type Sheet } from './sheet.ts';
import { isNotOwed, saysVoid, yesOrNo } from './status.ts';
import type { TableRow } from './table.ts';
import { RowTotals } from './totals.ts';
import { nearest, splitHeader, type Unit } from './units.ts';

export const MAX_LENGTH = { supplier: 200, invoiceNumber: 64, buyer: 200, voucher: 64, note: 500 } as const;

/** A workbook's own dates and numbers are written one way only. */
const TYPED = { decided: true, formats: [] } as const;
const PLAIN = { decided: true, formats: ['1234.56'] } as const;

/** Where people name the invoice that a red one corrects: 备注 of the tax bureau's lists. */
const CORRECTED =
  /(?:被红冲蓝字|对应蓝字|对应正数)(?:.{0,6}?代码[:：] ?(\d{10}|\d{12})[,，;；]? ?)?.{0,6}?号码?[:：] ?(\d{8,20})/;

/** The corrected invoice that a note names. */
export function correctedIn(note: string): string | undefined {
  const [, code, number] = CORRECTED.exec(note) ?? [];
  return number === undefined ? undefined : withCode(code ?? '', number);
}

/** What is wrong with a row as such, and where. */
type Misfit = {
  readonly refusal: Refusal;
  readonly column?: string | undefined;
  readonly field?: Field | undefined;
  readonly value: string;
};

type Supplier = { readonly member: number; readonly text: string };
/** `key`: what tells it from every other of its supplier. */
type NamedInvoice = { readonly number: string; readonly key: string };

/** Where a refusal of an invoice's name is mended, if not in its number. */
const FIELDS_OF_REFUSALS: Partial<Record<RowErrorCode, Field>> = {
  SUPPLIER_WITHOUT_TAX_NUMBER: 'supplier',
  INVOICE_CODE_INVALID: 'invoiceCode',
};

/** Reads the rows of one table, in order: it remembers which invoices it has seen. */
export class RowReader {
  readonly #sheet: Sheet;
  readonly #context: ImportContext;
  readonly #columns: Columns;
  readonly #units: Partial<Record<NumberField, Unit | undefined>>;
  readonly #totals = new RowTotals();
  readonly #seen = new Seen();
  /** Lines of invoices of which more are to come. */
  readonly #lines = new Map<string, { table: TableRow; read: ImportedRow }[]>();

  constructor(sheet: Sheet, context: ImportContext) {
    this.#sheet = sheet;
    this.#context = context;
    this.#columns = columnsOfFields(sheet.columns, sheet.mapping);
    this.#units = Object.fromEntries(
      NUMBER_FIELDS.map((field) => {
        const column = this.#columns[field];
        const below = column && sheet.units.get(column.index);
        return [field, nearest(column && splitHeader(column.name).unit, below, sheet.unit)];
      }),
    );
  }

  /** In order; lines above and including the header are passed over, and so is a total at the end that is right. */
  read(rows: readonly TableRow[]): ImportedRow[] {
    return rows.flatMap((read) => {
      const row = withCorrections(read, this.#columns, this.#sheet.corrections);
      if (row.row <= this.#sheet.headerRow || this.#sheet.notes.has(row.row)) return [];
      const total = this.#totals.kindOf(row, this.#columns.invoiceNumber?.index);
      if (total !== undefined) return this.#checkTotal(row, total);
      return this.#readLine(row) ?? [this.#readRow(row)];
    });
  }

  #checkTotal(row: TableRow, kind: 'all' | 'part'): ImportedRow[] {
    const cells = new Cells(row, this.#columns);
    const stated = cells.optional('amount', (text, typed) => this.#amount(cells, 'amount', text, typed));
    const [sum, withVoid] = this.#totals.take(kind);
    if (stated === undefined || stated === sum || stated === withVoid) return [];
    cells.fail(refuse('TOTAL_ROW_DISAGREES', formatMoney(sum, this.#context.currency, 'en')), 'amount');
    return [{ row: row.row, errors: cells.errors }];
  }

  /** What is wrong with a row as such, before its values are looked at. */
  #misshapen(row: TableRow): Misfit | undefined {
    // One cell too many, even a blank one, and the values may stand under the wrong headers: 1,234.00 without quotes.
    if (row.cells.length > this.#sheet.width) {
      return { refusal: refuse('CELLS_MISPLACED'), value: row.cells.slice(this.#sheet.width).join(' ') };
    }
    const broken = row.cells.findIndex((cell) => cell.includes('\ufffd'));
    if (broken < 0) return undefined;
    return this.#misfitAt(broken, refuse('CHARACTER_BROKEN'), row);
  }

  #misfitAt(at: number, refusal: Refusal, row: TableRow): Misfit {
    const column = this.#sheet.columns[at]?.name;
    return { refusal, column, field: fieldAt(this.#columns, at), value: row.cells[at]! };
  }

  /** A row that is an item of an invoice waits until all of them are there. Undefined: it is an invoice by itself. */
  #readLine(row: TableRow): ImportedRow[] | undefined {
    const { items, repeats } = this.#sheet;
    if (items === undefined || row.hidden === true) return undefined;
    const key = invoiceOf(new Cells(row, this.#columns), this.#context);
    const { differ, count } = repeats.of(key) ?? {};
    if (key === undefined || differ !== true) return undefined;
    const lines = this.#lines.get(key) ?? [];
    this.#lines.set(key, lines);
    lines.push({ table: row, read: this.#judge(row, true) });
    if (lines.length < count!) return [];
    this.#lines.delete(key);
    return this.#addUp(lines, items);
  }

  #addUp(lines: readonly { table: TableRow; read: ImportedRow }[], items: ItemColumns): ImportedRow[] {
    const good = lines.flatMap(({ table, read }): Line[] =>
      'values' in read ? [{ table, values: read.values, net: this.#netOf(table) }] : [],
    );
    const wrong = lines.filter(({ read }) => !('values' in read)).map(({ table }) => table.row);
    const invoice =
      wrong.length > 0
        ? refuse('INVOICE_LINE_WRONG', wrong.slice(0, 10).join(', '))
        : invoiceOfLines(good, items);
    if (!isRefusal(invoice)) {
      const { row } = lines[0]!.table;
      const again = this.#seen.once(invoice.invoiceKey, invoice.supplier, row);
      if (again === undefined) return [{ row, values: invoice }];
    }
    const field = this.#columns.digitalNumber === undefined ? 'invoiceNumber' : 'digitalNumber';
    return lines.map(({ table, read }) => {
      const asRead = this.#asRead(table);
      if ('errors' in read) return { ...read, asRead };
      const cells = new Cells(table, this.#columns);
      cells.fail(invoice as Refusal, field);
      return { row: table.row, errors: cells.errors, asRead };
    });
  }

  #netOf(row: TableRow): bigint | undefined {
    const cells = new Cells(row, this.#columns);
    return cells.optional('net', (text, typed) => this.#amount(cells, 'net', text, typed));
  }

  #readRow(row: TableRow): ImportedRow {
    const read = this.#judge(row);
    return 'errors' in read ? { ...read, asRead: this.#asRead(row) } : read;
  }

  #asRead(row: TableRow): AsRead {
    const cells = new Cells(row, this.#columns);
    const text = (field: Field) => shortened(cells.text(field)) || undefined;
    return {
      supplier: text('supplier'),
      supplierTaxNumber: text('supplierTaxNumber'),
      invoiceNumber: text('digitalNumber') ?? text('invoiceNumber'),
      invoiceDate: text('invoiceDate'),
      dueDate: text('dueDate'),
      amount: text('amount'),
      owed: this.#amounts(cells)?.amount,
    };
  }

  /** @param isLine An item of an invoice: what it takes off is negative, and others are of the same invoice. */
  #judge(row: TableRow, isLine = false): ImportedRow {
    const cells = new Cells(row, this.#columns);
    const odd = this.#misshapen(row);
    if (odd !== undefined) {
      return { row: row.row, errors: [errorAt(odd.refusal, row.row, odd.column, odd.value, odd.field)] };
    }
    const supplier = this.#supplier(cells);
    const invoice = this.#invoice(cells, supplier, row, isLine);
    const amounts = this.#amounts(cells);
    const isRed = !isLine && (amounts?.amount ?? 0n) < 0n;
    const unowed = row.hidden === true ? refuse('ROW_HIDDEN') : this.#checkStatus(cells, row, isRed);
    if (amounts !== undefined) this.#totals.add(amounts.amount, unowed === undefined);
    if (unowed !== undefined) {
      const { refusal, column, field, value }: Misfit =
        'refusal' in unowed ? unowed : { refusal: unowed, value: '' };
      return { row: row.row, errors: [errorAt(refusal, row.row, column, value, field)] };
    }
    const invoiceDate = cells.optional('invoiceDate', (text, typed) =>
      this.#date('invoiceDate', text, typed),
    );
    const { currency } = this.#context;
    cells.optional('currency', (text) => currencyOf(text, currency));
    const buyer = this.#buyer(cells);
    const note = cells.optional('note', (text) => textOf(text, MAX_LENGTH.note));
    const voucher = cells.optional('voucher', (text) => textOf(text, MAX_LENGTH.voucher));
    const corrects = isRed ? this.#corrected(cells, supplier) : undefined;
    if (corrects !== undefined && amounts !== undefined) {
      if (cells.areBad) return { row: row.row, errors: cells.errors };
      const { member, text: supplierText } = supplier!;
      const amount = minor(-amounts.amount);
      const credit = { supplier: member, supplierText, ...invoice!, amount, currency };
      return {
        row: row.row,
        credit: { ...credit, corrects: corrects.number, correctsKey: corrects.key, issued: invoiceDate },
      };
    }
    if (!isLine && amounts !== undefined && amounts.amount <= 0n)
      cells.fail(refuse('AMOUNT_NOT_POSITIVE'), 'amount');
    const dueDate = this.#dueDate(cells, invoiceDate);
    if (cells.areBad) return { row: row.row, errors: cells.errors };
    return {
      row: row.row,
      values: {
        supplier: supplier!.member,
        supplierText: supplier!.text,
        invoiceNumber: invoice!.number,
        invoiceKey: invoice!.key,
        invoiceDate,
        dueDate: dueDate!,
        ...amounts!,
        credited: minor(0n),
        currency,
        buyer,
        voucher,
        note,
      },
    };
  }

  /** Known by its name, its tax number, or both: those that say different members are a reason to ask. */
  #supplier(cells: Cells): Supplier | undefined {
    const [name, taxNumber] = [cells.text('supplier'), cells.text('supplierTaxNumber')];
    if (name === '' && taxNumber === '') {
      cells.fail(refuse('VALUE_MISSING'), 'supplier');
      return undefined;
    }
    const at = taxNumber === '' ? 'supplier' : 'supplierTaxNumber';
    const long = textOf(name.length > taxNumber.length ? name : taxNumber, MAX_LENGTH.supplier);
    const members = new Set(
      [taxNumber, name].flatMap((text) => (text === '' ? [] : this.#context.resolveSupplier(text))),
    );
    const [member] = members;
    if (isRefusal(long)) cells.fail(long, at);
    else if (member === undefined) cells.fail(refuse('SUPPLIER_UNKNOWN'), at);
    else if (members.size > 1) cells.fail(refuse('SUPPLIER_AMBIGUOUS'), at);
    else return { member, text: name === '' ? taxNumber : name };
    return undefined;
  }

  /** Refuses what stands for no invoice, stands above already, or says other things in other rows. */
  #invoice(
    cells: Cells,
    supplier: Supplier | undefined,
    row: TableRow,
    isLine: boolean,
  ): NamedInvoice | undefined {
    const isDigital = cells.text('digitalNumber') !== '';
    const field = isDigital ? 'digitalNumber' : 'invoiceNumber';
    const number = cells.required(field, (text) => {
      const short = textOf(text, MAX_LENGTH.invoiceNumber);
      return isRefusal(short) ? short : invoiceNumberOf(short);
    });
    if (number === undefined || supplier === undefined) return undefined;
    const named = this.#named(supplier, number, isDigital ? '' : cells.text('invoiceCode'));
    if (isRefusal(named)) {
      cells.fail(named, FIELDS_OF_REFUSALS[named.refused] ?? field);
      return undefined;
    }
    if (isLine) return named;
    const { rows, differ } = this.#sheet.repeats.of(invoiceOf(cells, this.#context)) ?? {};
    const refusal =
      differ === true
        ? refuse('INVOICE_SEVERAL_ROWS', rows!.join(', '))
        : this.#seen.once(named.key, supplier.member, row.row);
    if (refusal === undefined) return named;
    cells.fail(refusal, field);
    return undefined;
  }

  #named({ member }: Supplier, number: string, code = ''): NamedInvoice | Refusal {
    const seller = this.#context.taxNumberOf(member);
    if (seller === undefined) return refuse('SUPPLIER_WITHOUT_TAX_NUMBER');
    const key = invoiceKey(seller, number, code);
    return isRefusal(key) ? key : { number: /^\d{10,12}-\d{8}$/.test(key) ? key : number, key };
  }

  /** Void, reversed or paid, by a column that is for that or by any cell that says nothing else. */
  #checkStatus(cells: Cells, row: TableRow, isRed: boolean): Misfit | undefined {
    const not = (field: Field) => ({
      refusal: refuse('INVOICE_NOT_OWED'),
      column: this.#columns[field]?.name,
      field,
      value: cells.text(field),
    });
    // A red invoice may be called so: it is the credit itself.
    const isBad = (text: string, is: (text: string) => boolean) =>
      is(isRed ? text.replace(/已?(红冲|冲红|红字)/g, '') : text);
    const flag = cells.text('isVoid');
    if (isBad(cells.text('status'), isNotOwed)) return not('status');
    if (yesOrNo(flag) ?? isBad(flag, isNotOwed)) return not('isVoid');
    if (!isRed && yesOrNo(cells.text('isPositive') || '是') === false) return not('isPositive');
    const at = row.cells.findIndex((cell) => isBad(cell, saysVoid));
    if (at < 0) return undefined;
    return this.#misfitAt(at, refuse('INVOICE_NOT_OWED'), row);
  }

  #buyer(cells: Cells): string | undefined {
    const { buyerIs } = this.#context;
    const check = (text: string) =>
      buyerIs?.(text) === 'other' ? refuse('BUYER_OTHER') : textOf(text, MAX_LENGTH.buyer);
    const taxNumber = cells.optional('buyerTaxNumber', check);
    return cells.optional('buyer', check) ?? taxNumber;
  }

  /** The invoice that a credit says it corrects: in a column of its own, or in its note. */
  #corrected(cells: Cells, supplier: Supplier | undefined): NamedInvoice | undefined {
    const field = cells.text('corrects') === '' ? 'note' : 'corrects';
    const text = field === 'note' ? (correctedIn(cells.text('note')) ?? '') : cells.text('corrects');
    if (text === '' || supplier === undefined) return undefined;
    const number = invoiceNumberOf(text);
    const named = isRefusal(number) ? number : this.#named(supplier, number, cells.text('correctsCode'));
    if (!isRefusal(named)) return named;
    cells.fail(named, field);
    return undefined;
  }

  /** Amounts that do not fit each other are noted where the larger sum stands. */
  #amounts(cells: Cells): { amount: Minor; invoiceTotal: Minor } | undefined {
    const read = (field: 'net' | 'tax' | 'invoiceTotal') =>
      cells.optional(field, (text, typed) => this.#amount(cells, field, text, typed));
    const [net, tax, total] = [read('net'), read('tax'), read('invoiceTotal')];
    const amount = cells.required('amount', (text, typed) => {
      const owed = this.#amount(cells, 'amount', text, typed);
      if (isRefusal(owed)) return owed;
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

  #amount(cells: Cells, field: NumberField, text: string, isTyped: boolean): Minor | Refusal {
    const { currency } = this.#context;
    const unit = cells.isCorrected(field) ? undefined : this.#units[field];
    if (unit?.isScaled === true) return refuse('AMOUNT_IN_THOUSANDS');
    if (unit?.currency !== undefined && unit.currency !== currency) return refuse('CURRENCY_OTHER', currency);
    if (cells.isMerged(field)) return refuse('AMOUNT_MERGED');
    const detected = isTyped ? PLAIN : this.#sheet.detected.numbers[field]!;
    const amount = amountOf(text, currency, detected);
    return (isRefusal(amount) ? undefined : shownOtherwise(cells.shown(field), text, currency)) ?? amount;
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
