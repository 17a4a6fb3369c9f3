/** The cells of one row by field, and every refusal with its place. */
import { isRefusal } from './cells.ts';
import type { Column, Field } from './columns.ts';
import { errorAt, refuse, type Refusal, type RowError } from './errors.ts';
import type { TableRow } from './table.ts';

export type Columns = Partial<Record<Field, Column>>;

/** Fields that are told by what a cell shows (00123456), where others are by what it holds (123456). */
const AS_SHOWN: ReadonlySet<Field> = new Set<Field>([
  'supplier',
  'supplierTaxNumber',
  'invoiceNumber',
  'digitalNumber',
  'invoiceCode',
  'corrects',
  'correctsCode',
  'status',
  'isVoid',
  'buyer',
  'buyerTaxNumber',
  'voucher',
  'note',
]);

export class Cells {
  readonly #refused: RowError[] = [];
  readonly #row: TableRow;
  readonly #columns: Columns;

  constructor(row: TableRow, columns: Columns) {
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
    if (index === undefined) return '';
    return (AS_SHOWN.has(field) ? this.shown(field) : undefined) ?? this.#row.cells[index] ?? '';
  }

  /** How a workbook shows the number of a cell, where that is not how it is kept. */
  shown(field: Field): string | undefined {
    const index = this.#columns[field]?.index;
    return index === undefined ? undefined : this.#row.shown?.get(index);
  }

  /** Whether one cell stands for this row and others. */
  isMerged(field: Field): boolean {
    const index = this.#columns[field]?.index;
    return index !== undefined && this.#row.merged?.has(index) === true;
  }

  /** Whether a person has put the cell right: what stands there is plain, in single units. */
  isCorrected(field: Field): boolean {
    const index = this.#columns[field]?.index;
    return index !== undefined && this.#row.corrected?.has(index) === true;
  }

  fail(refusal: Refusal, field: Field): void {
    const { row } = this.#row;
    this.#refused.push(errorAt(refusal, row, this.#columns[field]?.name, this.text(field), field));
  }

  required<T>(field: Field, read: (text: string, isTyped: boolean) => T | Refusal) {
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

export const fieldAt = (columns: Columns, index: number): Field | undefined =>
  (Object.keys(columns) as Field[]).find((field) => columns[field]!.index === index);

/** The columns of the fields by the names that a mapping gives. */
export const columnsOfFields = (
  columns: readonly Column[],
  mapping: Readonly<Partial<Record<Field, string>>>,
): Columns =>
  Object.fromEntries(
    Object.entries(mapping).flatMap(([field, name]) => {
      const column = columns.find((column) => column.name === name);
      return column === undefined ? [] : [[field, column]];
    }),
  );
