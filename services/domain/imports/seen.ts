import { invoiceNumberOf, isRefusal } from './cells.ts';
import type { ImportContext } from './context.ts';
import { refuse, type Refusal } from './errors.ts';
import { invoiceKey } from './invoice-names.ts';
import type { Cells } from './row-cells.ts';

/** Which invoices and credit notes a file has named so far: each counts once, where it stands first. */
export class Seen {
  readonly #firstRowOf = new Map<string, number>();

  /** @param key Of the invoice, among those of its supplier. */
  once(
    key: string,
    supplier: number,
    row: number,
    kind: 'invoice' | 'credit' = 'invoice',
  ): Refusal | undefined {
    const name = `${kind} ${supplier} ${key}`;
    const first = this.#firstRowOf.get(name);
    if (first !== undefined) return refuse('INVOICE_DUPLICATE', String(first));
    this.#firstRowOf.set(name, row);
    return undefined;
  }
}

/** What tells the invoice of a row from others, before it is known whether the row is any good; undefined when it names none. */
export function invoiceOf(
  cells: Pick<Cells, 'text'>,
  { resolveSupplier, taxNumberOf }: Pick<ImportContext, 'resolveSupplier' | 'taxNumberOf'>,
): string | undefined {
  const [digital, number] = [cells.text('digitalNumber'), cells.text('invoiceNumber')];
  const bare = invoiceNumberOf(digital || number);
  if (isRefusal(bare)) return undefined;
  const names = [cells.text('supplierTaxNumber'), cells.text('supplier')].filter(Boolean);
  const member = names.flatMap(resolveSupplier)[0];
  const seller = member === undefined ? undefined : taxNumberOf(member);
  if (seller === undefined) return undefined;
  const key = invoiceKey(seller, bare, digital === '' ? cells.text('invoiceCode') : '');
  return isRefusal(key) ? undefined : `${member} ${key}`;
}

/** How many rows of one invoice are named. */
const NAMED = 10;

/** Which invoices of a table stand in several rows, and whether these say the same. */
export class Repeats {
  readonly #firsts = new Map<string, { readonly row: number; readonly said: string }>();
  readonly #repeated = new Map<string, { rows: (number | string)[]; count: number; differ: boolean }>();

  take(key: string | undefined, row: number, said: string): void {
    if (key === undefined) return;
    const first = this.#firsts.get(key);
    if (first === undefined) {
      this.#firsts.set(key, { row, said });
      return;
    }
    const found = this.#repeated.get(key) ?? { rows: [first.row], count: 1, differ: false };
    found.count += 1;
    if (found.rows.length <= NAMED) found.rows.push(found.rows.length < NAMED ? row : '…');
    found.differ ||= first.said !== said;
    this.#repeated.set(key, found);
  }

  of(
    key: string | undefined,
  ):
    | { readonly rows: readonly (number | string)[]; readonly count: number; readonly differ: boolean }
    | undefined {
    return key === undefined ? undefined : this.#repeated.get(key);
  }
}
