/** Offers to a member and by it. */
import { offersQuestion, readParcelOfBill } from '#db/holdings/read.ts';
import { statusQuestion } from '#db/status/read.ts';
import { askAs } from '#db/wire/trip.ts';
import { legalDateOf } from '#domain/dates.ts';
import { at } from '../access/at.ts';
import { memberOf } from '../access/rules.ts';
import type { App } from '../app-types.ts';
import { billView, membersIn, parcelView } from '../bills/views.ts';
import { filtersOf, pageOf } from '../lists/lists.ts';
import { remembered, sendPage } from '../lists/remembered.ts';
import { momentAt } from '../status/moment.ts';
import { Offer } from './schema.ts';

export function registerOffers(app: App): void {
  const { db, names, clock } = app.services;

  const writeOffers = remembered(names, {
    read: readParcelOfBill,
    members: ({ bill, parcel }) => membersIn(bill, [parcel]),
    closing: '}',
    item: Offer,
    turns: ({ bill, parcel }) => [bill.due, parcel.offer_until],
    view: ({ bill, parcel }, ref, moment) => {
      const until = parcel.offer_until;
      const now = BigInt(moment.now);
      return {
        kind: bill.status === 'offered' ? ('issue' as const) : ('parcel' as const),
        from: ref(parcel.holder),
        to: ref(parcel.offered_to!),
        until: until === null ? null : legalDateOf(until - 1n),
        over: now >= bill.due || (until !== null && now >= until),
        parcel: parcelView(parcel, bill, ref),
        bill: billView(bill, ref, moment),
      };
    },
  });

  app.route({
    ...at('listOffers'),
    handler: async (request, reply) => {
      const { viewer } = memberOf(request);
      const { query } = request;
      const { direction = 'in' } = query;
      const instant = await clock.now();
      const written = await pageOf(
        query,
        ['offers', viewer.member, filtersOf(query)],
        ['date', 'bigint', 'bigint'],
        async (page) => {
          const question = offersQuestion(viewer, direction, page);
          const [status, offers] = await askAs(db, viewer, statusQuestion, question);
          return { ...offers, moment: momentAt(instant, status) };
        },
        (rows, { moment }) => writeOffers(rows, moment),
      );
      return sendPage(reply, written);
    },
  });
}
