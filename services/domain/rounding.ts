/**
 * The one module that rounds. Tested against test/vectors, which the contracts read too. Inputs are never negative:
 * division of bigints is then the floor.
 */
import { minor, type Minor } from './money.ts';

/** numerator / denominator, halves up. */
export function roundHalfUp(numerator: bigint, denominator: bigint): bigint {
  if (numerator < 0n || denominator <= 0n) throw new RangeError('roundHalfUp wants a positive fraction');
  return (2n * numerator + denominator) / (2n * denominator);
}

/**
 * What part [start, end) of n gets of a total: ⌊end·total/n⌋ − ⌊start·total/n⌋. The parts of any split sum up to the
 * total; a part beyond n goes on in proportion.
 */
export function share(total: bigint, start: bigint, end: bigint, n: bigint): Minor {
  if (total < 0n || start < 0n || end < start || n <= 0n) {
    throw new RangeError('share wants 0 <= start <= end, 0 < n and a total that is not negative');
  }
  return minor((end * total) / n - (start * total) / n);
}

/**
 * What the holder of the cents [first, end) is owed now: its share of the paidIn of face that have come in, less its
 * share of the paidUpTo at which it was last paid. A split copies paidUpTo, so the sum over all parcels stays exact.
 * Can be −1: see {@link payout}, which is what is really paid.
 */
export function owed(first: bigint, end: bigint, paidIn: bigint, face: bigint, paidUpTo: bigint): Minor {
  return minor(share(paidIn, first, end, face) - share(paidUpTo, first, end, face));
}

/** What a piece is paid, and the paid-in sum that it counts as paid up to afterwards. */
export type Payout = { readonly amount: Minor; readonly paidUpTo: bigint };

/**
 * What a piece gets out of the available money of its bill (paid in, not yet paid out). Usually all that it is owed; two
 * corners of a cent or so, which the last payment heals because then every share is the length of its piece:
 *
 * 1) A share can fall by one cent while the sum grows (face 5, cent [2,3): 1 of 2 paid in, 0 of 3). Such a piece was
 *    paid ahead: it gets nothing and remembers what it remembered.
 * 2) Another piece's share rose by that cent, which the bill does not hold yet. A piece that asks for more than is
 *    there is paid up to an earlier sum. A share is less than one cent away from length · sum / face, so going back by
 *    (short + 2) · face / length makes it smaller by at least what is short.
 */
export function payout(
  piece: { first: bigint; end: bigint; paidUpTo: bigint },
  paidIn: bigint,
  face: bigint,
  available: bigint,
): Payout {
  const { first, end, paidUpTo } = piece;
  const nothing = { amount: minor(0n), paidUpTo };
  const due = owed(first, end, paidIn, face, paidUpTo);
  if (due < 0n) return nothing;
  if (due <= available) return { amount: due, paidUpTo: paidIn };

  const earlier = paidIn - (((due - available + 2n) * face) / (end - first) + 1n);
  if (earlier <= paidUpTo) return nothing;
  const amount = owed(first, end, earlier, face, paidUpTo);
  return amount > 0n ? { amount, paidUpTo: earlier } : nothing;
}
