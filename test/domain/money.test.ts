import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  currencyNumber,
  currencyOfNumber,
  exponentOf,
  formatAmount,
  formatMoney,
  formatPercent,
  formatRate,
  MAX_FACE,
  parseAmount,
  parseRate,
} from '#domain/money.ts';
import { check } from './support/property.ts';

describe('parseAmount', () => {
  it('reads decimal strings to minor units', () => {
    expect(parseAmount('1000000.00', 'CNY')).toBe(100_000_000n);
    expect(parseAmount('0.01', 'CNY')).toBe(1n);
    expect(parseAmount('12', 'CNY')).toBe(1_200n);
    expect(parseAmount('12.5', 'CNY')).toBe(1_250n);
    expect(parseAmount('12', 'JPY')).toBe(12n);
    expect(parseAmount('1.234', 'KWD')).toBe(1_234n);
  });

  it.each(['', '.5', '5.', '-1', '+1', '1,000.00', '1e3', ' 1', '1 ', '1.001', '１', 'NaN', '1'.repeat(31)])(
    'refuses %j',
    (text) =>
      expect(() => parseAmount(text, 'CNY')).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' })),
  );

  it('refuses decimals of a currency that has none', () => {
    expect(() => parseAmount('1.0', 'JPY')).toThrow('REQUEST_INVALID');
  });

  it('is undone by formatAmount for every amount', () => {
    check(
      fc.property(
        fc.bigInt({ min: 0n, max: MAX_FACE }),
        fc.constantFrom('CNY', 'JPY', 'KWD'),
        (amount, currency) => {
          expect(parseAmount(formatAmount(amount, currency), currency)).toBe(amount);
        },
      ),
    );
  });
});

describe('formatAmount', () => {
  it('writes all decimals and a sign', () => {
    expect(formatAmount(5n, 'CNY')).toBe('0.05');
    expect(formatAmount(-12_345n, 'CNY')).toBe('-123.45');
    expect(formatAmount(-5n, 'JPY')).toBe('-5');
  });
});

describe('formatMoney', () => {
  it('writes the yuan sign in both languages', () => {
    expect(formatMoney(100_000n, 'CNY', 'zh-CN')).toBe('¥1,000.00');
    expect(formatMoney(100_000n, 'CNY', 'en')).toBe('¥1,000.00');
  });

  it('keeps yen and yuan apart', () => {
    expect(formatMoney(1_000n, 'JPY', 'zh-CN')).toBe('JP¥1,000');
  });

  it('is exact where a float is not', () => {
    expect(formatMoney(MAX_FACE, 'CNY', 'en')).toBe('¥720,575,940,379,279.35');
  });
});

describe('rates', () => {
  it('reads fractions a year to ppm', () => {
    expect(parseRate('0.020000')).toBe(20_000n);
    expect(parseRate('0.0365')).toBe(36_500n);
    expect(parseRate('1')).toBe(1_000_000n);
  });

  it.each(['0.0200001', '-0.1', '2%', '', '.1'])('refuses %j', (text) => {
    expect(() => parseRate(text)).toThrow('REQUEST_INVALID');
  });

  it('writes them for machines and for people', () => {
    expect(formatRate(27_350n)).toBe('0.027350');
    expect(formatPercent(27_350n)).toBe('2.735%');
    expect(formatPercent(20_000n)).toBe('2%');
    expect(formatPercent(1_000_000n)).toBe('100%');
    expect(formatPercent(0n)).toBe('0%');
  });
});

describe('currencies', () => {
  it('have the numbers and exponents of ISO 4217', () => {
    const codes = ['CNY', 'EUR', 'USD', 'GBP', 'HKD', 'SGD', 'JPY'] as const;
    expect(codes.map(currencyNumber)).toEqual([156, 978, 840, 826, 344, 702, 392]);
    expect(codes.map(exponentOf)).toEqual([2, 2, 2, 2, 2, 2, 0]);
    expect(codes.map((code) => currencyOfNumber(currencyNumber(code)))).toEqual(codes);
    expect(() => currencyOfNumber(1)).toThrow(RangeError);
  });
});
