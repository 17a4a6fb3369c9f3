/** What waits for a member, and its settlement calendar. */
import { listCalendar } from '#db/home/calendar.ts';
import { INBOX_KINDS, readInbox } from '#db/home/inbox.ts';
import { formatId, parcelId } from '#domain/bills/intervals.ts';
import { addDays, legalDateOf } from '#domain/dates.ts';
import { at } from '../access/at.ts';
import { memberOf } from '../access/rules.ts';
import type { App } from '../app-types.ts';
import { requireDates } from '../lists/dates.ts';
import { toSign } from '../instructions/waiting.ts';
import { quotesToSign } from '../sales/to-sign.ts';
import { filtersOf, pageOf } from '../lists/lists.ts';
import { money } from '../schemas/money.ts';

/** Payments show in the inbox this many days before they are due. */
const PAY_AHEAD = 7;
const INBOX_LIMIT = 100;

export function registerHome(app: App): void {
  const { services } = app;
  const { db, names, clock, deployment } = services;
  const inMoney = (amount: bigint) => money(amount, deployment.currency);

  app.route({
    ...at('getInbox'),
    handler: async (request) => {
      const by = memberOf(request);
      const { viewer } = by;
      const now = await clock.now();
      const payUntil = addDays(legalDateOf(now), PAY_AHEAD);
      const [{ rows, counts }, waiting, quotes] = await Promise.all([
        readInbox(db, viewer, { now, payUntil }, INBOX_LIMIT),
        toSign(services, by),
        quotesToSign(services, by),
      ]);
      const ref = await names.of(rows.map(({ from_member }) => from_member));
      return {
        items: rows.map((row) => ({
          kind: row.kind,
          at: row.at?.toISOString() ?? null,
          due: row.due_on,
          billNo: formatId(row.bill_no),
          parcel: row.first === null ? null : formatId(parcelId(row.bill_no, row.first)),
          request: row.request_id,
          from: row.from_member === null ? null : ref(row.from_member),
          amount: inMoney(row.amount),
          count: Number(row.entries),
        })),
        toSign: waiting,
        quotesToSign: quotes,
        counts: {
          sign_instruction: waiting.length,
          sign_quote: quotes.length,
          ...(Object.fromEntries(INBOX_KINDS.map((kind) => [kind, counts[kind]])) as typeof counts),
        },
      };
    },
  });

  app.route({
    ...at('listCalendar'),
    handler: async (request) => {
      const { viewer } = memberOf(request);
      const { query } = request;
      const { from, to } = query;
      requireDates(from, to);
      const today = legalDateOf(await clock.now());
      return pageOf(
        query,
        ['calendar', viewer.member, filtersOf(query)],
        ['date'],
        (page) => listCalendar(db, viewer, { today, from, to }, page),
        (rows) =>
          rows.map((row) => ({
            due: row.due_on,
            pay: inMoney(row.pay),
            payBills: Number(row.pay_bills),
            untaken: inMoney(row.untaken),
            untakenBills: Number(row.untaken_bills),
            receive: inMoney(row.receive),
            receiveParcels: Number(row.receive_parcels),
            paidIn: inMoney(row.paid_in),
          })),
      );
    },
  });
}
