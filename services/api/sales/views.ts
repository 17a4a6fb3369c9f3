/** From rows of requests, quotes and offers to the JSON that their viewer gets. */
import type { Static } from 'typebox';
import { quoteState, type QuoteRow, type RequestRow } from '#db/sales/own.ts';
import type { BillRow } from '#db/bills/read.ts';
import { bestCombination } from '#domain/sales/quotes.ts';
import { daysBetween, legalDateOf, parseLegalDate } from '#domain/dates.ts';
import { formatId, parcelId } from '#domain/bills/intervals.ts';
import { formatRate, type Currency } from '#domain/money.ts';
import { isoOf } from '../clock.ts';
import { basisOfBill, priceOf } from './price.ts';
import { isToBeHad, min } from './quote.ts';
import type { FinancingRequest, Quote, QuoteOffer, QuoteProposal } from './schema.ts';
import { money } from '../schemas/money.ts';
import type { Names } from '../members/names.ts';

type Ref = Awaited<ReturnType<Names['of']>>;
export type Setting = {
  readonly ref: Ref;
  readonly now: number;
  readonly currency: Currency;
  readonly viewer: number;
};

export const membersInRequest = (row: RequestRow): number[] => [
  row.seller,
  row.acceptor,
  ...row.invitations.map(({ bank }) => bank),
];
export const membersInQuote = ({ bank, seller, acceptor }: QuoteRow): number[] => [bank, seller, acceptor];

export function quoteView(quote: QuoteRow, { ref, now, currency }: Setting): Static<typeof Quote> {
  const inMoney = (amount: bigint) => money(amount, currency);
  return {
    id: quote.id,
    request: quote.request_id,
    state: quoteState(quote, now),
    bank: ref(quote.bank),
    seller: ref(quote.seller),
    acceptor: ref(quote.acceptor),
    parcel: formatId(parcelId(quote.bill_no, quote.first)),
    due: quote.due_on,
    amount: inMoney(quote.amount_minor),
    rate: formatRate(quote.rate_ppm),
    fee: inMoney(quote.fee_minor),
    recourse: quote.recourse,
    validUntil: isoOf(quote.valid_until),
    filled: inMoney(quote.filled_minor),
    nonce: String(quote.nonce),
    createdAt: quote.created_at.toISOString(),
  };
}

type Offer = { readonly view: Static<typeof QuoteOffer>; readonly net: bigint; readonly amount: bigint };

/** What a quote brings for the amount asked for, or for what is left of it; undefined: nothing any more. */
function offerOf(quote: QuoteRow, request: RequestRow, bill: BillRow, setting: Setting): Offer {
  const { ref, now, currency } = setting;
  const today = legalDateOf(now);
  const inMoney = (amount: bigint) => money(amount, currency);
  const left = quote.amount_minor - quote.filled_minor;
  const isMatured = today >= bill.due_on;
  // A quote that is used up or over shows what it would have brought, on its last day.
  const asked = request.amount_minor - request.sold_minor;
  const isLeft = left > 0n && asked > 0n;
  const amount = isLeft ? min(asked, left) : min(request.amount_minor, quote.amount_minor);
  const days = isMatured ? 1 : daysBetween(today, parseLegalDate(bill.due_on));
  const on = isMatured ? dayBefore(bill) : today;
  const price = priceOf({ ...quote, filled_minor: isLeft ? quote.filled_minor : 0n }, bill, amount, on);
  const state = quoteState(quote, now);
  return {
    net: price.net,
    amount,
    view: {
      quote: quote.id,
      bank: ref(quote.bank),
      amount: inMoney(amount),
      rate: formatRate(quote.rate_ppm),
      fee: inMoney(price.fee),
      interest: inMoney(price.interest),
      net: inMoney(price.net),
      yearlyCost365: formatRate(price.yearlyCost365),
      yearlyCost360: formatRate(price.yearlyCost360),
      days,
      recourse: quote.recourse,
      validUntil: isoOf(quote.valid_until),
      state: isMatured && isToBeHad(quote, now) ? 'expired' : state,
      filled: inMoney(quote.filled_minor),
      rank: null,
    },
  };
}

