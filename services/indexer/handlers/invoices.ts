import type { Handlers } from './handlers.ts';

export const invoices = {
  InvoiceBacked: async (ledger, { invoiceId: invoice_id, billNo, total, amount, used }) => {
    const { payee } = await ledger.bills.must({ bill_no: billNo });
    await ledger.invoices.set({ payee, invoice_id, total_minor: total, used_minor: used });
    const before = (await ledger.invoiceUses.get({ bill_no: billNo, invoice_id }))?.amount_minor ?? 0n;
    await ledger.invoiceUses.set({
      bill_no: billNo,
      invoice_id,
      amount_minor: before + amount,
      freed: false,
    });
  },
  InvoiceFreed: async (ledger, { invoiceId: invoice_id, billNo, used }) => {
    const { payee } = await ledger.bills.must({ bill_no: billNo });
    await ledger.invoices.change({ payee, invoice_id }, { used_minor: used });
    await ledger.invoiceUses.change({ bill_no: billNo, invoice_id }, { freed: true });
  },
} satisfies Partial<Handlers<'bills'>>;
