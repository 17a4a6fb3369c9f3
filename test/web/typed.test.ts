import { describe, expect, it } from 'vitest';
import { rateOfPercent } from '../../web/src/lib/sales/rate.ts';

describe('a rate as a person types it', () => {
  it.each([
    ['3.65', '0.036500'],
    ['3', '0.030000'],
    ['0.0001', '0.000001'],
    ['12.5%', '0.125000'],
    ['１２．５％', '0.125000'],
    ['100', '1.000000'],
    [' 2.0000 ', '0.020000'],
  ])('reads %s', (typed, rate) => {
    expect(rateOfPercent(typed)).toBe(rate);
  });

  it.each(['', '3,65', '-1', '1.23456', '1e2', 'three', '1000'])('does not guess at %s', (typed) => {
    expect(rateOfPercent(typed)).toBeUndefined();
  });
});
