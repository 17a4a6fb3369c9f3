/** What a regulator sees of all bills together. */
import { readSupervision, type Share } from '#db/supervision/read.ts';
import { formatId } from '#domain/bills/intervals.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../access/at.ts';
import { memberOf } from '../access/rules.ts';
import type { App } from '../app-types.ts';
import { money } from '../schemas/money.ts';

export function registerSupervision(app: App): void {
  const { db, names, clock, deployment } = app.services;
  const inMoney = (amount: bigint) => money(amount, deployment.currency);

  app.route({
    ...at('getSupervision'),
    handler: async (request) => {
      const { viewer } = memberOf(request);
      if (!viewer.seesAll) throw new Problem('FORBIDDEN');
      const { totals, obligors, holders, layers, crowded } = await readSupervision(
        db,
        viewer,
        await clock.now(),
      );
      const ref = await names.of([
        ...[...obligors, ...holders].map(({ member }) => member),
        ...crowded.map(({ acceptor }) => acceptor),
      ]);
      const share = ({ member, amount, overdue, entries }: Share) => ({
        member: ref(member),
        amount: inMoney(amount),
        overdue: inMoney(overdue),
        entries: Number(entries),
      });
      return {
        totals: {
          bills: Number(totals.bills),
          offered: Number(totals.offered),
          settled: Number(totals.settled),
          face: inMoney(totals.face),
          open: inMoney(totals.open),
          overdue: inMoney(totals.overdue),
          overdueBills: Number(totals.overdue_bills),
          financed: inMoney(totals.financed),
        },
        obligors: obligors.map(share),
        holders: holders.map(share),
        layers: layers.map(({ layer, amount, parcels }) => ({
          layer,
          amount: inMoney(amount),
          parcels: Number(parcels),
        })),
        crowded: crowded.map(({ bill_no, acceptor, splits, max_splits }) => ({
          billNo: formatId(bill_no),
          acceptor: ref(acceptor),
          splits,
          expected: max_splits,
        })),
      };
    },
  });
}
