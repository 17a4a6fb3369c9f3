import { KIND_NUMBERS } from '#domain/codes.ts';
import { keccak256 } from '#chain/keccak.ts';
import type { BillWithParcels } from '#db/ledger/proof.ts';

const STATUS_NUMBERS = { offered: 1, active: 2, cancelled: 3 } as const;

/** What `Bills.ledgerHash` gives for a bill and a run of its parcels that are as the read model says (see IBills.sol). */
export function ledgerHash({ bill, parcels }: BillWithParcels): Buffer {
  let hash = digest(termsWord(bill), bill.trail, word(bill.paid_in_minor), word(bill.paid_out_minor));
  for (const parcel of parcels) hash = digest(hash, word(parcel.first), parcelWord(parcel));
  return hash;
}

/** See Terms.sol. */
const termsWord = (bill: BillWithParcels['bill']): Buffer =>
  pack([
    [bill.acceptor, 32],
    [bill.payee, 32],
    [bill.guarantor, 32],
    [bill.due, 40],
    [bill.face_minor, 56],
    [KIND_NUMBERS[bill.kind], 8],
    [STATUS_NUMBERS[bill.status], 8],
    [bill.flags, 16],
    [bill.rule_pack, 16],
    [bill.currency, 16],
  ]);

/** See Parcel.sol. */
const parcelWord = (parcel: BillWithParcels['parcels'][number]): Buffer =>
  pack([
    [parcel.holder, 32],
    [parcel.offered_to, 32],
    [parcel.pledgee, 32],
    [parcel.end, 56],
    [parcel.paid_up_to_minor, 56],
    [parcel.offer_until, 40],
    [parcel.flags, 8],
  ]);

/** Fields from the left, with their bits; null is 0. */
const pack = (fields: readonly (readonly [value: number | bigint | null, bits: number])[]): Buffer =>
  word(fields.reduce((packed, [value, bits]) => (packed << BigInt(bits)) | BigInt(value ?? 0), 0n));

const word = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');

const digest = (...words: Buffer[]): Buffer => keccak256(...words);
