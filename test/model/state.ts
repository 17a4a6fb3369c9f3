/** What the ledger knows, as plain values. Nothing here is changed in place. */
import type { Role } from '../../services/domain/codes.ts';
import { ROLE_BITS } from '../../services/domain/codes.ts';
import { partsOfParcelId, type Parcel } from '../../services/domain/bills/intervals.ts';
import type { StoredStatus } from '../../services/domain/bills/status.ts';

export type Member = {
  readonly roles: number;
  readonly isSuspended: boolean;
  readonly hasStanding: boolean;
  readonly limits: StandingLimits;
};

/** What a standing acceptance covers; 0 is open, `until` the instant from which it covers nothing. */
export type StandingLimits = {
  readonly acceptor: number;
  readonly counterparty: number;
  readonly least: bigint;
  readonly until: number;
};

export const NO_LIMITS: StandingLimits = { acceptor: 0, counterparty: 0, least: 0n, until: 0 };

/** One invoice behind a bill, by its number: its seller is the payee. */
export type InvoiceUse = { readonly invoice: string; readonly total: bigint; readonly amount: bigint };

export type Bill = {
  readonly acceptor: number;
  readonly payee: number;
  /** The instant at which the due date begins. */
  readonly due: number;
  readonly face: bigint;
  /** Set of RESTRICTION_BITS; `named` counts with the bit for named members only. */
  readonly restrictions: number;
  readonly named: readonly number[];
  readonly invoices: readonly InvoiceUse[];
  readonly basis: number;
  readonly stored: StoredStatus;
  readonly paidIn: bigint;
  readonly paidOut: bigint;
  /** In order; they cover [0, face). */
  readonly parcels: readonly Parcel[];
};

export type Line = {
  readonly limit: bigint;
  readonly reserved: bigint;
  readonly used: bigint;
  /** The bank's number for a group of obligors; 0 is none. */
  readonly group: number;
};

/** The rule pack in force. */
export type Rules = { readonly tenorMonths: number; readonly basis: number };

/** A settlement bank's: what it may have issued, has issued, and is asked to pay out of that. */
export type Book = { readonly cap: bigint; readonly issued: bigint; readonly pending: bigint };

/** Deposits that are locked until the bank has answered. */
export type Redemption = { readonly bank: number; readonly member: number; readonly amount: bigint };

export type State = {
  /** Instant in seconds. */
  readonly now: number;
  readonly rules: Rules;
  readonly members: ReadonlyMap<number, Member>;
  readonly cash: ReadonlyMap<number, bigint>;
  readonly bills: ReadonlyMap<bigint, Bill>;
  /** By settlement bank. */
  readonly books: ReadonlyMap<number, Book>;
  readonly redemptions: ReadonlyMap<bigint, Redemption>;
  readonly redemptionCount: bigint;
  /** By "payee:invoice". */
  readonly invoices: ReadonlyMap<string, { readonly total: bigint; readonly used: bigint }>;
  /** By "bank:obligor", and by "bank:group". */
  readonly lines: ReadonlyMap<string, Line>;
  readonly groupLines: ReadonlyMap<string, Line>;
  /** By "bank:nonce". */
  readonly quotes: ReadonlyMap<string, { readonly filled: bigint; readonly isCancelled: boolean }>;
};

export const emptyState = (now: number, rules: Rules, members: ReadonlyMap<number, Member>): State => ({
  now,
  rules,
  members,
  cash: new Map(),
  bills: new Map(),
  books: new Map(),
  redemptions: new Map(),
  redemptionCount: 0n,
  invoices: new Map(),
  lines: new Map(),
  groupLines: new Map(),
  quotes: new Map(),
});

/** A copy of the map with one entry set. */
export const put = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> =>
  new Map(map).set(key, value);

export const hasRole = (state: State, member: number, role: Role): boolean =>
  ((state.members.get(member)?.roles ?? 0) & ROLE_BITS[role]) !== 0;

export const cashOf = (state: State, member: number): bigint => state.cash.get(member) ?? 0n;

