/** Acts that make a bill and move its parcels. */
import { PARCEL_BITS, RESTRICTION_BITS } from '../../services/domain/codes.ts';
import {
  addMonths,
  daysBetween,
  instantOf,
  isStartOfDate,
  legalDateOf,
} from '../../services/domain/dates.ts';
import {
  billNo,
  cut,
  isFinanced,
  isLocked,
  lengthOf,
  type Parcel,
} from '../../services/domain/bills/intervals.ts';
import { MAX_FACE } from '../../services/domain/money.ts';
import { feeOfFill, interestOf } from '../../services/domain/sales/pricing.ts';
import { refuseIf, type ActProblemCode } from '../../services/domain/problems.ts';
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
  const { tenorMonths, basis } = state.rules;
  const no = billNo(by, serial);
  const [invoices, named, restrictions] = [more.invoices ?? [], more.named ?? [], more.restrictions ?? 0];
  const namesInVain = named.length > 0 && (restrictions & RESTRICTION_BITS.named_members_only) === 0;
  const book = backed(state, to, invoices);
  refuseIf({
    REQUEST_INVALID: by === to || state.bills.has(no) || namesInVain,
    ...parties(state, by, to),
    ROLE_REQUIRED: !hasRole(state, by, 'core_enterprise'),
    AMOUNT_INVALID: face <= 0n || face > MAX_FACE,
    DUE_DATE_INVALID: !isStartOfDate(due) || due <= state.now,
    TENOR_TOO_LONG: due > instantOf(addMonths(legalDateOf(state.now), tenorMonths)),
    INVOICE_OCCUPIED: book === undefined,
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
    ...{ acceptor: by, payee: to, due, face, basis, invoices, stored: 'offered' },
    restrictions,
    named,
    paidIn: 0n,
    paidOut: 0n,
    parcels: [parcel],
  };
  return putBill({ ...state, invoices: book! }, no, bill);
}

const ofSeller = (payee: number, invoice: string): string => `${payee}:${invoice}`;

/** The book of invoices with these of the payee used; undefined when one of them does not suffice. */
function backed(state: State, payee: number, uses: readonly InvoiceUse[]): State['invoices'] | undefined {
  let book = state.invoices;
  for (const { invoice, total, amount } of uses) {
    const { total: known, used } = book.get(ofSeller(payee, invoice)) ?? { total, used: 0n };
    // The total of an invoice that nobody uses binds nobody.
    if ((used > 0n && total !== known) || used + amount > total) return undefined;
    book = put(book, ofSeller(payee, invoice), { total, used: used + amount });
  }
  return book;
}

/** The issue came to nothing: the bill is cancelled and its invoices are free again. */
function cancel(state: State, no: bigint, bill: Bill): State {
  const invoices = new Map(state.invoices);
  for (const { invoice, amount } of bill.invoices) {
    const { total, used } = invoices.get(ofSeller(bill.payee, invoice))!;
    invoices.set(ofSeller(bill.payee, invoice), { total, used: used - amount });
  }
  const [parcel] = bill.parcels;
  const ended = replace(bill, parcel!, { ...parcel!, offeredTo: 0 });
  return putBill({ ...state, invoices }, no, { ...ended, stored: 'cancelled' });
}

// --- Receive ----------------------------------------------------------------------------------------------------------

export type OnParcel = { by: number; parcel: bigint };

/** What was on offer when it was answered; without, what is on offer now. */
export type Seen = { from?: number; to?: number; end?: bigint };

/** What an answer is bound to. What is no parcel passes for one of whoever answers. */
export function seenBy(
  state: State,
  { by = 0, parcel: id, ...seen }: Seen & { by?: number; parcel: bigint },
) {
  const { parcel } = find(state, id);
  const { from = parcel.holder || by, to = parcel.offeredTo, end = parcel.end } = seen;
  const hasChanged = parcel.holder !== from || parcel.offeredTo !== to || parcel.end !== end;
  return { from, to, end, hasChanged };
}

