/** Orders of bills: as a request asks for them, and as they are kept with what is signed. */
import { limitsOf, mergeInvoices, type BillOrder } from '#domain/bills/order.ts';
import { parseLegalDate } from '#domain/dates.ts';
import type { Currency } from '#domain/money.ts';
import type { BillInput } from '#domain/instructions/instruction.ts';
import { invoicesOf } from '../invoices/backing.ts';
import { money, readMoney } from '../schemas/money.ts';
import type { Services } from '../services.ts';

/** Throws REQUEST_INVALID for a date, a currency or an invoice that makes no sense, INVOICE_CODE_MISSING for half a number. */
export async function ordersOf(services: Services, bills: readonly BillInput[]): Promise<BillOrder[]> {
  const { currency } = services.deployment;
  const names = await invoicesOf(services, bills);
  return bills.map(({ payee, face, due, restrict = {}, invoices = [], note = null }, n) => ({
    payee,
    face: readMoney(face, currency),
    due: parseLegalDate(due),
    ...limitsOf(restrict),
    invoices: mergeInvoices(
      invoices.map(({ total, amount }, i) => ({
        ...names[n]![i]!,
        total: readMoney(total, currency),
        amount: readMoney(amount, currency),
      })),
    ),
    note,
  }));
}

/** An order that did not come as a request, as one would have asked for it. */
export function inputOf(
  { payee, face, due, restrictions, named, invoices, note }: BillOrder,
  currency: Currency,
): BillInput {
  const restrict = {
    ...(restrictions.includes('not_to_be_passed_on') ? { passOn: false as const } : {}),
    ...(restrictions.includes('not_to_be_financed') ? { finance: false as const } : {}),
    ...(restrictions.includes('named_members_only') ? { members: [...named] } : {}),
  };
  return {
    payee,
    face: money(face, currency),
    due,
    ...(restrictions.length === 0 ? {} : { restrict }),
    invoices: invoices.map(({ total, amount, ...name }) => ({
      ...name,
      total: money(total, currency),
      amount: money(amount, currency),
    })),
    ...(note === null ? {} : { note }),
  };
}