/** Adds to, or with a negative amount takes from, what a member has. */
export const addCash = (state: State, member: number, amount: bigint): State => ({
  ...state,
  cash: put(state.cash, member, cashOf(state, member) + amount),
});

const NO_BOOK: Book = { cap: 0n, issued: 0n, pending: 0n };

export const bookOf = (state: State, bank: number): Book => state.books.get(bank) ?? NO_BOOK;

/** Adds to what a bank has issued or is asked to pay out. */
export function moveBook(state: State, bank: number, by: { issued?: bigint; pending?: bigint }): State {
  const { cap, issued, pending } = bookOf(state, bank);
  const book = { cap, issued: issued + (by.issued ?? 0n), pending: pending + (by.pending ?? 0n) };
  return { ...state, books: put(state.books, bank, book) };
}

// --- Bills and parcels ------------------------------------------------------------------------------------------------

const NO_PARCEL: Parcel = {
  first: 0n,
  end: 0n,
  holder: 0,
  offeredTo: 0,
  pledgee: 0,
  paidUpTo: 0n,
  offerUntil: 0,
  flags: 0,
};
const NO_BILL: Bill = {
  acceptor: 0,
  payee: 0,
  due: 0,
  face: 0n,
  restrictions: 0,
  named: [],
  invoices: [],
  basis: 360,
  stored: 'cancelled',
  paidIn: 0n,
  paidOut: 0n,
  parcels: [],
};

/** A bill that does not exist is one that nobody accepted and that is not in force. */
export const billOf = (state: State, no: bigint): Bill => state.bills.get(no) ?? NO_BILL;

/** A parcel that does not exist is one that nobody holds. */
export function find(state: State, id: bigint): { no: bigint; bill: Bill; parcel: Parcel } {
  const { billNo: no, first } = partsOfParcelId(id);
  const bill = billOf(state, no);
  return { no, bill, parcel: bill.parcels.find((parcel) => parcel.first === first) ?? NO_PARCEL };
}

export const putBill = (state: State, no: bigint, bill: Bill): State => ({
  ...state,
  bills: put(state.bills, no, bill),
});

/** The bill with one parcel replaced by the pieces that it became. */
export const replace = (bill: Bill, parcel: Parcel, ...pieces: readonly Parcel[]): Bill => ({
  ...bill,
  parcels: bill.parcels.flatMap((other) => (other === parcel ? pieces : [other])),
});

// --- Credit lines -----------------------------------------------------------------------------------------------------

const NO_LINE: Line = { limit: 0n, reserved: 0n, used: 0n, group: 0 };

export const lineOf = (state: State, bank: number, obligor: number): Line =>
  state.lines.get(`${bank}:${obligor}`) ?? NO_LINE;
export const groupLineOf = (state: State, bank: number, group: number): Line =>
  state.groupLines.get(`${bank}:${group}`) ?? NO_LINE;

/** Whether the line of an obligor and that of its group both have room. */
export function hasRoom(state: State, bank: number, obligor: number, amount: bigint): boolean {
  const line = lineOf(state, bank, obligor);
  const fits = ({ limit, used, reserved }: Line): boolean => amount <= limit - used - reserved;
  return fits(line) && (line.group === 0 || fits(groupLineOf(state, bank, line.group)));
}

/** Adds to what is used or reserved of an obligor's line and of its group's. */
export function moveLine(
  state: State,
  bank: number,
  obligor: number,
  by: { used?: bigint; reserved?: bigint },
): State {
  const line = lineOf(state, bank, obligor);
  const moved = (of: Line): Line => ({
    ...of,
    used: of.used + (by.used ?? 0n),
    reserved: of.reserved + (by.reserved ?? 0n),
  });
  const lines = put(state.lines, `${bank}:${obligor}`, moved(line));
  if (line.group === 0) return { ...state, lines };
  const group = moved(groupLineOf(state, bank, line.group));
  return { ...state, lines, groupLines: put(state.groupLines, `${bank}:${line.group}`, group) };
}
