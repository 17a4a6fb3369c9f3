/** Offers to a member and by it. */
import { offersQuery, readParcelOfBill } from '#db/holdings/read.ts';
import { legalDateOf } from '#domain/dates.ts';
import { at } from '../access/at.ts';
import { memberOf } from '../access/rules.ts';
import type { App } from '../app-types.ts';
import { billView, membersIn, parcelView } from '../bills/views.ts';
import { remembered, sendPage } from '../lists/remembered.ts';
import { Offer } from './schema.ts';

export function registerOffers(app: App): void {
  const { services } = app;

  const writeOffers = remembered(services.names, {
    read: readParcelOfBill,
    members: ({ bill, parcel }) => membersIn(bill, [parcel]),
    item: Offer,
    turns: ({ bill, parcel }) => [bill.due, parcel.offer_until],
    view: ({ bill, parcel }, ref, now) => {
      const until = parcel.offer_until;
      return {
        kind: bill.status === 'offered' ? ('issue' as const) : ('parcel' as const),
        from: ref(parcel.holder),
        to: ref(parcel.offered_to!),
        until: until === null ? null : legalDateOf(until - 1n),
        over: now >= Number(bill.due) || (until !== null && now >= Number(until)),
        parcel: parcelView(parcel, bill, ref),
        bill: billView(bill, ref, now),
      };
    },
  });

  app.route({
    ...at('listOffers'),
    handler: async (request, reply) => {
      const { viewer } = memberOf(request);
      const { query } = request;
      const { direction = 'in' } = query;
      return sendPage(services, reply, {
        viewer,
        query,
        name: 'offers',
        key: ['date', 'bigint', 'bigint'],
        question: (page) => offersQuery(viewer, direction, page),
        write: writeOffers,
      });
    },
  });
}
