/**
 * A bill of face F is the line [0, F) of its cents; a parcel is a piece [first, end) of it with one holder. Pure values:
 * nothing here knows who may do what.
 */
import { PARCEL_BITS } from '../codes.ts';
import { minor, type Minor } from '../money.ts';
import { Problem } from '../problems.ts';

declare const billNoBrand: unique symbol;
declare const parcelIdBrand: unique symbol;

/** Acceptor's member number (32 bits) and the serial that it chose (32 bits). */
export type BillNo = bigint & { readonly [billNoBrand]: true };

/** Bill number (64 bits) and first cent (64 bits). A cut keeps the left piece's id. */
export type ParcelId = bigint & { readonly [parcelIdBrand]: true };

/** Parties are member numbers, 0 is nobody; see contracts/bills/Parcel.sol for the same in one slot. */
export type Parcel = {
  readonly first: bigint;
  /** One past the last cent. */
  readonly end: bigint;
  readonly holder: number;
  readonly offeredTo: number;
  readonly pledgee: number;
  /** What had been paid in to the bill when this parcel was last paid. */
  readonly paidUpTo: bigint;
  /** The instant (seconds) from which the offer can no longer be taken; 0: until maturity. */
  readonly offerUntil: number;
  /** Set of PARCEL_BITS. */
  readonly flags: number;
};

type Range = { readonly first: bigint; readonly end: bigint };

export const lengthOf = ({ first, end }: Range): Minor => minor(end - first);

export const isFinanced = (parcel: Pick<Parcel, 'flags'>): boolean =>
  (parcel.flags & PARCEL_BITS.financed) !== 0;
export const isOnHold = (parcel: Pick<Parcel, 'flags'>): boolean =>
  (parcel.flags & PARCEL_BITS.on_hold) !== 0;

/** Offered, pledged or on hold: the holder cannot dispose of it. */
export const isLocked = (parcel: Parcel): boolean =>
  parcel.offeredTo !== 0 || parcel.pledgee !== 0 || isOnHold(parcel);

/**
 * Cuts `amount` cents from the right end. The rest stays on the left under the old id and is undefined when the piece is
 * the whole parcel. Both keep all else, paidUpTo above all.
 */
export function cut<P extends Range>(parcel: P, amount: bigint): { rest: P | undefined; piece: P } {
  if (amount <= 0n) throw new Problem('AMOUNT_INVALID');
  if (amount > lengthOf(parcel)) throw new Problem('AMOUNT_EXCEEDS_PARCEL');
  const at = parcel.end - amount;
  if (at === parcel.first) return { rest: undefined, piece: parcel };
  return { rest: { ...parcel, end: at }, piece: { ...parcel, first: at } };
}

/** Whether the pieces, in this order, are disjoint, not empty and cover [0, face). */
export function covers(pieces: readonly Range[], face: bigint): boolean {
  let at = 0n;
  for (const { first, end } of pieces) {
    if (first !== at || end <= first) return false;
    at = end;
  }
  return at === face;
}

/** Legal display, 1-based and inclusive: [0, 33333333) is "1-33333333". */
export const displayRange = ({ first, end }: Range): string => `${first + 1n}-${end}`;

export function parseRange(text: string): Range {
  const match = /^([1-9]\d{0,17})-([1-9]\d{0,17})$/.exec(text);
  const range = match && { first: BigInt(match[1]!) - 1n, end: BigInt(match[2]!) };
  if (range === null || range.end <= range.first) {
    throw new Problem('REQUEST_INVALID', {
      zh: `“${text}”不是子票区间，应类似 1-33333333`,
      en: `"${text}" is not a range of cents; write it like 1-33333333`,
    });
  }
  return range;
}

const BITS_32 = 1n << 32n;
const BITS_64 = 1n << 64n;

export function billNo(acceptor: number, serial: number): BillNo {
  requireBits32(acceptor);
  requireBits32(serial);
  return (BigInt(acceptor) * BITS_32 + BigInt(serial)) as BillNo;
}

export const partsOfBillNo = (no: bigint): { acceptor: number; serial: number } => ({
  acceptor: Number(no / BITS_32),
  serial: Number(no % BITS_32),
});

export const parcelId = (no: bigint, first: bigint): ParcelId => (no * BITS_64 + first) as ParcelId;

export const partsOfParcelId = (id: bigint): { billNo: BillNo; first: bigint } => ({
  billNo: (id / BITS_64) as BillNo,
  first: id % BITS_64,
});

/** Ids in the API are decimal strings. */
export const formatId = (id: bigint): string => id.toString();

export const parseBillNo = (text: string): BillNo => parseId(text, BITS_64) as BillNo;
export const parseParcelId = (text: string): ParcelId => parseId(text, BITS_64 * BITS_64) as ParcelId;

function parseId(text: string, limit: bigint): bigint {
  const id = /^(0|[1-9]\d{0,38})$/.test(text) ? BigInt(text) : limit;
  if (id >= limit) {
    throw new Problem('REQUEST_INVALID', {
      zh: `“${text}”不是编号`,
      en: `"${text}" is not an id: ids are decimal numbers`,
    });
  }
  return id;
}

function requireBits32(value: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32)
    throw new RangeError(`${value} does not fit 32 bits`);
}
