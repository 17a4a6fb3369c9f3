import { Problem } from './problems.ts';

declare const legalDateBrand: unique symbol;

/** A calendar day in Asia/Shanghai, "YYYY-MM-DD", 1970 to 9999. Compares as text. */
export type LegalDate = string & { readonly [legalDateBrand]: true };

const DAY = 86_400;
/** Asia/Shanghai is UTC+8 all year; the due dates of this product know no other rule. */
const OFFSET = 8 * 3_600;
/** 9999-12-31. */
const LAST_DAY = Date.UTC(9999, 11, 31) / (DAY * 1_000);

/** Strict: a day that the calendar does not have, such as 2026-02-30, is not one. */
export function isLegalDate(text: string): text is LegalDate {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

export function parseLegalDate(text: string): LegalDate {
  if (isLegalDate(text)) return text;
  throw new Problem('REQUEST_INVALID', {
    zh: `“${text}”不是日期，应类似 2026-06-30`,
    en: `"${text}" is not a date; write it like 2026-06-30`,
  });
}

/** The instant (seconds since 1970 UTC) at which the date begins in Asia/Shanghai. */
export function instantOf(date: LegalDate): number {
  return dayNumberOf(date) * DAY - OFFSET;
}

/**
 * The legal date in which an instant (seconds since 1970 UTC) lies. Anybody can write an instant of up to 40 bits on chain,
 * as the end of an offer: past the calendar's end stands its last day.
 */
export function legalDateOf(seconds: number | bigint): LegalDate {
  return dateOfDayNumber(Math.min(Math.floor((Number(seconds) + OFFSET) / DAY), LAST_DAY));
}

/** For people: "2026-03-03 17:30" in Asia/Shanghai, of an instant in seconds. */
export const formatInstant = (seconds: number): string =>
  new Date((seconds + OFFSET) * 1_000).toISOString().slice(0, 16).replace('T', ' ');

/** Whether a legal date begins at this instant. */
export const isStartOfDate = (seconds: number): boolean =>
  Number.isSafeInteger(seconds) && (seconds + OFFSET) % DAY === 0;

export const addDays = (date: LegalDate, days: number): LegalDate =>
  dateOfDayNumber(dayNumberOf(date) + days);

/** Days from the first date to the second, first counted, last not (算头不算尾); negative when it lies before. */
export const daysBetween = (from: LegalDate, to: LegalDate): number => dayNumberOf(to) - dayNumberOf(from);

/** Calendar months on: the same day of that month, or its last day if there is none (票据法 107). */
export function addMonths(date: LegalDate, months: number): LegalDate {
  const count = yearOf(date) * 12 + monthOf(date) - 1 + months;
  const year = Math.floor(count / 12);
  const month = (count % 12) + 1;
  return write(year, month, Math.min(dayOf(date), daysInMonth(year, month)));
}

export const compareDates = (a: LegalDate, b: LegalDate): number => (a < b ? -1 : a > b ? 1 : 0);

const yearOf = (date: LegalDate): number => Number(date.slice(0, 4));
const monthOf = (date: LegalDate): number => Number(date.slice(5, 7));
const dayOf = (date: LegalDate): number => Number(date.slice(8, 10));

const daysInMonth = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

const dayNumberOf = (date: LegalDate): number =>
  Date.UTC(yearOf(date), monthOf(date) - 1, dayOf(date)) / (DAY * 1_000);

function dateOfDayNumber(dayNumber: number): LegalDate {
  const at = new Date(dayNumber * DAY * 1_000);
  return write(at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate());
}

function write(year: number, month: number, day: number): LegalDate {
  const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  if (!isLegalDate(text)) throw new RangeError(`${text} lies outside the calendar of this product`);
  return text;
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0');
