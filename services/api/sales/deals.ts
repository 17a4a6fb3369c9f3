/** Sales that were made, with what they cost a year. */
import { RECOURSE_NUMBERS } from '#chain/typed-data.ts';
import { listDeals, type DealRow } from '#db/sales/deals.ts';
import { toHex } from '#db/wire/bytes.ts';
import { displayRange, formatId } from '#domain/bills/intervals.ts';
import { legalDateOf, parseLegalDate } from '#domain/dates.ts';
import { formatRate, ratePpm } from '#domain/money.ts';
import { costOf } from '#domain/sales/pricing.ts';
import { at } from '../access/at.ts';
import { memberOf } from '../access/rules.ts';
import type { App } from '../app-types.ts';
import { filtersOf, pageOf } from '../lists/lists.ts';
import { money } from '../schemas/money.ts';

export function registerDeals(app: App): void {
  const { db, names, deployment } = app.services;
  const inMoney = (amount: bigint) => money(amount, deployment.currency);

  app.route({
    ...at('listDeals'),
    handler: async (request) => {
      const { viewer } = memberOf(request);
      const { query } = request;
      const { side = 'sold' } = query;
      return pageOf(
        query,
        ['deals', viewer.member, filtersOf(query)],
        ['bigint', 'int'],
        (page) => listDeals(db, viewer, side, page),
        async (rows) => {
          const ref = await names.of(rows.flatMap(({ seller, bank, acceptor }) => [seller, bank, acceptor]));
          return rows.map((row) => ({
            id: `${row.block_number}-${row.log_index}`,
            at: row.at.toISOString(),
            tx: toHex(row.tx_hash),
            seller: ref(row.seller),
            bank: ref(row.bank),
            acceptor: ref(row.acceptor),
            billNo: formatId(row.bill_no),
            range: displayRange({ first: row.first, end: row.first + row.amount_minor }),
            due: row.due_on,
            amount: inMoney(row.amount_minor),
            rate: formatRate(ratePpm(row.rate_ppm)),
            interest: inMoney(row.interest_minor),
            fee: inMoney(row.fee_minor),
            price: inMoney(row.price_minor),
            recourse: RECOURSE_NAMES[row.recourse] ?? 'without',
            ...costView(row),
          }));
        },
      );
    },
  });
}

const RECOURSE_NAMES = Object.fromEntries(
  Object.entries(RECOURSE_NUMBERS).map(([name, number]) => [number, name]),
) as Record<number, keyof typeof RECOURSE_NUMBERS>;

function costView({ at, due_on, amount_minor: amount, price_minor: net }: DealRow) {
  const sold = legalDateOf(at.getTime() / 1_000);
  const { days, yearlyCost365, yearlyCost360 } = costOf({ amount, net, sold, due: parseLegalDate(due_on) });
  return { days, yearlyCost365: formatRate(yearlyCost365), yearlyCost360: formatRate(yearlyCost360) };
}
