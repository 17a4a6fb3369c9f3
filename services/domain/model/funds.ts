/** Acts that move money and lines. */
import { Problem, refuseIf } from '../problems.ts';
import { payout } from '../rounding.ts';
import {
  addCash,
  billOf,
  cashOf,
  groupLineOf,
  hasRole,
  hasRoom,
  lineOf,
  moveLine,
  put,
  putBill,
  replace,
  type State,
} from './state.ts';
import { freed, parties } from './titles.ts';

/** The acceptor pays in, at any time; what is paid in stays the bill's. */
export function fund(
  state: State,
  { by, bill: no, amount }: { by: number; bill: bigint; amount: bigint },
): State {
  const bill = billOf(state, no);
  refuseIf({
    ...parties(state, by),
    ROLE_REQUIRED: bill.acceptor !== by,
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

/** A settlement bank, whose own books are none of ours, credits a member: a suspended one too. */
export function deposit(state: State, { to, amount }: { to: number; amount: bigint }): State {
  refuseIf({ MEMBER_UNKNOWN: !state.members.has(to) });
  return addCash(state, to, amount);
}

export function redeem(state: State, { by, amount }: { by: number; amount: bigint }): State {
  refuseIf({ ...parties(state, by), INSUFFICIENT_CASH: amount > cashOf(state, by) });
  return addCash(state, by, -amount);
}
