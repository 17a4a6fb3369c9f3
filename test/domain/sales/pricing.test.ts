import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, parseLegalDate } from '#domain/dates.ts';
import { basisOf, costOf, discount, feeOfFill } from '#domain/sales/pricing.ts';
import { check, dividedLine } from '../support/property.ts';
import { vectors } from '../support/vectors.ts';

type Vector = {
  amount: string;
  ratePpm: string;
  days: number;
  basis: number;
  fee: string;
  interest: string;
  net?: string;
  yearlyCost365?: string;
  yearlyCost360?: string;
  refused?: string;
};
const all = vectors<{ discount: Vector[] }>('pricing').discount;
const terms = ({ amount, ratePpm, days, basis, fee }: Vector) => ({
  amount: BigInt(amount),
  ratePpm: BigInt(ratePpm),
  days,
  basis,
  fee: BigInt(fee),
});

describe('discount', () => {
  it('prices a million at 2 % for 90 days at 995,000', () => {
    const price = discount({ amount: 100_000_000n, ratePpm: 20_000n, days: 90, basis: 360 });
    expect(price).toMatchObject({ interest: 500_000n, fee: 0n, net: 99_500_000n });
  });

  it.each(all.filter((v) => v.refused === undefined))(
    '$amount at $ratePpm for $days days on $basis, fee $fee',
    (v) => {
      expect(discount(terms(v))).toEqual({
        interest: BigInt(v.interest),
        fee: BigInt(v.fee),
        net: BigInt(v.net!),
        yearlyCost365: BigInt(v.yearlyCost365!),
        yearlyCost360: BigInt(v.yearlyCost360!),
      });
    },
  );

  it.each(all.filter((v) => v.refused !== undefined))('refuses to leave nothing of $amount', (v) => {
    expect(() => discount(terms(v))).toThrow(v.refused);
  });

  it('refuses a deal on the due date', () => {
    expect(() => discount({ amount: 100n, ratePpm: 1n, days: 0, basis: 360 })).toThrow(RangeError);
  });
});

describe('costOf', () => {
  const sold = parseLegalDate('2026-03-03');

  it('is for a sale that was made what its quote said', () => {
    for (const v of all.filter(({ refused }) => refused === undefined)) {
      const { net, yearlyCost365, yearlyCost360 } = discount(terms(v));
      const sale = { amount: BigInt(v.amount), net, sold, due: addDays(sold, v.days) };
      expect(costOf(sale)).toEqual({ days: v.days, yearlyCost365, yearlyCost360 });
    }
  });

  it('counts one day on the due date', () => {
    const sale = { amount: 101_00n, net: 100_00n, sold, due: sold };
    expect(costOf(sale)).toEqual({ days: 1, yearlyCost365: 3_650_000n, yearlyCost360: 3_600_000n });
  });

  it('tells no cost of a sale for nothing', () => {
    const sale = { amount: 100n, net: 0n, sold, due: addDays(sold, 90) };
    expect(costOf(sale)).toEqual({ days: 90, yearlyCost365: 0n, yearlyCost360: 0n });
  });
});

describe('feeOfFill', () => {
  it('sums to the fee over the fills of a quote', () => {
    check(
      fc.property(dividedLine(), fc.bigInt({ min: 0n, max: 1n << 40n }), ({ face, pieces }, fee) => {
        const parts = pieces.map(({ first, end }) => feeOfFill({ amount: face, fee }, first, end - first));
        expect(parts.reduce((total, part) => total + part, 0n)).toBe(fee);
      }),
    );
  });
});

describe('basisOf', () => {
  it('knows the day counts of the markets', () => {
    expect((['CNY', 'USD', 'GBP', 'HKD', 'SGD'] as const).map(basisOf)).toEqual([360, 360, 365, 365, 365]);
    expect(() => basisOf('CLP')).toThrow(RangeError);
  });
});
