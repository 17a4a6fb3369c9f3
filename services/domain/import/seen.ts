import { isRefusal } from './cells.ts';
import { refuse, type Refusal } from './errors.ts';
import { invoiceKey } from './payables.ts';

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
