import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestCombination, quoteDoubts, rankOffers, type OpenQuote } from '#domain/sales/quotes.ts';
import { discount, feeOfFill } from '#domain/sales/pricing.ts';
import { check } from '../support/property.ts';

const time = { days: 90, basis: 360 } as const;
const quote = (name: string, amount: bigint, ratePpm: bigint, fee = 0n) => ({
  name,
  amount,
  filled: 0n,
  ratePpm,
  fee,
});

describe('offers compared', () => {
  it('puts a cheaper bank that covers a part before a dearer one that covers all', () => {
    const cheap = quote('cheap', 6_000_000n, 20_000n);
    const dear = quote('dear', 10_000_000n, 30_000n);
    expect(rankOffers([dear, cheap], 10_000_000n, time).map((part) => part.quote.name)).toEqual([
      'cheap',
      'dear',
    ]);
    const best = bestCombination([dear, cheap], 10_000_000n, time)!;
    expect(best.parts.map((part) => [part.quote.name, part.amount])).toEqual([
      ['cheap', 6_000_000n],
      ['dear', 4_000_000n],
    ]);
    expect(best.net).toBe(9_940_000n); // 300.00 + 300.00 of interest
  });

  it('ranks by what is paid in all, the fee within', () => {
    const withFee = quote('fee', 10_000_000n, 10_000n, 100_000n);
    const plain = quote('plain', 10_000_000n, 30_000n);
    expect(rankOffers([withFee, plain], 10_000_000n, time)[0]!.quote.name).toBe('plain');
  });

  it('leaves out what would eat up its own amount', () => {
    expect(bestCombination([quote('all', 100n, 0n, 100n)], 100n, time)).toBeUndefined();
    expect(bestCombination([], 100n, time)).toBeUndefined();
  });
});

describe('the best combination', () => {
  const open: fc.Arbitrary<OpenQuote> = fc
    .record({
      amount: fc.bigInt({ min: 1n, max: 10n ** 12n }),
      part: fc.bigInt({ min: 0n, max: 999n }),
      ratePpm: fc.bigInt({ min: 0n, max: 400_000n }),
      feePpm: fc.bigInt({ min: 0n, max: 50_000n }),
    })
    .map(({ amount, part, ratePpm, feePpm }) => ({
      amount,
      filled: (amount * part) / 1_000n,
      ratePpm,
      fee: (amount * feePpm) / 1_000_000n,
    }));
  const setting = fc.record({
    quotes: fc.array(open, { minLength: 1, maxLength: 6 }),
    asked: fc.bigInt({ min: 1n, max: 10n ** 12n }),
    days: fc.integer({ min: 1, max: 365 }),
    basis: fc.constantFrom(360 as const, 365 as const),
    order: fc.infiniteStream(fc.nat(5)),
  });
  const left = (each: OpenQuote) => each.amount - each.filled;

  it('covers all that can be had, and takes of no quote more than is left of it', () => {
    check(
      fc.property(setting, ({ quotes, asked, days, basis }) => {
        const best = bestCombination(quotes, asked, { days, basis });
        const most = quotes.reduce((sum, each) => sum + left(each), 0n);
        const least = quotes.length * 3; // what would eat itself up is a cent or two
        const covered = best?.amount ?? 0n;
        expect(covered <= asked && covered <= most).toBe(true);
        expect(covered + BigInt(least) >= (asked < most ? asked : most)).toBe(true);
        for (const part of best?.parts ?? []) {
          expect(part.amount > 0n && part.amount <= left(part.quote)).toBe(true);
        }
        expect(best?.parts.reduce((sum, { price }) => sum + price.net, 0n) ?? 0n).toBe(best?.net ?? 0n);
      }),
    );
  });

  it('costs no more than the same amount taken in any other order, to a cent or two for each part', () => {
    check(
      fc.property(setting, ({ quotes, asked, days, basis, order }) => {
        const best = bestCombination(quotes, asked, { days, basis });
        if (best === undefined) return;
        const mixed = [...quotes]
          .map((each) => ({ each, at: order.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ each }) => each);
        let rest: bigint = best.amount;
        let net = 0n;
        for (const each of mixed) {
          const amount = rest < left(each) ? rest : left(each);
          if (amount === 0n) continue;
          rest -= amount;
          const { interest, fee } = priceOf(each, amount, { days, basis });
          net += amount - interest - fee;
        }
        expect(best.net + 2n * BigInt(quotes.length) >= net).toBe(true);
      }),
    );
  });
  const priceOf = (each: OpenQuote, amount: bigint, on: { days: number; basis: 360 | 365 }) => {
    const fee = feeOfFill(each, each.filled, amount);
    try {
      return discount({ ...on, amount, ratePpm: each.ratePpm, fee });
    } catch {
      return { interest: amount, fee: 0n };
    }
  };
});

describe('doubts about a quote', () => {
  const doubts = (ratePpm: bigint, fee: bigint) =>
    quoteDoubts(ratePpm, discount({ ...time, amount: 10_000_000n, ratePpm, fee }));

  it('asks about a rate of 365 % and about a fee above the price', () => {
    expect(doubts(36_500n, 10_000n)).toEqual([]);
    expect(doubts(3_650_000n, 0n)).toEqual(['rate']);
    expect(doubts(0n, 5_000_001n)).toEqual(['rate', 'fee']);
  });
});
