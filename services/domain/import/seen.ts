import { invoiceNumberOf, isRefusal, withCode } from './cells.ts';
import type { ImportContext } from './context.ts';
import { refuse, type Refusal } from './errors.ts';
import { invoiceKey } from './payables.ts';
import type { Cells } from './row-cells.ts';

/** Which invoices and credit notes a file has named so far: each counts once, where it stands first. */
export class Seen {
  readonly #firstRowOf = new Map<string, number>();

  once(
    number: string | Refusal,
    supplier: number | undefined,
    row: number,
    kind: 'invoice' | 'credit' = 'invoice',
  ): string | Refusal {
    if (isRefusal(number) || supplier === undefined) return number;
    const key = `${kind} ${invoiceKey(supplier, number)}`;
    const first = this.#firstRowOf.get(key);
    if (first !== undefined) return refuse('INVOICE_DUPLICATE', String(first));
    this.#firstRowOf.set(key, row);
    return number;
  }
}

/** What tells the invoice of a row from others, before it is known whether the row is any good; undefined when it names none. */
export function invoiceOf(
  cells: Pick<Cells, 'text'>,
  { resolveSupplier }: Pick<ImportContext, 'resolveSupplier'>,
): string | undefined {
  const [digital, number] = [cells.text('digitalNumber'), cells.text('invoiceNumber')];
  const bare = invoiceNumberOf(digital || number);
  if (isRefusal(bare)) return undefined;
  const names = [cells.text('supplierTaxNumber'), cells.text('supplier')].filter(Boolean);
  const member = names.flatMap(resolveSupplier)[0];
  if (member === undefined) return undefined;
  return invoiceKey(member, digital === '' ? withCode(cells.text('invoiceCode'), bare) : bare);
}

/** How many rows of one invoice are named. */
const NAMED = 10;

/** Which invoices of a table stand in several rows, and whether these say the same. */
export class Repeats {
  readonly #firsts = new Map<string, { readonly row: number; readonly said: string }>();
  readonly #repeated = new Map<string, { rows: (number | string)[]; differ: boolean }>();

  take(key: string | undefined, row: number, said: string): void {
    if (key === undefined) return;
    const first = this.#firsts.get(key);
    if (first === undefined) {
      this.#firsts.set(key, { row, said });
      return;
    }
    const found = this.#repeated.get(key) ?? { rows: [first.row], differ: false };
    if (found.rows.length <= NAMED) found.rows.push(found.rows.length < NAMED ? row : '…');
    found.differ ||= first.said !== said;
    this.#repeated.set(key, found);
  }

  of(
    key: string | undefined,
  ): { readonly rows: readonly (number | string)[]; readonly differ: boolean } | undefined {
    return key === undefined ? undefined : this.#repeated.get(key);
  }
}
