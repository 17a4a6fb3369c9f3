/** What a member holds. */
import { readPortfolio } from '#db/holdings/portfolio.ts';
import { holdingsQuery, readParcelOfBill } from '#db/holdings/read.ts';
import { at } from '../access/at.ts';
import { memberOf } from '../access/rules.ts';
import type { App } from '../app-types.ts';
import { billView, membersIn, parcelView } from '../bills/views.ts';
import { remembered, sendPage } from '../lists/remembered.ts';
import { requireDates } from '../lists/dates.ts';
import { money } from '../schemas/money.ts';
import { Holding } from './schema.ts';

export function registerHoldings(app: App): void {
  const { services } = app;
  const { db, names, deployment } = services;
  const inMoney = (amount: bigint) => money(amount, deployment.currency);

  const writeHoldings = remembered(names, {
    read: readParcelOfBill,
    members: ({ bill, parcel }) => membersIn(bill, [parcel]),
    item: Holding,
    turns: ({ bill }) => [bill.due],
    view: ({ bill, parcel }, ref, now) => ({
      parcel: parcelView(parcel, bill, ref),
      bill: billView(bill, ref, now),
    }),
  });

  app.route({
    ...at('listHoldings'),
    handler: async (request, reply) => {
      const { viewer } = memberOf(request);
      const { query } = request;
      const { sort = 'due', dueFrom, dueTo } = query;
      requireDates(dueFrom, dueTo);
      return sendPage(services, reply, {
        viewer,
        query,
        name: 'holdings',
        key: [sort.endsWith('amount') ? 'bigint' : 'date', 'bigint', 'bigint'],
        question: (page) => holdingsQuery(viewer, { ...query, sort }, page),
        write: writeHoldings,
      });
    },
  });

  app.route({
    ...at('getPortfolio'),
    handler: async (request) => {
      const rows = await readPortfolio(db, memberOf(request).viewer);
      const ref = await names.of(rows.map(({ acceptor }) => acceptor));
      return {
        items: rows.map(({ acceptor, month, amount, parcels }) => ({
          acceptor: ref(acceptor),
          month,
          amount: inMoney(amount),
          parcels: Number(parcels),
        })),
      };
    },
  });
}
