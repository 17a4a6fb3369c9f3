/** What credit notes leave of an invoice, and what the chain says of it already. */
import { formatMoney, minor } from '../money.ts';
import { refuse, type Refusal } from './errors.ts';
import type { Payable } from './payables.ts';

/**
 * The payable after all credit notes for its invoice: less is owed, and less can be backed.
 * @param credited All that was ever credited, in minor units.
 */
export function lessCredits(payable: Payable, credited: bigint): Payable | Refusal {
  const more = credited - payable.credited;
  if (more === 0n) return payable;
  const amount = payable.amount - more;
  if (amount <= 0n) return refuse('INVOICE_CREDITED', formatMoney(credited, payable.currency, 'en'));
  return {
    ...payable,
    amount: minor(amount),
    invoiceTotal: minor(payable.invoiceTotal - more),
    credited: minor(credited),
  };
}

/** How the chain knows an invoice: its total and what bills are backed by it. */
export type Registered = { readonly total: bigint; readonly used: bigint };

/**
 * Why the chain would not take it. An invoice in use keeps the total that it was registered with, which may be from before
 * a credit note; what is free of it is counted with the credits in.
 */
export function besideChain(payable: Payable, chain: Registered | undefined): Refusal | undefined {
  if (chain === undefined || chain.used === 0n) return undefined;
  const { amount, invoiceTotal, credited, currency } = payable;
  const money = (value: bigint) => formatMoney(value, currency, 'en');
  if (chain.total < invoiceTotal || chain.total > invoiceTotal + credited) {
    return refuse('INVOICE_TOTAL_DIFFERS', money(chain.total));
  }
  const left = invoiceTotal - chain.used;
  return amount > left ? refuse('INVOICE_OCCUPIED', money(left > 0n ? left : 0n)) : undefined;
}

/** The total with which an invoice is shown to the chain. */
export const chainTotal = (
  { invoiceTotal }: Pick<Payable, 'invoiceTotal'>,
  chain: Registered | undefined,
): bigint => (chain === undefined || chain.used === 0n ? invoiceTotal : chain.total);
