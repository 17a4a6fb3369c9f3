import { describe, expect, it } from 'vitest';
import { buckets, isIn, meanDays, monthsFrom, ticks } from '../../web/src/lib/charts/scale.ts';
import { concentrationOf, obligorsOf } from '../../web/src/lib/holdings/obligors.ts';

describe('the scale of a chart', () => {
  it('has round ticks that enclose all values', () => {
    expect(ticks(0, 97)).toEqual([0, 25, 50, 75, 100]);
    expect(ticks(2.9, 4.4, 3)).toEqual([2, 3, 4, 5]);
    expect(ticks(5, 5).at(-1)).toBeGreaterThanOrEqual(5);
    expect(ticks(0, 0)).toEqual([0, 0.25]);
  });

  it('cuts time into whole months, leap years included', () => {
    expect(monthsFrom('2027-12-31', 3).map(({ from, to }) => [from, to])).toEqual([
      ['2027-12-01', '2027-12-31'],
      ['2028-01-01', '2028-01-31'],
      ['2028-02-01', '2028-02-29'],
    ]);
  });

  it('puts every date into exactly one bucket', () => {
    const all = buckets('2026-11-21');
    for (const date of ['2026-11-20', '2026-11-21', '2026-12-21', '2026-12-22', '2027-05-20', '2027-05-21'])
      expect(all.filter((bucket) => isIn(bucket, date))).toHaveLength(1);
    expect(all.find((bucket) => isIn(bucket, '2026-11-21'))!.key).toBe('0–30');
    expect(all.find((bucket) => isIn(bucket, '2026-11-20'))!.key).toBe('late');
  });
});

describe('the days until money is due', () => {
  it('are weighted with the amounts; what is late counts with minus', () => {
    const entries = [
      { due: '2026-12-01', amount: 300n },
      { due: '2026-11-11', amount: 100n },
    ];
    expect(meanDays(entries, '2026-11-21')).toBe(5);
    expect(meanDays([], '2026-11-21')).toBeUndefined();
  });
});

describe('concentration', () => {
  const entry = (number: number, month: string, amount: string) => ({
    acceptor: { number, name: { zh: String(number), en: String(number) } },
    month,
    amount: { amount, currency: 'CNY' },
    parcels: 1,
  });

  it('sums months of one obligor, most first', () => {
    const found = obligorsOf([
      entry(1, '2026-12', '1.00'),
      entry(2, '2026-12', '5.00'),
      entry(1, '2027-01', '2.50'),
    ]);
    expect(found.map(({ acceptor, amount, months }) => [acceptor.number, amount, months.size])).toEqual([
      [2, 500n, 1],
      [1, 350n, 2],
    ]);
  });

  it('is 10,000 with one obligor and 2,500 with four alike', () => {
    expect(concentrationOf([7n])).toBe(10_000);
    expect(concentrationOf([3n, 3n, 3n, 3n])).toBe(2_500);
    expect(concentrationOf([])).toBe(0);
  });
});