const dayBefore = ({ due_on }: BillRow) => legalDateOf(Date.parse(`${due_on}T00:00:00+08:00`) / 1_000 - 1);

const canBeHad = ({ view }: Offer): boolean => ['open', 'part_filled'].includes(view.state);

/** Best first: what can be had, by what it costs a year in all; then the rest. */
export function offersOf(request: RequestRow, bill: BillRow, setting: Setting): Static<typeof QuoteOffer>[] {
  const offers = request.quotes.map((quote) => offerOf(quote, request, bill, setting));
  const ranked = offers.filter(canBeHad).sort(
    (a, b) =>
      // What each costs of what it covers.
      compare((a.amount - a.net) * b.amount, (b.amount - b.net) * a.amount) ||
      compare(b.amount, a.amount) ||
      a.view.bank.number - b.view.bank.number,
  );
  const rest = offers.filter((offer) => !canBeHad(offer));
  return [...ranked.map(({ view }, n) => ({ ...view, rank: n + 1 })), ...rest.map(({ view }) => view)];
}

/** What of the quotes covers most at the least cost; for the seller alone, because nobody else sees them all. */
function proposalOf(
  request: RequestRow,
  bill: BillRow,
  setting: Setting,
): Static<typeof QuoteProposal> | null {
  const { ref, now, currency, viewer } = setting;
  const today = legalDateOf(now);
  if (viewer !== request.seller || request.state !== 'open' || today >= bill.due_on) return null;
  const quotes = request.quotes
    .filter((quote) => isToBeHad(quote, now))
    .map((quote) => ({
      id: quote.id,
      bank: quote.bank,
      amount: quote.amount_minor,
      filled: quote.filled_minor,
      fee: quote.fee_minor,
      ratePpm: quote.rate_ppm,
    }));
  const time = { days: daysBetween(today, parseLegalDate(bill.due_on)), basis: basisOfBill(bill) };
  const best = bestCombination(quotes, request.amount_minor - request.sold_minor, time);
  if (best === undefined) return null;
  const inMoney = (amount: bigint) => money(amount, currency);
  return {
    parts: best.parts.map(({ quote, amount, price }) => ({
      quote: quote.id,
      bank: ref(quote.bank),
      amount: inMoney(amount),
      rate: formatRate(quote.ratePpm),
      fee: inMoney(price.fee),
      interest: inMoney(price.interest),
      net: inMoney(price.net),
      yearlyCost365: formatRate(price.yearlyCost365),
      yearlyCost360: formatRate(price.yearlyCost360),
    })),
    amount: inMoney(best.amount),
    net: inMoney(best.net),
    yearlyCost365: formatRate(best.yearlyCost365),
  };
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

export function requestView(
  request: RequestRow,
  bill: BillRow,
  setting: Setting,
): Static<typeof FinancingRequest> {
  const { ref, currency } = setting;
  return {
    id: request.id,
    state: request.state,
    purpose: request.purpose,
    seller: ref(request.seller),
    parcel: formatId(parcelId(request.bill_no, request.first)),
    billNo: formatId(request.bill_no),
    acceptor: ref(request.acceptor),
    due: request.due_on,
    amount: money(request.amount_minor, currency),
    sold: money(request.sold_minor, currency),
    recourse: request.recourse,
    note: request.note,
    createdAt: request.created_at.toISOString(),
    invitations: request.invitations.map((invitation) => ({
      bank: ref(invitation.bank),
      state: invitation.has_quoted ? 'quoted' : invitation.declined_at === null ? 'invited' : 'declined',
      at: (invitation.declined_at ?? invitation.created_at).toISOString(),
    })),
    offers: offersOf(request, bill, setting),
    proposal: proposalOf(request, bill, setting),
  };
}
