/** What a sale at a discount brings and costs. */
import { daysBetween, type LegalDate } from '../dates.ts';
import { minor, ratePpm, type Minor, type RatePpm } from '../money.ts';
import { Problem } from '../problems.ts';
import { roundHalfUp, share } from '../rounding.ts';

export { basisOf } from '../rules/rule-packs.ts';

const PPM = 1_000_000n;

/** ((amount − net) / net) × 365 (or 360) / days, in ppm, halves rounded up. */
export type YearlyCost = { readonly yearlyCost365: RatePpm; readonly yearlyCost360: RatePpm };

/** What a sale at a discount brings and costs. Amounts in minor units. */
export type Discount = YearlyCost & {
  readonly interest: Minor;
  readonly fee: Minor;
  /** What the seller gets: amount − interest − fee. */
  readonly net: Minor;
};

export type DiscountTerms = {
  readonly amount: bigint;
  readonly ratePpm: bigint;
  /** Legal dates from the deal to the due date, first counted, last not: at least 1. */
  readonly days: number;
  /** Days of a year of interest: 360 or 365. */
  readonly basis: number;
  readonly fee?: bigint;
  /** What was bought before under the same quote. */
  readonly filled?: bigint;
};

/**
 * R(amount), or R(filled + amount) − R(filled) for a part of a quote, with R(x) = x × rate × days / (basis × 1,000,000), halves
 * up, in minor units: slices together bear what they would bear in one.
 */
export function interestOf({ amount, ratePpm, days, basis, filled = 0n }: DiscountTerms): Minor {
  const upTo = (sum: bigint) => roundHalfUp(sum * ratePpm * BigInt(days), BigInt(basis) * PPM);
  return minor(upTo(filled + amount) - upTo(filled));
}

/** Throws AMOUNT_INVALID when nothing would be left for the seller. */
export function discount(terms: DiscountTerms): Discount {
  if (terms.days < 1) throw new RangeError('a sale lies at least one day before the due date');
  const interest = interestOf(terms);
  const fee = minor(terms.fee ?? 0n);
  const net = minor(terms.amount - interest - fee);
  if (net <= 0n) throw new Problem('AMOUNT_INVALID');
  return { interest, fee, net, ...yearlyCost(terms.amount, net, terms.days) };
}

function yearlyCost(amount: bigint, net: bigint, days: number): YearlyCost {
  const on = (year: bigint): RatePpm => ratePpm(roundHalfUp((amount - net) * year * PPM, net * BigInt(days)));
  return { yearlyCost365: on(365n), yearlyCost360: on(360n) };
}

/**
 * What a sale that was made cost a year, and for how many days. On the due date itself it counts for one day; the ledger may hold
 * a sale for nothing, and of that no cost can be told: 0.
 */
export function costOf(sale: {
  readonly amount: bigint;
  readonly net: bigint;
  readonly sold: LegalDate;
  readonly due: LegalDate;
}): YearlyCost & { readonly days: number } {
  const days = Math.max(1, daysBetween(sale.sold, sale.due));
  const isForNothing = sale.net <= 0n;
  return {
    days,
    ...(isForNothing
      ? { yearlyCost365: ratePpm(0n), yearlyCost360: ratePpm(0n) }
      : yearlyCost(sale.amount, sale.net, days)),
  };
}

/**
 * The fee of one fill: the quote's fee is for its whole amount, and a fill of `amount` after `filled` bears its part,
 * so that the parts of a quote bear exactly its fee. A quote for nothing costs nothing.
 */
export const feeOfFill = (
  quote: { readonly amount: bigint; readonly fee: bigint },
  filled: bigint,
  amount: bigint,
): Minor => (quote.amount === 0n ? minor(0n) : share(quote.fee, filled, filled + amount, quote.amount));
