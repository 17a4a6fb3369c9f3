import { listDeals, type DealRow } from '#db/sales/deals.ts';
import { readPortfolio } from '#db/holdings/portfolio.ts';
import { billsOfInvoice } from '#db/invoices/bills.ts';
import { listClaimedInvoices } from '#db/invoices/claims.ts';
import { findBill } from '#db/bills/read.ts';
import { listRulePacks } from '#db/rules/read.ts';
import { readSupervision, type Share } from '#db/supervision/read.ts';
import { toHex } from '#db/wire/bytes.ts';
import { RECOURSE_NUMBERS } from '#chain/typed-data.ts';
import { daysBetween, legalDateOf, parseLegalDate } from '#domain/dates.ts';
import { displayRange, formatId } from '#domain/bills/intervals.ts';
import { searchedNumber } from '#domain/invoices/canonical.ts';
import { formatRate, ratePpm } from '#domain/money.ts';
import { Problem } from '#domain/problems.ts';
import { roundHalfUp } from '#domain/rounding.ts';
import { memberOf } from '../access/rules.ts';
import type { App } from '../app-types.ts';
import { filtersOf, pageOf } from '../lists/lists.ts';
import { billView, membersIn } from '../bills/views.ts';
import { documentView } from '../bills/documents.ts';
import { claimedInvoices } from '../invoices/views.ts';
import { money } from '../schemas/money.ts';
import { rulePackView } from '../rules/views.ts';
import { momentOf } from '../bills/routes.ts';
import { at } from '../access/at.ts';

export function overviewRoutes(app: App): void {
  const { services } = app;
  const { db, names, clock, deployment } = services;
  const inMoney = (amount: bigint) => money(amount, deployment.currency);

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
            ...costOf(row),
          }));
        },
      );
    },
  });

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
          return bill ? uses.map((invoice) => ({ ...invoice, bill: billView(bill, ref, moment) })) : [];
        }),
      };
    },
  });

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

  app.route({
    ...at('listRulePacks'),
    handler: async () => {
      const [rows, now] = await Promise.all([listRulePacks(db), clock.now()]);
      return { items: rows.map((pack) => rulePackView(pack, now)) };
    },
  });
}

const RECOURSE_NAMES = Object.fromEntries(
  Object.entries(RECOURSE_NUMBERS).map(([name, number]) => [number, name]),
) as Record<number, keyof typeof RECOURSE_NUMBERS>;

/** ((amount − net) / net) × 365 (or 360) / days, as #domain/sales/pricing.ts has it; on the day it is due for one day. */
function costOf(deal: DealRow) {
  const days = Math.max(1, daysBetween(legalDateOf(deal.at.getTime() / 1_000), parseLegalDate(deal.due_on)));
  const yearly = (year: bigint): string =>
    deal.price_minor <= 0n
      ? formatRate(ratePpm(0n))
      : formatRate(
          ratePpm(
            roundHalfUp(
              (deal.amount_minor - deal.price_minor) * year * 1_000_000n,
              deal.price_minor * BigInt(days),
            ),
          ),
        );
  return { days, yearlyCost365: yearly(365n), yearlyCost360: yearly(360n) };
}
