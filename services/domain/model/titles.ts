/** Acts that make a bill and move its parcels. */
import { PARCEL_BITS, RESTRICTION_BITS } from '../codes.ts';
import { addMonths, daysBetween, instantOf, isStartOfDate, legalDateOf } from '../dates.ts';
import { billNo, cut, isFinanced, isLocked, lengthOf, type Parcel } from '../intervals.ts';
import { MAX_FACE } from '../money.ts';
import { feeOfFill, interestOf } from '../pricing.ts';
import { refuseIf, type ActProblemCode } from '../problems.ts';
import {
  addCash,
  cashOf,
  find,
  hasRole,
  hasRoom,
  moveLine,
  put,
  putBill,
  replace,
  type Bill,
  type InvoiceUse,
  type State,
} from './state.ts';

type Fits = Partial<Record<ActProblemCode, boolean>>;

/** What speaks against these members taking part, the actor first. */
export const parties = (state: State, ...members: readonly number[]): Fits => ({
  MEMBER_UNKNOWN: members.some((member) => !state.members.has(member)),
  MEMBER_NOT_ACTIVE: members.some((member) => state.members.get(member)?.isSuspended),
});

const isMatured = (state: State, bill: Bill): boolean => state.now >= bill.due;
const isOver = (state: State, parcel: Parcel): boolean =>
  parcel.offerUntil !== 0 && state.now >= parcel.offerUntil;

// --- Issue ------------------------------------------------------------------------------------------------------------

/** `serial`: the acceptor's own number for the bill. */
export type Issue = {
  by: number;
  to: number;
  serial: number;
  face: bigint;
  due: number;
  restrictions?: number;
  named?: readonly number[];
  invoices?: readonly InvoiceUse[];
};

/** A new bill is one parcel, held by its acceptor and offered to its payee, standing acceptance or not. */
export function issue(state: State, { by, to, serial, face, due, ...more }: Issue): State {
  const { tenorMonths, basis, maxSplits } = state.rules;
  const no = billNo(by, serial);
  const invoices = more.invoices ?? [];
  refuseIf({
    REQUEST_INVALID: by === to || state.bills.has(no),
    ...parties(state, by, to),
    ROLE_REQUIRED: !hasRole(state, by, 'core_enterprise'),
    AMOUNT_INVALID: face <= 0n || face > MAX_FACE,
    DUE_DATE_INVALID: !isStartOfDate(due) || due <= state.now,
    TENOR_TOO_LONG: due > instantOf(addMonths(legalDateOf(state.now), tenorMonths)),
    INVOICE_OCCUPIED: backed(state, invoices) === undefined,
  });
  const parcel = {
    first: 0n,
    end: face,
    holder: by,
    offeredTo: to,
    pledgee: 0,
    paidUpTo: 0n,
    offerUntil: 0,
    flags: 0,
  };
  const bill: Bill = {
    ...{ acceptor: by, payee: to, due, face, basis, invoices, splitsLeft: maxSplits, stored: 'offered' },
    restrictions: more.restrictions ?? 0,
    named: more.named ?? [],
    paidIn: 0n,
    paidOut: 0n,
    parcels: [parcel],
  };
  return putBill({ ...state, invoices: backed(state, invoices)! }, no, bill);
}

/** The book of invoices with these used; undefined when one of them does not suffice. */
function backed(state: State, uses: readonly InvoiceUse[]): State['invoices'] | undefined {
  let book = state.invoices;
  for (const { invoice, total, amount } of uses) {
    const { total: known, used } = book.get(invoice) ?? { total, used: 0n };
    // The total of an invoice that nobody uses binds nobody.
    if ((used > 0n && total !== known) || used + amount > total) return undefined;
    book = put(book, invoice, { total, used: used + amount });
  }
  return book;
}

/** The issue came to nothing: the bill is cancelled and its invoices are free again. */
function cancel(state: State, no: bigint, bill: Bill): State {
  const invoices = new Map(state.invoices);
  for (const { invoice, amount } of bill.invoices) {
    const { total, used } = invoices.get(invoice)!;
    invoices.set(invoice, { total, used: used - amount });
  }
  const [parcel] = bill.parcels;
  const ended = replace(bill, parcel!, { ...parcel!, offeredTo: 0 });
  return putBill({ ...state, invoices }, no, { ...ended, stored: 'cancelled' });
}

