import { toBytes } from '#db/bytes.ts';
import type { Handlers } from './handlers.ts';

export const invoices: Handlers<'invoices'> = {
  InvoiceBacked: async (ledger, { invoiceId, billNo, total, amount, used }) => {
    const invoice_id = toBytes(invoiceId);
    await ledger.invoices.set({ invoice_id, total_minor: total, used_minor: used });
    const before = (await ledger.invoiceUses.get({ bill_no: billNo, invoice_id }))?.amount_minor ?? 0n;
    await ledger.invoiceUses.set({
      bill_no: billNo,
      invoice_id,
      amount_minor: before + amount,
      freed: false,
    });
  },
  InvoiceFreed: async (ledger, { invoiceId, billNo, used }) => {
    const invoice_id = toBytes(invoiceId);
    await ledger.invoices.change({ invoice_id }, { used_minor: used });
    await ledger.invoiceUses.change({ bill_no: billNo, invoice_id }, { freed: true });
  },
};
