/** Each piece of an instruction that has several, as this browser reads them of what is signed; what a sentence only counts. */
import type { InstructionSheet } from '#web/api/schema.ts';
import { money, moneyOf, text } from '#web/format.ts';
import { session } from '#web/state/session.svelte.ts';
import { batchOf } from './sign.ts';

export type Piece = {
  readonly to?: string;
  /** Of whose range it is, or that is paid. */
  readonly billNo?: string;
  readonly due?: string;
  readonly amount?: string;
};

/** Empty where the sentence says all. Of a sheet that was found true. */
export function piecesOf(sheet: InstructionSheet): readonly Piece[] {
  const pieces = allOf(sheet);
  return pieces.length > 1 ? pieces : [];
}

function allOf({ isBatch, asked, payees, prepared }: InstructionSheet): readonly Piece[] {
  const named = (number: number): string => {
    const known = payees.find((payee) => payee.number === number);
    return known === undefined ? `№${number}` : `${text(known.name)} №${number}`;
  };
  if (isBatch)
    return batchOf(prepared, session.party!, session.status!).each.map(({ payee, due, face }) => ({
      to: named(payee),
      due,
      amount: moneyOf(face),
    }));
  if (asked?.type === 'issue')
    return asked.bills.map(({ payee, due, face }) => ({ to: named(payee), due, amount: money(face) }));
  if (asked?.type === 'take')
    return asked.parcels.map((parcel) => ({ billNo: String(BigInt(parcel) >> 64n) }));
  return [];
}
