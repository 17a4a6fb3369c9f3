/** The words in which the ledger keeps a bill, as contracts/bills/Terms.sol, Parcel.sol and BillsStorage.sol lay them out. */
import { KIND_NUMBERS, type BillKind } from '../codes.ts';

/** Numbers of members; null is nobody. Amounts are minor units, times are instants (seconds). */
export type TermsFields = {
  readonly acceptor: number;
  readonly payee: number;
  readonly guarantor: number | null;
  readonly due: bigint;
  readonly face: bigint;
  readonly kind: BillKind;
  readonly status: keyof typeof STATUS_NUMBERS;
  readonly flags: number;
  readonly rulePack: number;
  /** ISO 4217 number. */
  readonly currency: number;
};

export type ParcelFields = {
  readonly holder: number;
  readonly offeredTo: number | null;
  readonly pledgee: number | null;
  readonly end: bigint;
  readonly paidUpTo: bigint;
  readonly offerUntil: bigint | null;
  readonly flags: number;
};

export const STATUS_NUMBERS = { offered: 1, active: 2, cancelled: 3 } as const;

export const termsWord = (terms: TermsFields): bigint =>
  pack([
    [terms.acceptor, 32],
    [terms.payee, 32],
    [terms.guarantor, 32],
    [terms.due, 40],
    [terms.face, 56],
    [KIND_NUMBERS[terms.kind], 8],
    [STATUS_NUMBERS[terms.status], 8],
    [terms.flags, 16],
    [terms.rulePack, 16],
    [terms.currency, 16],
  ]);

export const parcelWord = (parcel: ParcelFields): bigint =>
  pack([
    [parcel.holder, 32],
    [parcel.offeredTo, 32],
    [parcel.pledgee, 32],
    [parcel.end, 56],
    [parcel.paidUpTo, 56],
    [parcel.offerUntil, 40],
    [parcel.flags, 8],
  ]);

/** A struct of two uint56: the first lies lowest. */
export const paidWord = (paidIn: bigint, paidOut: bigint): bigint => (paidOut << 56n) | paidIn;

/** Fields from the left, with their bits; null is 0. */
const pack = (fields: readonly (readonly [value: number | bigint | null, bits: number])[]): bigint =>
  fields.reduce((packed, [value, bits]) => (packed << BigInt(bits)) | BigInt(value ?? 0), 0n);