// --- Receive ----------------------------------------------------------------------------------------------------------

export type OnParcel = { by: number; parcel: bigint };

export function take(state: State, { by, parcel: id }: OnParcel): State {
  const { no, bill, parcel } = find(state, id);
  refuseIf({
    ...parties(state, by),
    NOT_OFFERED_TO_YOU: parcel.offeredTo !== by,
    OFFER_EXPIRED: isOver(state, parcel),
    BILL_MATURED: isMatured(state, bill),
  });
  const taken = replace(bill, parcel, received(parcel, by));
  return putBill(freed(state, bill, parcel, lengthOf(parcel)), no, { ...taken, stored: 'active' });
}

export function refuse(state: State, { by, parcel: id }: OnParcel): State {
  const { parcel } = find(state, id);
  refuseIf({ ...parties(state, by), NOT_OFFERED_TO_YOU: parcel.offeredTo !== by });
  return endOffer(state, id);
}

export function withdraw(state: State, { by, parcel: id }: OnParcel): State {
  const { parcel } = find(state, id);
  refuseIf({
    ...parties(state, by),
    NOT_HOLDER: parcel.holder !== by,
    NOT_OFFERED_TO_YOU: parcel.offeredTo === 0,
  });
  return endOffer(state, id);
}

/** Anybody, once the time of an offer is over; of an issue, once the bill is due. */
export function expire(state: State, { parcel: id }: { parcel: bigint }): State {
  const { bill, parcel } = find(state, id);
  const isOpen = bill.stored === 'offered' ? !isMatured(state, bill) : !isOver(state, parcel);
  const isOffered = parcel.offeredTo !== 0;
  refuseIf({ REQUEST_INVALID: isOffered && isOpen, NOT_OFFERED_TO_YOU: !isOffered });
  return endOffer(state, id);
}

/** What was cut stays cut. */
function endOffer(state: State, id: bigint): State {
  const { no, bill, parcel } = find(state, id);
  if (bill.stored === 'offered') return cancel(state, no, bill);
  return putBill(state, no, replace(bill, parcel, { ...parcel, offeredTo: 0, offerUntil: 0 }));
}

// --- Pass on ----------------------------------------------------------------------------------------------------------

/** All of the parcel without an amount. `until`: the instant from which the offer is over; 0 or none: maturity. */
export type Offer = OnParcel & { to: number; amount?: bigint; until?: number };

export function offer(state: State, { by, parcel: id, to, amount, until = 0 }: Offer): State {
  const { no, bill, parcel } = find(state, id);
  const length = amount ?? lengthOf(parcel);
  refuseIf({
    REQUEST_INVALID: by === to,
    ...parties(state, by, to),
    OFFER_EXPIRED: until !== 0 && state.now >= until,
    ...movable(state, bill, parcel, { by, to, length, forbidden: RESTRICTION_BITS.not_to_be_passed_on }),
  });
  const { cutBill, piece } = cutOff(bill, parcel, length);
  if (!state.members.get(to)!.hasStanding) {
    return putBill(state, no, replace(cutBill, piece, { ...piece, offeredTo: to, offerUntil: until }));
  }
  return putBill(freed(state, bill, parcel, length), no, replace(cutBill, piece, received(piece, to)));
}

type Move = { by: number; to: number; length: bigint; forbidden: number };

/** What speaks against a holder's moving `length` cents from the right end of a parcel to another member. */
function movable(state: State, bill: Bill, parcel: Parcel, { by, to, length, forbidden }: Move): Fits {
  const isStranger =
    (bill.restrictions & RESTRICTION_BITS.named_members_only) !== 0 && !bill.named.includes(to);
  const isCut = length > 0n && length < lengthOf(parcel);
  return {
    NOT_HOLDER: parcel.holder !== by,
    BILL_NOT_ACTIVE: bill.stored !== 'active',
    BILL_MATURED: isMatured(state, bill),
    PARCEL_LOCKED: isLocked(parcel),
    RESTRICTED: (bill.restrictions & forbidden) !== 0 || isStranger || (isCut && bill.splitsLeft === 0),
    AMOUNT_INVALID: length <= 0n,
    AMOUNT_EXCEEDS_PARCEL: length > lengthOf(parcel),
  };
}

