/** Invoices with the bills that lay claim to them. */
import { findBill } from '#db/bills/read.ts';
import { billsOfInvoice } from '#db/invoices/bills.ts';
import { listClaimedInvoices } from '#db/invoices/claims.ts';
import { searchedNumber } from '#domain/invoices/canonical.ts';
import { at } from '../access/at.ts';
import { memberOf } from '../access/rules.ts';
import type { App } from '../app-types.ts';
import { documentView } from '../bills/documents.ts';
import { billView, membersIn } from '../bills/views.ts';
import { pageOf } from '../lists/lists.ts';
import { momentOf, momentView } from '../status/moment.ts';
import { claimedInvoices } from './views.ts';

export function registerInvoices(app: App): void {
  const { services } = app;
  const { db, names } = services;

  app.route({
    ...at('listInvoices'),
    handler: async (request) => {
      const by = memberOf(request);
      return pageOf(
        request.query,
        ['invoices', by.number],
        ['text', 'hash'],
        (page) => listClaimedInvoices(db, by.viewer, page),
        (rows) => claimedInvoices(services, by, rows),
      );
    },
  });

  app.route({
    ...at('listInvoiceBills'),
    handler: async (request) => {
      const { viewer } = memberOf(request);
      const number = searchedNumber(request.query.number);
      const moment = await momentOf(services);
      const rows = await billsOfInvoice(db, viewer, number);
      const bills = await Promise.all(rows.map(({ bill_no }) => findBill(db, viewer, bill_no)));
      const ref = await names.of(bills.flatMap((bill) => (bill ? membersIn(bill) : [])));
      return {
        items: rows.flatMap(({ canonical }, index) => {
          const bill = bills[index];
          const uses = documentView(canonical).invoices.filter((invoice) => invoice.number === number);
          return bill ? uses.map((invoice) => ({ ...invoice, bill: billView(bill, ref, moment.now) })) : [];
        }),
        ...momentView(moment),
      };
    },
  });
}
