/** The invoices that back bills, in their canonical form, or why they cannot. */
import { findMembers } from '#db/members/read.ts';
import {
  canonicalInvoice,
  canonicalTaxNumber,
  isInvoiceName,
  type InvoiceName,
} from '#domain/invoices/canonical.ts';
import type { BillInput, InvoiceInput } from '#domain/instructions/instruction.ts';
import { refused } from '../problems/refused.ts';
import type { Services } from '../services.ts';

/**
 * For each bill its invoices, in order. The payee is their seller: nobody else's invoice backs what is owed to it.
 * Throws INVOICE_CODE_MISSING for eight digits without their code, REQUEST_INVALID for what else is no invoice of the payee.
 */
export async function invoicesOf(
  { db }: Pick<Services, 'db'>,
  bills: readonly BillInput[],
): Promise<InvoiceName[][]> {
  const payees = [...new Set(bills.filter(({ invoices }) => invoices?.length).map(({ payee }) => payee))];
  const taxNumbers = new Map(
    (await findMembers(db, payees)).map(({ number, tax_id }) => [
      number,
      tax_id === null ? undefined : canonicalTaxNumber(tax_id),
    ]),
  );
  return bills.map(({ payee, invoices = [] }, n) =>
    invoices.map((invoice, i) => {
      const place: Place = { path: `bills/${n}/invoices/${i}`, number: invoice.number };
      const name = nameOf(invoice, place);
      const taxNumber = taxNumbers.get(payee);
      if (taxNumber === undefined) throw refused('PAYEE_WITHOUT_TAX_NUMBER', { ...place, payee });
      if (name.seller !== taxNumber)
        throw refused('SELLER_NOT_PAYEE', { ...place, seller: name.seller, taxNumber });
      return name;
    }),
  );
}

type Place = { readonly path: string; readonly number: string };

function nameOf(invoice: InvoiceInput, place: Place): InvoiceName {
  const name = canonicalInvoice(invoice);
  if (isInvoiceName(name)) return name;
  throw refused(`INVOICE_${name}`, place);
}
