import { addDays, instantOf, legalDateOf, parseLegalDate } from '#domain/dates.ts';
import { formatId, parcelId } from '#domain/bills/intervals.ts';
import { toHex } from '#db/wire/bytes.ts';
import { listCalendar } from '#db/home/calendar.ts';
import { balanceQuery, cashStatement } from '#db/cash/read.ts';
import { holdingsQuery, offersQuery, readParcelOfBill, type ParcelOfBill } from '#db/holdings/read.ts';
import { INBOX_KINDS, readInbox } from '#db/home/inbox.ts';
import { listLines } from '#db/lines/read.ts';
import { listRedemptions, settlementBook, settlementDays } from '#db/cash/redemptions.ts';
import { memberOf } from '../access/rules.ts';
import type { App } from '../app-types.ts';
import { endOf } from '../instructions/draft.ts';
import { filtersOf, pageOf } from '../lists/lists.ts';
import { ROLE_BITS } from '#domain/codes.ts';
import { Problem } from '#domain/problems.ts';
import { readModelStatus, statusQuery } from '#db/status/read.ts';
import { ask } from '#db/access/access.ts';
import { Holding, Offer } from './schema.ts';
import { billView, membersIn, parcelView } from '../bills/views.ts';
import { lineView } from '../lines/views.ts';
import { money } from '../schemas/money.ts';
import { remembered, sendPage } from '../lists/remembered.ts';
import { momentAt, requireDates } from '../bills/routes.ts';
import { at } from '../access/at.ts';

/** Payments show in the inbox this many days before they are due. */
const PAY_AHEAD = 7;
const INBOX_LIMIT = 100;
/** Days with deposits or redemptions that a settlement bank's book shows. */
const SETTLEMENT_DAYS = 31;

export function mineRoutes(app: App): void {
  const { services } = app;
  const { db, names, clock, deployment } = services;
  const inMoney = (amount: bigint) => money(amount, deployment.currency);

  const parcelOfBill = {
    read: readParcelOfBill,
    members: ({ bill, parcel }: ParcelOfBill) => membersIn(bill, [parcel]),
    closing: '}',
  } as const;
  const writeHoldings = remembered(names, {
    ...parcelOfBill,
    item: Holding,
    turns: ({ bill }) => [bill.due],
    view: ({ bill, parcel }, ref, moment) => ({
      parcel: parcelView(parcel, bill, ref),
      bill: billView(bill, ref, moment),
    }),
  });
  const writeOffers = remembered(names, {
    ...parcelOfBill,
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
          const wanted = holdingsQuery(viewer, { ...query, sort }, page);
          const [status, holdings] = await ask(db, viewer, statusQuery, wanted);
          return { ...holdings, moment: momentAt(now, status) };
        },
        (rows, { moment }) => writeHoldings(rows, moment),
      );
      return sendPage(reply, written);
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
          const wanted = offersQuery(viewer, direction, page);
          const [status, offers] = await ask(db, viewer, statusQuery, wanted);
          return { ...offers, moment: momentAt(instant, status) };
        },
        (rows, { moment }) => writeOffers(rows, moment),
      );
      return sendPage(reply, written);
    },
  });

  app.route({
    ...at('getInbox'),
    handler: async (request) => {
      const { viewer } = memberOf(request);
      const now = await clock.now();
      const payUntil = addDays(legalDateOf(now), PAY_AHEAD);
      const { rows, counts } = await readInbox(db, viewer, { now, payUntil }, INBOX_LIMIT);
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
        counts: Object.fromEntries(INBOX_KINDS.map((kind) => [kind, counts[kind]])) as typeof counts,
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

  app.route({
    ...at('getCash'),
    handler: async (request) => {
      const { number, account, viewer } = memberOf(request);
      const [status, balance] = await ask(db, viewer, statusQuery, balanceQuery(number));
      return { balance: inMoney(balance), account, asOf: Number(status?.indexed ?? 0n) };
    },
  });

  app.route({
    ...at('listRedemptions'),
    handler: async (request) => {
      const { number, viewer } = memberOf(request);
      const { query } = request;
      return pageOf(
        query,
        ['redemptions', number, filtersOf(query)],
        ['bigint'],
        (page) => listRedemptions(db, viewer, number, { state: query.state }, page),
        async (rows) => {
          const ref = await names.of(rows.flatMap(({ bank, member }) => [bank, member]));
          return rows.map((row) => ({
            number: String(row.number),
            bank: ref(row.bank),
            member: ref(row.member),
            amount: inMoney(row.amount_minor),
            state: row.state,
            requestedAt: row.requested_at.toISOString(),
            answeredAt: row.answered_at?.toISOString() ?? null,
            answer: row.answer,
          }));
        },
      );
    },
  });

  app.route({
    ...at('getSettlementBook'),
    handler: async (request) => {
      const { number, viewer, roles } = memberOf(request);
      if ((roles & ROLE_BITS.settlement_bank) === 0) throw new Problem('ROLE_REQUIRED');
      const [status, book, days] = await Promise.all([
        readModelStatus(db),
        settlementBook(db, viewer, number),
        settlementDays(db, number, SETTLEMENT_DAYS),
      ]);
      return {
        cap: inMoney(book.cap),
        issued: inMoney(book.issued),
        pending: inMoney(book.pending),
        days: days.map(({ day, deposited, redeemed }) => ({
          day: parseLegalDate(day),
          deposited: inMoney(deposited),
          redeemed: inMoney(redeemed),
        })),
        asOf: Number(status?.indexed ?? 0n),
      };
    },
  });

  app.route({
    ...at('listCashEntries'),
    handler: async (request) => {
      const { number } = memberOf(request);
      const { query } = request;
      const from = query.from === undefined ? undefined : instantOf(parseLegalDate(query.from));
      const to = query.to === undefined ? undefined : endOf(query.to);
      return pageOf(
        query,
        ['statement', number, filtersOf(query)],
        ['bigint', 'int'],
        (page) => cashStatement(db, number, { from, to }, page),
        async (rows) => {
          const ref = await names.of(rows.flatMap(({ other, bank }) => [other, bank]));
          return rows.map((row) => {
            const counterparty = row.other ?? row.bank;
            return {
              at: row.at.toISOString(),
              block: Number(row.block_number),
              tx: toHex(row.tx_hash),
              kind: row.kind,
              direction: row.incoming ? ('in' as const) : ('out' as const),
              amount: inMoney(row.amount_minor),
              balance: inMoney(row.balance),
              counterparty: counterparty === null ? null : ref(counterparty),
              billNo: row.bill_no === null ? null : formatId(row.bill_no),
            };
          });
        },
      );
    },
  });

  app.route({
    ...at('listLines'),
    handler: async (request) => {
      const { viewer } = memberOf(request);
      const { query } = request;
      const now = await clock.now();
      return pageOf(
        query,
        ['lines', viewer.member, filtersOf(query)],
        ['int', 'int'],
        (page) => listLines(db, viewer, query, now, page),
        async (rows) => {
          const ref = await names.of(rows.flatMap(({ bank, obligor }) => [bank, obligor]));
          return rows.map((line) => lineView(line, ref, deployment.currency));
        },
      );
    },
  });
}