function cutOff(bill: Bill, parcel: Parcel, length: bigint): { cutBill: Bill; piece: Parcel } {
  const { rest, piece } = cut(parcel, length);
  if (rest === undefined) return { cutBill: bill, piece };
  return { cutBill: { ...replace(bill, parcel, rest, piece), splitsLeft: bill.splitsLeft - 1 }, piece };
}

/** A new holder has it free of the offer and of how the old one held it. */
const received = (piece: Parcel, holder: number, flags = 0): Parcel => ({
  ...piece,
  ...{ holder, flags, offeredTo: 0, pledgee: 0, offerUntil: 0 },
});

/** A bank gets back of its line what leaves its hands of a parcel that it had bought. */
export const freed = (state: State, bill: Bill, parcel: Parcel, amount: bigint): State =>
  isFinanced(parcel) ? moveLine(state, parcel.holder, bill.acceptor, { used: -amount }) : state;

// --- Sell -------------------------------------------------------------------------------------------------------------

/** A bank's quote: the most that it buys, over all sales under its number. */
export type Quote = {
  bank: number;
  nonce: bigint;
  amount: bigint;
  ratePpm: bigint;
  fee: bigint;
  validUntil: number;
};
export type Sell = OnParcel & { amount?: bigint; quote: Quote };

export function sell(state: State, { by, parcel: id, amount, quote }: Sell): State {
  const { no, bill, parcel } = find(state, id);
  const { bank } = quote;
  const length = amount ?? lengthOf(parcel);
  const { filled, isCancelled } = fillOf(state, quote);
  const price = priceOf(state, bill, parcel, length, quote);
  const against = movable(state, bill, parcel, {
    by,
    to: bank,
    length,
    forbidden: RESTRICTION_BITS.not_to_be_financed,
  });
  refuseIf({
    ...against,
    REQUEST_INVALID: by === bank,
    ...parties(state, by, bank),
    ROLE_REQUIRED: !hasRole(state, bank, 'bank'),
    AMOUNT_INVALID: against.AMOUNT_INVALID === true || (price !== undefined && price <= 0n),
    QUOTE_EXPIRED: isCancelled || state.now > quote.validUntil,
    QUOTE_EXCEEDED: filled + length > quote.amount,
    LINE_EXCEEDED: !hasRoom(state, bank, bill.acceptor, length),
    INSUFFICIENT_CASH: price !== undefined && price > cashOf(state, bank),
  });
  const { cutBill, piece } = cutOff(bill, parcel, length);
  const sold = replace(cutBill, piece, received(piece, bank, PARCEL_BITS.financed));
  const lined = moveLine(freed(state, bill, parcel, length), bank, bill.acceptor, { used: length });
  const paid = addCash(addCash(lined, bank, -price!), by, price!);
  const quotes = put(paid.quotes, `${bank}:${quote.nonce}`, { filled: filled + length, isCancelled });
  return putBill({ ...paid, quotes }, no, sold);
}

export const fillOf = (state: State, { bank, nonce }: { bank: number; nonce: bigint }) =>
  state.quotes.get(`${bank}:${nonce}`) ?? { filled: 0n, isCancelled: false };

/** Amount less interest and fee; undefined for what could not be sold in any case: no such part, or nothing left to run. */
function priceOf(state: State, bill: Bill, parcel: Parcel, amount: bigint, quote: Quote): bigint | undefined {
  const days = daysBetween(legalDateOf(state.now), legalDateOf(bill.due));
  if (days < 1 || amount <= 0n || amount > lengthOf(parcel)) return undefined;
  const interest = interestOf({ amount, ratePpm: quote.ratePpm, days, basis: bill.basis });
  return amount - interest - feeOfFill(quote, fillOf(state, quote).filled, amount);
}
