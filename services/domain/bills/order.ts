/** A bill before it has a number, as its acceptor orders it: files of payables and requests come to this one form. */
import { canonicalJson } from '../canonical-json.ts';
import type { Restriction } from '../codes.ts';
import type { LegalDate } from '../dates.ts';
import type { InvoiceName } from '../invoices/canonical.ts';

/** `amount`: what of the invoice's `total` backs the bill. Minor units. */
export type BackingInvoice = InvoiceName & { readonly total: bigint; readonly amount: bigint };

export type BillOrder = {
  readonly payee: number;
  /** Minor units. */
  readonly face: bigint;
  readonly due: LegalDate;
  readonly restrictions: readonly Restriction[];
  /** Who alone may hold it besides the payee; nobody in particular where it is empty. */
  readonly named: readonly number[];
  readonly invoices: readonly BackingInvoice[];
  readonly note: string | null;
};

/** What an acceptor forbids: to pass the bill on, to finance it, to hold it for all but these members and the payee. */
export type Restrict = {
  readonly passOn?: false;
  readonly finance?: false;
  readonly members?: readonly number[];
};

export const limitsOf = ({
  passOn,
  finance,
  members,
}: Restrict): Pick<BillOrder, 'restrictions' | 'named'> => ({
  restrictions: [
    ...(passOn === false ? (['not_to_be_passed_on'] as const) : []),
    ...(finance === false ? (['not_to_be_financed'] as const) : []),
    ...(members !== undefined ? (['named_members_only'] as const) : []),
  ],
  named: members ?? [],
});

/** An invoice that a bill names twice is used once, by the sum. With two totals it stays twice: the chain refuses that. */
export function mergeInvoices(invoices: readonly BackingInvoice[]): BackingInvoice[] {
  const merged = new Map<string, BackingInvoice>();
  for (const invoice of invoices) {
    const { seller, code, number, total, amount } = invoice;
    const key = canonicalJson([seller, code, number, String(total)]);
    const before = merged.get(key)?.amount ?? 0n;
    merged.set(key, { ...invoice, amount: before + amount });
  }
  return [...merged.values()];
}
