/** Deposits, redemptions, and the book of a settlement bank. */
import { balanceQuery, cashStatement } from '#db/cash/read.ts';
import { listRedemptions, settlementBook, settlementDays } from '#db/cash/redemptions.ts';
import { readModelStatus, statusQuery } from '#db/status/read.ts';
import { toHex } from '#db/wire/bytes.ts';
import { ask } from '#db/access/access.ts';
import { formatId } from '#domain/bills/intervals.ts';
import { ROLE_BITS } from '#domain/codes.ts';
import { instantOf, parseLegalDate } from '#domain/dates.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../access/at.ts';
import { memberOf } from '../access/rules.ts';
import type { App } from '../app-types.ts';
import { endOf } from '../instructions/draft.ts';
import { filtersOf, pageOf } from '../lists/lists.ts';
import { money } from '../schemas/money.ts';

/** Days with deposits or redemptions that a settlement bank's book shows. */
const SETTLEMENT_DAYS = 31;

export function registerCash(app: App): void {
  const { db, names, deployment } = app.services;
  const inMoney = (amount: bigint) => money(amount, deployment.currency);

  app.route({
    ...at('getCash'),
    handler: async (request) => {
      const { number, account, viewer } = memberOf(request);
      const [status, balance] = await ask(db, viewer, statusQuery, balanceQuery(number));
      return { balance: inMoney(balance), account, asOf: Number(status?.indexed ?? 0n) };
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
}
