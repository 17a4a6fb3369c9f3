/** What a member holds. */
import { readPortfolio } from '#db/holdings/portfolio.ts';
import { holdingsQuestion, readParcelOfBill } from '#db/holdings/read.ts';
import { statusQuestion } from '#db/status/read.ts';
import { askAs } from '#db/wire/trip.ts';
import { at } from '../access/at.ts';
import { memberOf } from '../access/rules.ts';
import type { App } from '../app-types.ts';
import { billView, membersIn, parcelView } from '../bills/views.ts';
import { filtersOf, pageOf } from '../lists/lists.ts';
import { remembered, sendPage } from '../lists/remembered.ts';
import { requireDates } from '../lists/dates.ts';
import { money } from '../schemas/money.ts';
import { momentAt } from '../status/moment.ts';
import { Holding } from './schema.ts';

export function registerHoldings(app: App): void {
  const { db, names, clock, deployment } = app.services;
  const inMoney = (amount: bigint) => money(amount, deployment.currency);

  const writeHoldings = remembered(names, {
    read: readParcelOfBill,
    members: ({ bill, parcel }) => membersIn(bill, [parcel]),
    closing: '}',
    item: Holding,
    turns: ({ bill }) => [bill.due],
    view: ({ bill, parcel }, ref, moment) => ({
      parcel: parcelView(parcel, bill, ref),
      bill: billView(bill, ref, moment),
    }),
  });

  app.route({
    ...at('listHoldings'),
    handler: async (request, reply) => {
      const { viewer } = memberOf(request);
      const { query } = request;
      const { sort = 'due', dueFrom, dueTo } = query;
      requireDates(dueFrom, dueTo);
      const now = await clock.now();
      const written = await pageOf(
        query,
        ['holdings', viewer.member, filtersOf(query)],
        [sort.endsWith('amount') ? 'bigint' : 'date', 'bigint', 'bigint'],
        async (page) => {
          const question = holdingsQuestion(viewer, { ...query, sort }, page);
          const [status, holdings] = await askAs(db, viewer, statusQuestion, question);
          return { ...holdings, moment: momentAt(now, status) };
        },
        (rows, { moment }) => writeHoldings(rows, moment),
      );
      return sendPage(reply, written);
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
