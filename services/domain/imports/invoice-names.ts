/** The name of an invoice in a file: read in its canonical form, or refused. */
import { canonicalInvoice, isInvoiceName, type InvoiceFault } from '../invoices/canonical.ts';
import { refuse, type Refusal, type RowErrorCode } from './errors.ts';

/** What tells an invoice from every other of the same seller: code and number in their canonical form. */
export function invoiceKey(seller: string, number: string, code?: string): string | Refusal {
  const name = canonicalInvoice({ seller, number, code });
  if (!isInvoiceName(name)) return refuse(REFUSALS[name]);
  return name.code === '' ? name.number : `${name.code}-${name.number}`;
}

const REFUSALS: Readonly<Record<InvoiceFault, RowErrorCode>> = {
  SELLER_UNREADABLE: 'SUPPLIER_WITHOUT_TAX_NUMBER',
  NUMBER_UNREADABLE: 'INVOICE_NUMBER_UNREADABLE',
  CODE_MISSING: 'INVOICE_CODE_MISSING',
  CODE_INVALID: 'INVOICE_CODE_INVALID',
};