export function take(state: State, act: OnParcel & Omit<Seen, 'to'>): State {
  const { by } = act;
  const { no, bill, parcel } = find(state, act.parcel);
  const { from, hasChanged } = seenBy(state, act);
  refuseIf({
    ...parties(state, by, from),
    NOT_OFFERED_TO_YOU: parcel.offeredTo !== by,
    OFFER_CHANGED: hasChanged,
    OFFER_EXPIRED: isOver(state, parcel),
    BILL_MATURED: isMatured(state, bill),
    RESTRICTED: bill.stored === 'active' && isBarred(state, bill, by),
    LINE_EXCEEDED: !hasRoomFor(state, bill, by, lengthOf(parcel)),
  });
  return hand(state, no, { ...bill, stored: 'active' }, parcel, by);
}

export function refuse(state: State, act: OnParcel & Omit<Seen, 'to'>): State {
  const { bill, parcel } = find(state, act.parcel);
  refuseIf({
    ...parties(state, act.by),
    NOT_OFFERED_TO_YOU: parcel.offeredTo !== act.by,
    OFFER_CHANGED: bill.stored === 'active' && seenBy(state, act).hasChanged,
  });
  return endOffer(state, act.parcel);
}

export function withdraw(state: State, act: OnParcel & Omit<Seen, 'from'>): State {
  const { bill, parcel } = find(state, act.parcel);
  refuseIf({
    ...parties(state, act.by),
    NOT_HOLDER: parcel.holder !== act.by,
    NOT_OFFERED_TO_YOU: parcel.offeredTo === 0,
    OFFER_CHANGED: bill.stored === 'active' && seenBy(state, act).hasChanged,
  });
  return endOffer(state, act.parcel);
}

/** To a later instant, 0 for maturity: of an offer that is over too, but not of one that lasts until maturity anyway. */
export function extend(state: State, act: OnParcel & Omit<Seen, 'from'> & { until?: number }): State {
  const { no, bill, parcel } = find(state, act.parcel);
  const { by, until = 0 } = act;
  refuseIf({
    ...parties(state, by),
    NOT_HOLDER: parcel.holder !== by,
    NOT_OFFERED_TO_YOU: parcel.offeredTo === 0,
    OFFER_CHANGED: seenBy(state, act).hasChanged,
    OFFER_EXPIRED: until !== 0 && state.now >= until,
    BILL_NOT_ACTIVE: bill.stored !== 'active',
    BILL_MATURED: isMatured(state, bill),
  });
  const isLonger = parcel.offerUntil !== 0 && (until === 0 || until > parcel.offerUntil);
  refuseIf({ REQUEST_INVALID: !isLonger });
  return putBill(state, no, replace(bill, parcel, { ...parcel, offerUntil: until }));
}

/** Anybody, once the time of an offer is over; of an issue, once the bill is due. */
export function expire(state: State, act: Seen & { parcel: bigint }): State {
  const { bill, parcel } = find(state, act.parcel);
  const isOpen = bill.stored === 'offered' ? !isMatured(state, bill) : !isOver(state, parcel);
  const isOffered = parcel.offeredTo !== 0;
  const hasChanged = bill.stored === 'active' && seenBy(state, act).hasChanged;
  refuseIf({
    REQUEST_INVALID: isOffered && !hasChanged && isOpen,
    NOT_OFFERED_TO_YOU: !isOffered,
    OFFER_CHANGED: hasChanged,
  });
  return endOffer(state, act.parcel);
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
  const unasked = takesUnasked(state, to, { from: by, acceptor: bill.acceptor, amount: length });
  refuseIf({ LINE_EXCEEDED: unasked && !hasRoomFor(state, bill, to, length) });
  const { cutBill, piece } = cutOff(bill, parcel, length);
  if (unasked) return hand(state, no, cutBill, piece, to);
  return putBill(state, no, replace(cutBill, piece, { ...piece, offeredTo: to, offerUntil: until }));
}

/** Whether the standing acceptance of a member covers such a piece. */
function takesUnasked(
  state: State,
  member: number,
  { from, acceptor, amount }: { from: number; acceptor: number; amount: bigint },
): boolean {
  const { hasStanding, limits } = state.members.get(member)!;
  return (
    hasStanding &&
    (limits.acceptor === 0 || limits.acceptor === acceptor) &&
    (limits.counterparty === 0 || limits.counterparty === from) &&
    amount >= limits.least &&
    (limits.until === 0 || state.now < limits.until)
  );
}

/** A bank does not receive what is not to be financed, but as the payee of a new bill. */
const isBarred = (state: State, bill: Bill, to: number): boolean =>
  (bill.restrictions & RESTRICTION_BITS.not_to_be_financed) !== 0 && hasRole(state, to, 'bank');

