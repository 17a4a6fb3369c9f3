/** Acts that move money and lines. */
import { Problem, refuseIf } from '../../services/domain/problems.ts';
import { payout } from '../../services/domain/rounding.ts';
import {
  addCash,
  billOf,
  bookOf,
  cashOf,
  groupLineOf,
  hasRole,
  hasRoom,
  lineOf,
  moveBook,
  moveLine,
  put,
  putBill,
  replace,
  type Redemption,
  type State,
} from './state.ts';
import { freed, parties } from './titles.ts';

type Payment = { by: number; bill: bigint; amount: bigint };

/** The acceptor, suspended or not, pays in, at any time; what is paid in stays the bill's. */
export function fund(state: State, payment: Payment): State {
  const { by, bill } = payment;
  const against = {
    MEMBER_UNKNOWN: !state.members.has(by),
    ROLE_REQUIRED: billOf(state, bill).acceptor !== by,
  };
  return payIn(state, payment, against);
}

/** Any active member pays in for the acceptor, and gets nothing for it. */
export const payFor = (state: State, payment: Payment): State =>
  payIn(state, payment, parties(state, payment.by));

function payIn(state: State, { by, bill: no, amount }: Payment, against: ReturnType<typeof parties>): State {
  const bill = billOf(state, no);
  refuseIf({
    ...against,
    BILL_NOT_ACTIVE: bill.stored !== 'active',
    AMOUNT_INVALID: amount <= 0n,
    OVERPAID: bill.paidIn + amount > bill.face,
    INSUFFICIENT_CASH: amount > cashOf(state, by),
  });
  return putBill(addCash(state, by, -amount), no, { ...bill, paidIn: bill.paidIn + amount });
}

/** Anybody, from the due date on: pays the holders of these parcels (all, if none are named), suspended ones too. */
export function distribute(
  state: State,
  { bill: no, firsts }: { bill: bigint; firsts?: readonly bigint[] },
): State {
  const bill = billOf(state, no);
  refuseIf({ BILL_NOT_ACTIVE: bill.stored !== 'active', NOT_DUE: state.now < bill.due });
  return (firsts ?? bill.parcels.map(({ first }) => first)).reduce((so, first) => pay(so, no, first), state);
}

function pay(state: State, no: bigint, first: bigint): State {
  const bill = billOf(state, no);
  const parcel = bill.parcels.find((candidate) => candidate.first === first);
  if (parcel === undefined) throw new Problem('REQUEST_INVALID');
  const { amount, paidUpTo } = payout(parcel, bill.paidIn, bill.face, bill.paidIn - bill.paidOut);
  const paid = replace(bill, parcel, { ...parcel, paidUpTo });
  const after = addCash(freed(state, bill, parcel, amount), parcel.holder, amount);
  return putBill(after, no, { ...paid, paidOut: bill.paidOut + amount });
}

// --- Banks ------------------------------------------------------------------------------------------------------------

/** A line in use keeps its group. A limit below what is used stops new deals and touches nothing else. */
export function setLine(
  state: State,
  a: { by: number; obligor: number; limit: bigint; group?: number },
): State {
  const line = lineOf(state, a.by, a.obligor);
  const group = a.group ?? 0;
  refuseIf({
    REQUEST_INVALID: group !== line.group && line.used + line.reserved > 0n,
    ...parties(state, a.by),
    MEMBER_UNKNOWN: !state.members.has(a.by) || !state.members.has(a.obligor),
    ROLE_REQUIRED: !hasRole(state, a.by, 'bank'),
  });
  return { ...state, lines: put(state.lines, `${a.by}:${a.obligor}`, { ...line, limit: a.limit, group }) };
}

export function setGroupLine(
  state: State,
  { by, group, limit }: { by: number; group: number; limit: bigint },
): State {
  refuseIf({ ...parties(state, by), ROLE_REQUIRED: !hasRole(state, by, 'bank') });
  const line = { ...groupLineOf(state, by, group), limit };
  return { ...state, groupLines: put(state.groupLines, `${by}:${group}`, line) };
}

type OnLine = { by: number; obligor: number; amount: bigint };

