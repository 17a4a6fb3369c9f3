/** Selling against a quote, and a bank's own affairs: lines, quotes, standing acceptance. */
import { WHOLE, type StandingLimits } from '#chain/calls.ts';
import { findQuote, findRequest, quoteState } from '#db/sales/own.ts';
import { ROLE_BITS } from '#domain/codes.ts';
import { formatId, parcelId } from '#domain/bills/intervals.ts';
import { MAX_FACE } from '#domain/money.ts';
import type { Discount } from '#domain/sales/pricing.ts';
import { Problem } from '#domain/problems.ts';
import { legalDateOf, parseLegalDate } from '#domain/dates.ts';
import { toHex } from '#db/wire/bytes.ts';
import { chainQuoteOf, priceOf } from './price.ts';
import type { MoneyInput } from '../schemas/common.ts';
import { readMoney } from '../schemas/money.ts';
import {
  atMost,
  endOf,
  lookUp,
  must,
  NOTHING_MADE,
  partOf,
  requireMembers,
  type Drafter,
} from '../instructions/draft.ts';
import { gasOf } from '../instructions/gas.ts';
import type { Objection } from '../instructions/refusal.ts';

const MAX_LINE = 2n ** 64n - 1n;

type Sale = {
  readonly parcel: string;
  readonly amount?: MoneyInput;
  readonly quote: string;
  /** Sold in the same signing before, from the same parcel, minor units. */
  readonly before?: bigint;
};
type SellInput = Omit<Sale, 'before'> & {
  readonly others?: readonly { readonly quote: string; readonly amount: MoneyInput }[];
};

/** To one bank or to several at once: each buys what is at the right end of what those before it left. */
export const draftSell: Drafter<SellInput> = async (services, by, { others = [], ...one }) => {
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
    gas: drafts.reduce((sum, { gas }) => sum + gas, 0n),
    objections: drafts.flatMap(({ objections = [] }) => objections),
    makes: async () => {
      const made = await Promise.all(drafts.map(async ({ makes }) => (await makes?.()) ?? NOTHING_MADE));
      return { bills: [], parcels: made.flatMap(({ parcels }) => parcels) };
    },
    meaning: async () => (await Promise.all(drafts.map(async ({ meaning }) => await meaning()))).flat(),
  };
};

/** Without an amount: what is left of what the request asked for, all of the parcel if it asked for all. */
const draftSale: Drafter<Sale> = async (services, by, input) => {
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
  return {
    calls: [calls.sell(id, part, leastOf(price), chainQuoteOf(quote), toHex(quote.signature))],
    gas: gasOf('sell'),
    objections,
    makes: () => {
      const { first, end } = must(known).parcel;
      const from = amount === undefined ? first : end - (input.before ?? 0n) - amount;
      return {
        bills: [],
        parcels: [formatId(parcelId(billNo, from))],
      };
    },
    meaning: async () => {
      const { bill } = must(known);
      const ref = await names.of([quote.bank]);
      const { interest, fee, net, yearlyCost365 } = must(price());
      return {
        act: 'sell',
        amount: must(amount),
        currency: deployment.currency,
        due: parseLegalDate(bill.due_on),
        bank: ref(quote.bank).name,
        ...{ interest, fee, net, yearlyCost365 },
      };
    },
  };
};

/** The price that the holder signs for. Where there is none the chain has a better reason against the sale. */
function leastOf(price: () => Discount | undefined): bigint {
  try {
    return price()?.net ?? 0n;
  } catch {
    return 0n;
  }
}

export const draftCancelQuote: Drafter<{ readonly quote: string }> = async (services, by, input) => {
  const quote = await findQuote(services.db, by.viewer, input.quote);
  if (quote === undefined || quote.bank !== by.number) throw new Problem('NOT_FOUND');
  return {
    calls: [services.calls.cancelQuote(quote.nonce)],
    gas: gasOf('simple'),
    meaning: async () => {
      const ref = await services.names.of([quote.acceptor]);
      return {
        act: 'cancel_quote',
        number: String(quote.nonce),
        obligor: ref(quote.acceptor).name,
        amount: quote.amount_minor,
        currency: services.deployment.currency,
      };
    },
  };
};

type LineInput = { readonly obligor: number; readonly limit: MoneyInput; readonly group?: number };

export const draftSetLine: Drafter<LineInput> = async (services, _by, { obligor, limit, group = 0 }) => {
  const { currency } = services.deployment;
  const amount = readMoney(limit, currency);
  await requireMembers(services, [obligor]);
  return {
    calls: [services.calls.setLine(obligor, atMost(amount, MAX_LINE), group)],
    gas: gasOf('simple'),
    objections: amount > MAX_LINE ? [{ code: 'AMOUNT_INVALID' }] : [],
    meaning: async () => {
      const ref = await services.names.of([obligor]);
      return { act: 'set_line', obligor: ref(obligor).name, group: String(group), amount, currency };
    },
  };
};

export const draftSetGroupLine: Drafter<{ readonly group: number; readonly limit: MoneyInput }> = async (
  services,
  _by,
  { group, limit },
) => {
  const { currency } = services.deployment;
  const amount = readMoney(limit, currency);
  return {
    calls: [services.calls.setGroupLine(group, atMost(amount, MAX_LINE))],
    gas: gasOf('simple'),
    objections: amount > MAX_LINE ? [{ code: 'AMOUNT_INVALID' }] : [],
    meaning: () => ({ act: 'set_group_line', group: String(group), amount, currency }),
  };
};

type StandingInput = {
  readonly standing: boolean;
  readonly acceptor?: number;
  readonly counterparty?: number;
  readonly least?: MoneyInput;
  readonly until?: string;
};

export const draftSetStanding: Drafter<StandingInput> = async (services, _by, input) => {
  const { standing, acceptor, counterparty, until } = input;
  const { currency } = services.deployment;
  const members = [acceptor, counterparty].filter((number) => number !== undefined);
  await requireMembers(services, members);
  const least = input.least === undefined ? undefined : readMoney(input.least, currency);
  const limits: StandingLimits = {
    acceptor: acceptor ?? 0,
    counterparty: counterparty ?? 0,
    least: atMost(least ?? 0n, MAX_FACE),
    until: until === undefined ? 0 : endOf(until),
  };
  return {
    calls: [services.calls.setStanding(standing, limits)],
    gas: gasOf('simple'),
    objections: (least ?? 0n) > MAX_FACE ? [{ code: 'AMOUNT_INVALID' }] : [],
    meaning: async () => {
      const ref = await services.names.of(members);
      return {
        act: 'set_standing_acceptance',
        standing,
        currency,
        ...(acceptor === undefined ? {} : { acceptor: ref(acceptor).name }),
        ...(counterparty === undefined ? {} : { counterparty: ref(counterparty).name }),
        ...(least === undefined ? {} : { least }),
        ...(until === undefined ? {} : { until: parseLegalDate(until) }),
      };
    },
  };
};
