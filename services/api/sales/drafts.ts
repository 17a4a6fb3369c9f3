/** Selling against quotes, and what a bank lets the desk do. */
import { UNLIMITED, WHOLE } from '#chain/calls.ts';
import { encodeOrder } from '#chain/typed-data.ts';
import { findQuote, findRequest, quoteState } from '#db/sales/own.ts';
import { toHex } from '#db/wire/bytes.ts';
import { ROLE_BITS } from '#domain/codes.ts';
import { formatId, parcelId } from '#domain/bills/intervals.ts';
import { legalDateOf, parseLegalDate } from '#domain/dates.ts';
import { Problem } from '#domain/problems.ts';
import type { Discount } from '#domain/sales/pricing.ts';
import type { MemberPerson } from '../app-types.ts';
import type { MoneyInput } from '../schemas/common.ts';
import type { Services } from '../services.ts';
import { readMoney } from '../schemas/money.ts';
import { lookUp, must, NOTHING_MADE, partOf, type Draft, type Drafter } from '../instructions/draft.ts';
import type { Objection } from '../instructions/refusal.ts';
import { chainQuoteOf, priceOf } from './price.ts';

type Sale = {
  readonly parcel: string;
  readonly amount?: MoneyInput;
  readonly quote: string;
  /** Sold in the same signing before, from the same parcel, minor units. */
  readonly before?: bigint;
};

/** To one bank or to several at once: each buys what is at the right end of what those before it left. */
const sell: Drafter<'sell'> = async (services, by, { others = [], ...one }) => {
  if (others.length > 0 && one.amount === undefined) throw new Problem('AMOUNT_INVALID');
  const quotes = [one, ...others].map(({ quote }) => quote);
  if (new Set(quotes).size < quotes.length) throw new Problem('REQUEST_INVALID');
  let before = 0n;
  const sales: Sale[] = [one, ...others.map((other) => ({ ...other, parcel: one.parcel }))].map((sale) => {
    const placed = { ...sale, before };
    if (sale.amount !== undefined) before += readMoney(sale.amount, services.deployment.currency);
    return placed;
  });
  const drafts = await Promise.all(sales.map((sale) => draftSale(services, by, sale)));
  return {
    calls: drafts.flatMap(({ calls }) => calls),
    objections: drafts.flatMap(({ objections = [] }) => objections),
    makes: async () => {
      const made = await Promise.all(drafts.map(async ({ makes }) => (await makes?.()) ?? NOTHING_MADE));
      return { bills: [], parcels: made.flatMap(({ parcels }) => parcels) };
    },
    facts: async () => (await Promise.all(drafts.map(async ({ facts }) => await facts()))).flat(),
  };
};

/** Without an amount: what is left of what the request asked for, all of the parcel if it asked for all. */
async function draftSale(services: Services, by: MemberPerson, input: Sale): Promise<Draft<'sell'>> {
  const { calls, db, names, deployment, clock } = services;
  const stated = input.amount === undefined ? undefined : readMoney(input.amount, deployment.currency);
  const { id, billNo, known } = await lookUp(services, by, input.parcel);
  const now = await clock.now();
  const quote = await findQuote(db, by.viewer, input.quote);
  if (quote === undefined || quote.signature === null || quote.seller !== by.number) {
    throw new Problem('NOT_FOUND');
  }
  const request = must(await findRequest(db, by.viewer, quote.request_id, now));
  const left = request.amount_minor - request.sold_minor;
  const asked = request.amount_minor === request.end - request.first || left <= 0n ? undefined : left;
  const length = known === undefined ? undefined : known.parcel.end - known.parcel.first;
  const amount = stated ?? asked ?? length;
  const part = amount === undefined ? WHOLE : partOf(amount);
  const price = () =>
    known === undefined || amount === undefined
      ? undefined
      : priceOf(quote, known.bill, amount, legalDateOf(now));
  const objections: Objection[] = [
    ...(request.purpose === 'rediscount' && (by.roles & ROLE_BITS.bank) === 0
      ? [{ code: 'ROLE_REQUIRED' } as const]
      : []),
    ...(quoteState(quote, now) === 'withdrawn' ? [{ code: 'QUOTE_EXPIRED' } as const] : []),
  ];
  const order = encodeOrder(chainQuoteOf(quote), toHex(quote.signature));
  return {
    calls: [calls.bills.sell(id, part, quote.bank, deployment.addresses.desk, leastOf(price), order)],
    objections,
    makes: () => {
      const { first, end } = must(known).parcel;
      const from = amount === undefined ? first : end - (input.before ?? 0n) - amount;
      return {
        bills: [],
        parcels: [formatId(parcelId(billNo, from))],
      };
    },
    facts: async () => {
      const { bill } = must(known);
      const ref = await names.of([quote.bank]);
      const { interest, fee, net, yearlyCost365 } = must(price());
      return {
        amount: must(amount),
        currency: deployment.currency,
        due: parseLegalDate(bill.due_on),
        bank: ref(quote.bank).name,
        ...{ interest, fee, net, yearlyCost365 },
      };
    },
  };
}

/** The price that the holder signs for. Where there is none the chain has a better reason against the sale. */
function leastOf(price: () => Discount | undefined): bigint {
  try {
    return price()?.net ?? 0n;
  } catch {
    return 0n;
  }
}

const cancelQuote: Drafter<'cancelQuote'> = async (services, by, input) => {
  const quote = await findQuote(services.db, by.viewer, input.quote);
  if (quote === undefined || quote.bank !== by.number) throw new Problem('NOT_FOUND');
  return {
    calls: [services.calls.desk.cancel(quote.nonce)],
    facts: async () => {
      const ref = await services.names.of([quote.acceptor]);
      return {
        number: String(quote.nonce),
        obligor: ref(quote.acceptor).name,
        amount: quote.amount_minor,
        currency: services.deployment.currency,
      };
    },
  };
};

const approveCash: Drafter<'approveCash'> = async ({ calls, deployment }, _by, asked) => {
  const { currency, addresses } = deployment;
  const amount = asked.amount === undefined ? undefined : readMoney(asked.amount, currency);
  return {
    calls: [
      calls.bills.allowDesk(addresses.desk, true),
      calls.cash.approve(addresses.desk, amount ?? UNLIMITED),
    ],
    facts: () => ({ currency, ...(amount === undefined ? {} : { amount }) }),
  };
};

export const saleDrafters = { sell, cancelQuote, approveCash };
