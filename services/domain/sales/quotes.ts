/** Comparing what banks offer: by what it costs in all, whatever part of the amount each covers. */
import { minor, ratePpm, type Minor, type RatePpm } from '../money.ts';
import { discount, feeOfFill, interestOf, type Discount } from './pricing.ts';
import { roundHalfUp } from '../rounding.ts';

/** A quote with what was bought under it already. Amounts in minor units. */
export type OpenQuote = {
  readonly amount: bigint;
  readonly filled: bigint;
  readonly fee: bigint;
  readonly ratePpm: bigint;
};
export type Days = { readonly days: number; readonly basis: 360 | 365 };
export type SalePart<Q> = { readonly quote: Q; readonly amount: bigint; readonly price: Discount };
export type Combination<Q> = {
  readonly parts: readonly SalePart<Q>[];
  readonly amount: Minor;
  readonly net: Minor;
  /** ((amount − net) / net) × 365 / days, as ppm. */
  readonly yearlyCost365: RatePpm;
};

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const priced = <Q extends OpenQuote>(quote: Q, amount: bigint, time: Days): SalePart<Q> => ({
  quote,
  amount,
  price: discount({ ...time, amount, ratePpm: quote.ratePpm, fee: feeOfFill(quote, quote.filled, amount) }),
});

/** What of `asked` each quote would buy, cheapest a year first; the one that covers more goes first among equals. */
export function rankOffers<Q extends OpenQuote>(
  quotes: readonly Q[],
  asked: bigint,
  time: Days,
): SalePart<Q>[] {
  return quotes
    .map((quote) => ({ quote, amount: min(asked, quote.amount - quote.filled) }))
    .filter(({ quote, amount }) => amount > 0n && leavesSomething(quote, amount, time))
    .map(({ quote, amount }) => priced(quote, amount, time))
    .sort((a, b) => order(costOf(a) * b.amount, costOf(b) * a.amount) || order(b.amount, a.amount));
}

const costOf = <Q>({ price }: SalePart<Q>): bigint => price.interest + price.fee;
const order = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The parts that cover as much of `asked` as there is on offer and cost least. A quote's fee and interest grow with what is
 * bought under it, so taking the cheapest first is best, to a cent of rounding for each part. Undefined: nothing on offer.
 */
export function bestCombination<Q extends OpenQuote>(
  quotes: readonly Q[],
  asked: bigint,
  time: Days,
): Combination<Q> | undefined {
  const parts: SalePart<Q>[] = [];
  let left = asked;
  for (const { quote, amount } of rankOffers(quotes, asked, time)) {
    if (left === 0n) break;
    const part = min(left, amount);
    if (!leavesSomething(quote, part, time)) continue;
    parts.push(priced(quote, part, time));
    left -= part;
  }
  if (parts.length === 0) return undefined;
  const net = parts.reduce((sum, { price }) => sum + price.net, 0n);
  const covered = asked - left;
  return {
    parts,
    amount: minor(covered),
    net: minor(net),
    yearlyCost365: ratePpm(roundHalfUp((covered - net) * 365n * 1_000_000n, net * BigInt(time.days))),
  };
}

/** A cent or two may cost all that they are worth. */
function leavesSomething(quote: OpenQuote, amount: bigint, time: Days): boolean {
  const fee = feeOfFill(quote, quote.filled, amount);
  return amount > fee + interestOf({ ...time, amount, ratePpm: quote.ratePpm });
}

/** A year at more than this is likely a slip of the pen: no firm borrows so dear (ppm). */
const UNUSUAL_RATE_PPM = 360_000n;

/** What of a quote is likely a mistake, to be asked about before it is signed. */
export function quoteDoubts(rate: bigint, { net, fee, yearlyCost365 }: Discount): ('rate' | 'fee')[] {
  return [
    ...(rate > UNUSUAL_RATE_PPM || yearlyCost365 > UNUSUAL_RATE_PPM ? (['rate'] as const) : []),
    ...(fee > net ? (['fee'] as const) : []),
  ];
}
