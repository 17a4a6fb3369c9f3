/** Members by all that a firm's books may call them: names, tax number, member number. */
import type { Payable } from '#domain/imports/payables.ts';
import { tidy } from '#domain/imports/table.ts';
import {
  canonicalInvoice,
  canonicalTaxNumber,
  isInvoiceName,
  type InvoiceName,
} from '#domain/invoices/canonical.ts';
import type { MemberRow } from '#db/members/read.ts';

export class Directory {
  readonly #byText = new Map<string, Set<number>>();
  readonly #taxNumbers = new Map<number, string>();

  constructor(members: readonly Pick<MemberRow, 'number' | 'name_zh' | 'name_en' | 'tax_id'>[]) {
    for (const { number, name_zh, name_en, tax_id } of members) {
      const taxNumber = canonicalTaxNumber(tax_id ?? '');
      if (taxNumber !== undefined) this.#taxNumbers.set(number, taxNumber);
      for (const text of [String(number), name_zh, name_en, tax_id]) {
        if (text === null || text === '') continue;
        const key = keyOf(text);
        this.#byText.set(key, (this.#byText.get(key) ?? new Set()).add(number));
      }
    }
  }

  find(text: string): number[] {
    return [...(this.#byText.get(keyOf(text)) ?? [])];
  }

  /** By which the seller of an invoice is known. */
  taxNumberOf(member: number): string | undefined {
    return this.#taxNumbers.get(member);
  }

  /** Undefined when the supplier has lost its tax number, or the number reads otherwise than it did. */
  invoiceOf({ supplier, invoiceKey: number }: PayableName): InvoiceName | undefined {
    const seller = this.#taxNumbers.get(supplier);
    const name = seller === undefined ? undefined : canonicalInvoice({ seller, number });
    return name !== undefined && isInvoiceName(name) ? name : undefined;
  }
}

type PayableName = Pick<Payable, 'supplier' | 'invoiceKey'>;

/** By what names are compared. */
export const keyOf = (text: string): string => tidy(text).toLowerCase();
