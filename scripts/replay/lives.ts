/** What becomes of each payable: chosen by a fixed seed, days and payments by the file. Pure. */
import { addDays, compareDates, daysBetween, type LegalDate } from '#domain/dates.ts';
import { discount } from '#domain/sales/pricing.ts';
import { minor, type Minor } from '#domain/money.ts';
import type { Payable } from './payables.ts';
import { random, type Random } from './random.ts';

/** All or a part of a piece changes hands: `piece` is numbered by its birth, `makes` is the number of what is moved. */
export type Transfer = {
  readonly on: LegalDate;
  readonly from: string;
  readonly to: string;
  readonly piece: number;
  readonly makes: number;
  readonly amount: Minor;
} & (
  { readonly kind: 'pass_on' } | { readonly kind: 'sell'; readonly ratePpm: bigint; readonly price: Minor }
);

export type Life = Payable & {
  readonly transfers: readonly Transfer[];
  /** Who is paid how much at the end. */
  readonly paid: ReadonlyMap<string, Minor>;
};

export const BANKS = ['bank A', 'bank B'] as const;

const PASSED_ON = 0.3;
const PASSED_FURTHER = 0.4;
const SOLD = 0.25;
/** From one to so many days after the issue a piece moves. */
const MOVING_DAYS = 10;

/** Transfers of one bill lie on different days, before it is paid in and before it matures. */
export function livesOf(payables: readonly Payable[], seed: number): Life[] {
  const dice = random(seed);
  const suppliers = [...new Set(payables.map(({ supplier }) => supplier))].sort();
  return payables.map((payable) => lifeOf(payable, suppliers, dice));
}

type Piece = { holder: string; length: bigint };

function lifeOf(payable: Payable, suppliers: readonly string[], dice: Random): Life {
  const pieces: Piece[] = [{ holder: payable.supplier, length: payable.amount }];
  const transfers: Transfer[] = [];
  const days = movingDays(payable, dice);
  const move = (piece: number, to: string, kind: Transfer['kind']): void => {
    const on = days.shift();
    const holding = pieces[piece];
    if (on === undefined || holding === undefined || to === holding.holder) return;
    const amount = partOf(holding.length, dice);
    const isWhole = amount === holding.length;
    const makes = isWhole ? piece : pieces.length;
    const passed = { on, from: holding.holder, to, piece, makes, amount };
    transfers.push(kind === 'sell' ? priced(passed, payable.due, dice) : { ...passed, kind });
    if (isWhole) holding.holder = to;
    else {
      holding.length -= amount;
      pieces.push({ holder: to, length: amount });
    }
  };
  if (dice.next() < PASSED_ON) {
    move(0, dice.pick(suppliers), 'pass_on');
    if (dice.next() < PASSED_FURTHER) move(pieces.length - 1, dice.pick(suppliers), 'pass_on');
  }
  if (dice.next() < SOLD) move(dice.between(0, pieces.length - 1), dice.pick(BANKS), 'sell');
  const paid = new Map<string, Minor>();
  for (const { holder, length } of pieces) paid.set(holder, minor((paid.get(holder) ?? 0n) + length));
  return { ...payable, transfers, paid };
}

/** Up to three days, in order, on which a piece of the bill may move. */
function movingDays({ issued, settled, due }: Payable, dice: Random): LegalDate[] {
  const last = Math.min(MOVING_DAYS, daysBetween(issued, settled), daysBetween(issued, due) - 1);
  const days = new Set([0, 0, 0].map(() => dice.between(1, MOVING_DAYS)));
  return [...days]
    .filter((day) => day <= last)
    .map((day) => addDays(issued, day))
    .sort(compareDates);
}

/** All of it now and then, else between a tenth and nine tenths. */
function partOf(length: bigint, dice: Random): Minor {
  const thousandths = dice.next() < 0.3 ? 1_000 : dice.between(100, 900);
  const part = (length * BigInt(thousandths)) / 1_000n;
  return minor(part === 0n ? length : part);
}

/** Between 1.8 and 4.2 % a year. */
function priced(move: Omit<Transfer, 'kind' | 'ratePpm' | 'price'>, due: LegalDate, dice: Random): Transfer {
  const ratePpm = BigInt(dice.between(1_800, 4_200) * 10);
  const days = daysBetween(move.on, due);
  const { net } = discount({ amount: move.amount, ratePpm, days, basis: 360 });
  return { ...move, kind: 'sell', ratePpm, price: net };
}