type Move = { by: number; to: number; length: bigint; forbidden: number };

/** What speaks against a holder's moving `length` cents from the right end of a parcel to another member. */
function movable(state: State, bill: Bill, parcel: Parcel, { by, to, length, forbidden }: Move): Fits {
  const isStranger =
    (bill.restrictions & RESTRICTION_BITS.named_members_only) !== 0 &&
    to !== bill.payee &&
    !bill.named.includes(to);
  return {
    NOT_HOLDER: parcel.holder !== by,
    BILL_NOT_ACTIVE: bill.stored !== 'active',
    BILL_MATURED: isMatured(state, bill),
    PARCEL_LOCKED: isLocked(parcel),
    RESTRICTED: (bill.restrictions & forbidden) !== 0 || isStranger || isBarred(state, bill, to),
    AMOUNT_INVALID: length <= 0n,
    AMOUNT_EXCEEDS_PARCEL: length > lengthOf(parcel),
  };
}

function cutOff(bill: Bill, parcel: Parcel, length: bigint): { cutBill: Bill; piece: Parcel } {
  const { rest, piece } = cut(parcel, length);
  return { cutBill: rest === undefined ? bill : replace(bill, parcel, rest, piece), piece };
}

/** What a bank holds of another's paper uses its line on it, in whatever way it came. */
const usesLine = (state: State, bill: Bill, holder: number): boolean =>
  holder !== bill.acceptor && hasRole(state, holder, 'bank');

const hasRoomFor = (state: State, bill: Bill, to: number, length: bigint): boolean =>
  !usesLine(state, bill, to) || hasRoom(state, to, bill.acceptor, length);

/** Gives a piece of the bill to a member: the only way to a new holder. */
function hand(state: State, no: bigint, bill: Bill, piece: Parcel, to: number): State {
  const isUsed = usesLine(state, bill, to);
  const freely = freed(state, bill, piece, lengthOf(piece));
  const lined = isUsed ? moveLine(freely, to, bill.acceptor, { used: lengthOf(piece) }) : freely;
  return putBill(lined, no, replace(bill, piece, received(piece, to, isUsed ? PARCEL_BITS.financed : 0)));
}

/** A new holder has it free of the offer and of how the old one held it. */
const received = (piece: Parcel, holder: number, flags: number): Parcel => ({
  ...piece,
  ...{ holder, flags, offeredTo: 0, pledgee: 0, offerUntil: 0 },
});

/** A bank gets back of its line what leaves its hands of a parcel under its line. */
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
/** `least`: the holder gets this or more. */
export type Sell = OnParcel & { amount?: bigint; least?: bigint; quote: Quote };

export function sell(state: State, { by, parcel: id, amount, least = 0n, quote }: Sell): State {
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
    PRICE_CHANGED: price !== undefined && price < least,
    LINE_EXCEEDED: !hasRoomFor(state, bill, bank, length),
    INSUFFICIENT_CASH: price !== undefined && price > cashOf(state, bank),
  });
  const { cutBill, piece } = cutOff(bill, parcel, length);
  const quotes = put(state.quotes, `${bank}:${quote.nonce}`, { filled: filled + length, isCancelled });
  const paid = addCash(addCash({ ...state, quotes }, bank, -price!), by, price!);
  return hand(paid, no, cutBill, piece, bank);
}

export const fillOf = (state: State, { bank, nonce }: { bank: number; nonce: bigint }) =>
  state.quotes.get(`${bank}:${nonce}`) ?? { filled: 0n, isCancelled: false };

/** Amount less interest and fee; undefined for what could not be sold in any case: no such part, or nothing left to run. */
function priceOf(state: State, bill: Bill, parcel: Parcel, amount: bigint, quote: Quote): bigint | undefined {
  const days = daysBetween(legalDateOf(state.now), legalDateOf(bill.due));
  if (days < 1 || amount <= 0n || amount > lengthOf(parcel)) return undefined;
  const { filled } = fillOf(state, quote);
  const interest = interestOf({ amount, ratePpm: quote.ratePpm, days, basis: bill.basis, filled });
  return amount - interest - feeOfFill(quote, filled, amount);
}

/** Acts on bills and parcels. */
export const titleActs = { issue, take, refuse, withdraw, extend, expire, offer, sell };
