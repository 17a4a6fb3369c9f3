/** How amounts, dates, rates and names are written in the language of the page. */
import { daysBetween, formatInstant, parseLegalDate } from '#domain/dates.ts';
import {
  moneyFormat,
  formatPercent,
  minor,
  parseAmount,
  parseRate,
  type Currency,
  type Minor,
} from '#domain/money.ts';
import type { Text } from '#domain/problems.ts';
import { getLocale } from '#web/paraglide/runtime.js';

/** An amount as the API writes it. */
export type Money = { amount: string; currency: string };

export const CURRENCY: Currency = 'CNY';

export const intlLocale = (): string => (getLocale() === 'zh' ? 'zh-CN' : 'en');

/** Amounts of the API may be negative (a balance, a difference). */
export function minorOf({ amount, currency }: Money): Minor {
  const isNegative = amount.startsWith('-');
  const value = parseAmount(isNegative ? amount.slice(1) : amount, currency as Currency);
  return isNegative ? minor(-value) : value;
}

export const money = (money: Money): string => moneyOf(minorOf(money), money.currency as Currency);

export const moneyOf = (amount: bigint, currency: Currency = CURRENCY): string => {
  const format = (formats[currency] ??= moneyFormat(currency, intlLocale()));
  return format(amount);
};

/** Making a format takes long, and a table asks for thousands. */
const formats: Partial<Record<Currency, (amount: bigint) => string>> = {};

export const sum = (amounts: readonly Money[]): Minor =>
  minor(amounts.reduce((total, each) => total + minorOf(each), 0n));

/** "0.036500" is "3.65%". */
export const percent = (rate: string): string => formatPercent(parseRate(rate));

/** Of a rate that was computed, to two decimals: "0.044174" is "4.42%". */
export const roundPercent = (rate: bigint): string => `${(Number(rate) / 10_000).toFixed(2)}%`;

/** For headlines only: ¥12.3 million, 1230万. */
export const shortMoney = (amount: bigint, currency: Currency = CURRENCY): string =>
  new Intl.NumberFormat(intlLocale(), {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    notation: 'compact',
    maximumFractionDigits: 2,
  }).format(Number(amount) / 100);

export const count = (value: number): string => value.toLocaleString(intlLocale());

export const text = (text: Text): string => (getLocale() === 'zh' ? text.zh : text.en);

/** Between the parts of a list. */
export const comma = (): string => (getLocale() === 'zh' ? '、' : ', ');
/** Between whole sentences of a list. */
export const semicolon = (): string => (getLocale() === 'zh' ? '；' : '; ');

/** An instant as the API writes it (ISO 8601), in Asia/Shanghai to the minute. */
export const instant = (iso: string): string => formatInstant(Math.floor(Date.parse(iso) / 1000));

/** So many hours after an instant, to the second. */
export const hoursAfter = (iso: string, hours: number): string =>
  new Date(Math.floor(Date.parse(iso) / 1_000 + hours * 3_600) * 1_000).toISOString();

/** Days from one legal date to another, negative when it lies before. */
export const daysUntil = (due: string, today: string): number =>
  daysBetween(parseLegalDate(today), parseLegalDate(due));

/** The position of a cent on the line of a bill, as a share of 1: for drawing only. */
export const shareOf = (cent: bigint, face: bigint): number =>
  face === 0n ? 0 : Number((cent * 1_000_000n) / face) / 1_000_000;
