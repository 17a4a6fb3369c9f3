import { parcelWord, termsWord } from '#domain/bills/ledger-words.ts';
import { keccak256 } from '#chain/keccak.ts';
import type { BillWithParcels } from '#db/ledger/proof.ts';

/** What `Bills.ledgerHash` gives for a bill and a run of its parcels that are as the read model says (see IBills.sol). */
export function ledgerHash({ bill, parcels }: BillWithParcels): Buffer {
  let hash = digest(termsOf(bill), bill.trail, word(bill.paid_in_minor), word(bill.paid_out_minor));
  for (const parcel of parcels) hash = digest(hash, word(parcel.first), contentOf(parcel));
  return hash;
}

const termsOf = (bill: BillWithParcels['bill']): Buffer =>
  word(termsWord({ ...bill, face: bill.face_minor, rulePack: bill.rule_pack }));

const contentOf = (parcel: BillWithParcels['parcels'][number]): Buffer =>
  word(
    parcelWord({
      ...parcel,
      offeredTo: parcel.offered_to,
      paidUpTo: parcel.paid_up_to_minor,
      offerUntil: parcel.offer_until,
    }),
  );

const word = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');

const digest = (...words: Buffer[]): Buffer => keccak256(...words);
