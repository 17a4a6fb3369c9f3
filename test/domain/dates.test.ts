import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  compareDates,
  daysBetween,
  instantOf,
  isLegalDate,
  isStartOfDate,
  legalDateOf,
  parseLegalDate,
} from '#domain/dates.ts';
import { check } from './support/property.ts';
import { vectors } from './support/vectors.ts';

type Vectors = {
  addMonths: { date: string; months: number; result: string }[];
  instants: { date: string; instant: number }[];
  daysBetween: { from: string; to: string; days: number }[];
  tenor: { issued: string; due: string; months: number; allowed: boolean }[];
};
const cases = vectors<Vectors>('dates');
const date = parseLegalDate;
const anyDate = fc.integer({ min: 0, max: 200_000 }).map((days) => addDays(date('1970-01-01'), days));

describe('legal dates', () => {
  it.each([
    '2026-02-30',
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '2026-4-1',
    '20260401',
    '1969-12-31',
    '',
  ])('refuses %j', (text) => {
    expect(isLegalDate(text)).toBe(false);
    expect(() => parseLegalDate(text)).toThrow('REQUEST_INVALID');
  });

  it('has leap days where the calendar has them', () => {
    expect(['2024-02-29', '2000-02-29', '2100-02-29', '2026-02-29'].map(isLegalDate)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it.each(cases.instants)('begins $date at $instant', ({ date: text, instant }) => {
    expect(instantOf(date(text))).toBe(instant);
    expect(legalDateOf(instant)).toBe(text);
    expect(legalDateOf(BigInt(instant) + 86_399n)).toBe(text);
    expect(legalDateOf(instant - 1)).toBe(addDays(date(text), -1));
    expect([instant, instant + 1, instant + 28_800].map(isStartOfDate)).toEqual([true, false, false]);
  });

  it('ends with its calendar for instants beyond it, as the chain can hold them', () => {
    const end = instantOf(date('9999-12-31'));
    expect([end, end + 86_400, 2 ** 40 - 1].map(legalDateOf)).toEqual(Array(3).fill('9999-12-31'));
  });

  it('stays within its calendar', () => {
    expect(() => addDays(date('9999-12-31'), 1)).toThrow(RangeError);
  });
});

describe('addMonths', () => {
  it.each(cases.addMonths)('$date + $months months is $result', ({ date: text, months, result }) => {
    expect(addMonths(date(text), months)).toBe(result);
  });

  it.each(cases.tenor)(
    '$issued to $due within $months months: $allowed',
    ({ issued, due, months, allowed }) => {
      expect(date(due) <= addMonths(date(issued), months)).toBe(allowed);
    },
  );
});

describe('days', () => {
  it.each(cases.daysBetween)('$from to $to are $days', ({ from, to, days }) => {
    expect(daysBetween(date(from), date(to))).toBe(days);
    expect(daysBetween(date(to), date(from))).toBe(days === 0 ? 0 : -days);
    expect(addDays(date(from), days)).toBe(to);
  });

  it('agree with instants on every pair of dates', () => {
    check(
      fc.property(anyDate, anyDate, (a, b) => {
        expect(daysBetween(a, b)).toBe((instantOf(b) - instantOf(a)) / 86_400);
        expect(Math.sign(compareDates(a, b))).toBe(Math.sign(instantOf(a) - instantOf(b)));
      }),
    );
  });
});
