/** Invoices: which bills lay claim to them. */
import { Type } from 'typebox';
import { route } from '../access/route.ts';
import { Bill, ClaimedInvoice } from '../bills/schema.ts';
import { Hash, Money, Nullable, PageOf, pageQuery, Query, strict, withProblems } from '../schemas/common.ts';

const invoices = { tags: ['invoices'] };

export const invoiceRoutes = {
  listInvoices: route('GET', '/api/invoices', 'members', {
    summary: 'Your invoices that bills lay claim to, taken or not, by number',
    description:
      'A bill that you have not taken occupies your invoice until you refuse it or its issuer withdraws it.',
    ...invoices,
    querystring: Query({ ...pageQuery }),
    response: withProblems({ 200: PageOf(ClaimedInvoice) }),
  }),
  listInvoiceBills: route('GET', '/api/invoices/bills', 'members', {
    summary: 'Bills that an invoice of this number backs, as far as you may see them',
    ...invoices,
    querystring: Query({ number: Type.String({ minLength: 1, maxLength: 100 }) }),
    response: withProblems({
      200: Type.Object(
        {
          items: Type.Array(
            Type.Object(
              {
                invoiceId: Hash,
                seller: Type.String(),
                code: Nullable(Type.String()),
                number: Type.String(),
                total: Money,
                amount: Money,
                bill: Bill,
              },
              { ...strict, title: 'InvoiceBill' },
            ),
          ),
        },
        { ...strict, title: 'InvoiceBills' },
      ),
    }),
  }),
};
