import { Problem } from './problems.ts';

declare const minorBrand: unique symbol;
declare const ratePpmBrand: unique symbol;

/** An amount in minor units (分 for CNY). */
export type Minor = bigint & { readonly [minorBrand]: true };

/** A yearly rate in parts per million: 3.6 % is 36000. */
export type RatePpm = bigint & { readonly [ratePpmBrand]: true };

export const minor = (value: bigint): Minor => value as Minor;
export const ratePpm = (value: bigint): RatePpm => value as RatePpm;

/** The largest face value: an end of a parcel fits 56 bits. */
export const MAX_FACE = minor((1n << 56n) - 1n);

/** ISO 4217: numeric code and exponent. */
const CURRENCIES = {
  AED: [784, 2],
  AUD: [36, 2],
  BHD: [48, 3],
  BRL: [986, 2],
  CAD: [124, 2],
  CHF: [756, 2],
  CLP: [152, 0],
  CNY: [156, 2],
  CZK: [203, 2],
  DKK: [208, 2],
  EUR: [978, 2],
  GBP: [826, 2],
  HKD: [344, 2],
  HUF: [348, 2],
  IDR: [360, 2],
  ILS: [376, 2],
  INR: [356, 2],
  JOD: [400, 3],
  JPY: [392, 0],
  KRW: [410, 0],
  KWD: [414, 3],
  MOP: [446, 2],
  MXN: [484, 2],
  MYR: [458, 2],
  NOK: [578, 2],
  NZD: [554, 2],
  OMR: [512, 3],
  PHP: [608, 2],
  PLN: [985, 2],
  QAR: [634, 2],
  RUB: [643, 2],
  SAR: [682, 2],
  SEK: [752, 2],
  SGD: [702, 2],
  THB: [764, 2],
  TND: [788, 3],
  TRY: [949, 2],
  TWD: [901, 2],
  USD: [840, 2],
  VND: [704, 0],
  ZAR: [710, 2],
} as const satisfies Record<string, readonly [number: number, exponent: number]>;

export type Currency = keyof typeof CURRENCIES;

export const isCurrency = (code: string): code is Currency => Object.hasOwn(CURRENCIES, code);

export const currencyNumber = (currency: Currency): number => CURRENCIES[currency][0];
export const exponentOf = (currency: Currency): number => CURRENCIES[currency][1];

const byNumber = new Map<number, Currency>(
  Object.entries(CURRENCIES).map(([code, [number]]) => [number, code as Currency]),
);

/** The currency of an ISO 4217 numeric code, as the chain stores it. */
export function currencyOfNumber(number: number): Currency {
  const found = byNumber.get(number);
  if (found === undefined) throw new RangeError(`no currency has the number ${number}`);
  return found;
}

/**
 * Reads "1000000.00". Strict: digits, at most one point, at most as many decimals as the currency has; no sign,
 * no grouping, no blanks. Whether the amount makes sense (zero, too large) is the act's to say.
 */
export function parseAmount(text: string, currency: Currency): Minor {
  const decimals = exponentOf(currency);
  const match = /^(\d{1,30})(?:\.(\d+))?$/.exec(text);
  const fraction = match?.[2] ?? '';
  if (match === null || fraction.length > decimals) {
    throw new Problem('REQUEST_INVALID', {
      zh: `“${text}”不是${currency}金额，应类似 ${formatAmount(minor(123456n), currency)}`,
      en: `"${text}" is not an amount of ${currency}; write it like ${formatAmount(minor(123456n), currency)}`,
    });
  }
  return minor(BigInt(`${match[1]}${fraction.padEnd(decimals, '0')}`));
}

/** Writes "1000000.00": the form of the API and of scenarios. */
export function formatAmount(amount: bigint, currency: Currency): string {
  return formatScaled(amount, exponentOf(currency));
}

/** For people: ¥1,000.00. Exact for every amount. */
export const formatMoney = (amount: bigint, currency: Currency, locale: string): string =>
  moneyFormat(currency, locale)(amount);

/** The same for many amounts of one currency. */
export function moneyFormat(currency: Currency, locale: string): (amount: bigint) => string {
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    // The yuan's sign everywhere; other currencies keep the sign that tells them from it (JP¥, US$).
    currencyDisplay: currency === 'CNY' ? 'narrowSymbol' : 'symbol',
    minimumFractionDigits: exponentOf(currency),
    maximumFractionDigits: exponentOf(currency),
  });
  return (amount) => format.format(formatAmount(amount, currency) as Intl.StringNumericLiteral);
}

/** Reads a yearly rate as a fraction: "0.020000" is 20000 ppm. More than six decimals would have to be rounded: refused. */
export function parseRate(text: string): RatePpm {
  const match = /^(\d{1,6})(?:\.(\d{1,6}))?$/.exec(text);
  if (match === null) {
    throw new Problem('REQUEST_INVALID', {
      zh: `“${text}”不是年利率，应类似 0.036500（最多六位小数）`,
      en: `"${text}" is not a yearly rate; write it like 0.036500, with six decimals at most`,
    });
  }
  return ratePpm(BigInt(`${match[1]}${(match[2] ?? '').padEnd(6, '0')}`));
}

/** Writes "0.020000". */
export const formatRate = (rate: bigint): string => formatScaled(rate, 6);

/** For people: 20000 ppm is "2%", 27350 ppm is "2.735%". */
export const formatPercent = (rate: bigint): string => `${formatScaled(rate, 4).replace(/\.?0+$/, '')}%`;

function formatScaled(value: bigint, decimals: number): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, '0');
  if (decimals === 0) return `${sign}${digits}`;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