export function reserve(state: State, { by, obligor, amount }: OnLine): State {
  refuseIf({
    ...parties(state, by),
    ROLE_REQUIRED: !hasRole(state, by, 'bank'),
    LINE_EXCEEDED: !hasRoom(state, by, obligor, amount),
  });
  return moveLine(state, by, obligor, { reserved: amount });
}

export function release(state: State, { by, obligor, amount }: OnLine): State {
  refuseIf({
    REQUEST_INVALID: amount > lineOf(state, by, obligor).reserved,
    ...parties(state, by),
    ROLE_REQUIRED: !hasRole(state, by, 'bank'),
  });
  return moveLine(state, by, obligor, { reserved: -amount });
}

/** What was bought under it is forgotten with it: nothing more can be. A suspended bank can too. */
export function cancelQuote(state: State, { by, nonce }: { by: number; nonce: bigint }): State {
  refuseIf({ MEMBER_UNKNOWN: !state.members.has(by) });
  return { ...state, quotes: put(state.quotes, `${by}:${nonce}`, { filled: 0n, isCancelled: true }) };
}

// --- Deposits ---------------------------------------------------------------------------------------------------------

/** Governance says how much a settlement bank may have issued; less than it has stops new deposits only. */
export function setCap(state: State, { bank, cap }: { bank: number; cap: bigint }): State {
  refuseIf({ MEMBER_UNKNOWN: !state.members.has(bank) });
  return { ...state, books: put(state.books, bank, { ...bookOf(state, bank), cap }) };
}

/** A settlement bank credits a member, suspended or not, within its cap. */
export function deposit(state: State, { by, to, amount }: { by: number; to: number; amount: bigint }): State {
  const { cap, issued } = bookOf(state, by);
  refuseIf({
    ...parties(state, by),
    MEMBER_UNKNOWN: !state.members.has(by) || !state.members.has(to),
    ROLE_REQUIRED: !hasRole(state, by, 'settlement_bank'),
    AMOUNT_INVALID: amount <= 0n,
    CAP_EXCEEDED: issued + amount > cap,
  });
  return moveBook(addCash(state, to, amount), by, { issued: amount });
}

/** A member asks one bank to pay out what that has issued and was not asked for yet; it is locked from now on. */
export function requestRedemption(
  state: State,
  { by, bank, amount }: { by: number; bank: number; amount: bigint },
): State {
  const { issued, pending } = bookOf(state, bank);
  refuseIf({
    ...parties(state, by, bank),
    ROLE_REQUIRED: !hasRole(state, bank, 'settlement_bank'),
    AMOUNT_INVALID: amount <= 0n,
    REDEMPTION_EXCEEDED: amount > issued - pending,
    INSUFFICIENT_CASH: amount > cashOf(state, by),
  });
  const redemptionCount = state.redemptionCount + 1n;
  const redemptions = put(state.redemptions, redemptionCount, { bank, member: by, amount });
  const locked = moveBook(addCash(state, by, -amount), bank, { pending: amount });
  return { ...locked, redemptions, redemptionCount };
}

type Answer = { by: number; redemption: bigint };

/** The bank, suspended or not, has paid. */
export function confirmRedemption(state: State, answer: Answer): State {
  const { bank, amount } = waiting(state, answer);
  return moveBook(answered(state, answer), bank, { issued: -amount, pending: -amount });
}

/** The bank does not pay; the member has its deposits back. */
export function refuseRedemption(state: State, answer: Answer): State {
  const { bank, member, amount } = waiting(state, answer);
  return addCash(moveBook(answered(state, answer), bank, { pending: -amount }), member, amount);
}

function waiting(state: State, { by, redemption: no }: Answer): Redemption {
  const redemption = state.redemptions.get(no);
  if (redemption?.bank !== by) throw new Problem('REQUEST_INVALID');
  return redemption;
}

function answered(state: State, { redemption }: Answer): State {
  const redemptions = new Map(state.redemptions);
  redemptions.delete(redemption);
  return { ...state, redemptions };
}

/** Acts that move money and lines. */
export const fundActs = {
  ...{ fund, payFor, distribute, setLine, setGroupLine, reserve, release, cancelQuote, setCap },
  ...{ deposit, requestRedemption, confirmRedemption, refuseRedemption },
};
