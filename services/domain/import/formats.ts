/** How the dates and numbers of a column are written: told from the column where it leaves one way, asked where not. */
import { isLegalDate, type LegalDate } from '../dates.ts';

export const DATE_FORMATS = [
  'YYYY-MM-DD',
  'YYYY/MM/DD',
  'YYYYMMDD',
  'YYYY年M月D日',
  'DD/MM/YYYY',
  'MM/DD/YYYY',
  'DD.MM.YYYY',
] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];

export const NUMBER_FORMATS = ['1234.56', '1,234.56', '1.234,56', '1 234,56'] as const;
export type NumberFormat = (typeof NUMBER_FORMATS)[number];

/** The format or formats of a column; undecided when it could be more than one of `choices`. */
export type Detected<Format> =
  | { readonly decided: true; readonly formats: readonly Format[] }
  | { readonly decided: false; readonly choices: readonly Format[]; readonly mixed: boolean };

// --- Dates ------------------------------------------------------------------------------------------------------------

const PATTERNS: Readonly<Record<DateFormat, RegExp>> = {
  'YYYY-MM-DD': /^(?<y>\d{4})-(?<m>\d{1,2})-(?<d>\d{1,2})$/,
  'YYYY/MM/DD': /^(?<y>\d{4})\/(?<m>\d{1,2})\/(?<d>\d{1,2})$/,
  YYYYMMDD: /^(?<y>\d{4})(?<m>\d{2})(?<d>\d{2})$/,
  YYYY年M月D日: /^(?<y>\d{4}) ?年 ?(?<m>\d{1,2}) ?月 ?(?<d>\d{1,2}) ?日$/,
  'DD/MM/YYYY': /^(?<d>\d{1,2})\/(?<m>\d{1,2})\/(?<y>\d{4})$/,
  'MM/DD/YYYY': /^(?<m>\d{1,2})\/(?<d>\d{1,2})\/(?<y>\d{4})$/,
  'DD.MM.YYYY': /^(?<d>\d{1,2})\.(?<m>\d{1,2})\.(?<y>\d{4})$/,
};

/** Spreadsheets write the midnight of a date cell along. */
const withoutMidnight = (text: string): string => text.replace(/[ T]0?0:00(:00)?$/, '');

/** The date under one format; undefined when the text is of another shape or the calendar has no such day. */
export function readDate(text: string, format: DateFormat): LegalDate | undefined {
  const groups = PATTERNS[format].exec(withoutMidnight(text))?.groups;
  if (groups === undefined) return undefined;
  const date = `${groups['y']}-${groups['m']!.padStart(2, '0')}-${groups['d']!.padStart(2, '0')}`;
  return isLegalDate(date) ? date : undefined;
}

export const looksLikeDate = (text: string): boolean =>
  DATE_FORMATS.some((format) => PATTERNS[format].test(withoutMidnight(text)));

/** Learns from the cells of a column, one after the other, how it is written. */
export type Survey<Format> = {
  readonly take: (cell: string) => void;
  readonly result: () => Detected<Format>;
};

/** Cells that were looked at already teach nothing new; how many of them are remembered. */
const REMEMBERED = 5_000;

function eachOnce(take: (cell: string) => void): (cell: string) => void {
  const seen = new Set<string>();
  return (cell) => {
    if (seen.has(cell)) return;
    if (seen.size < REMEMBERED) seen.add(cell);
    take(cell);
  };
}

/** Only day/month and month/day can be mistaken for each other. */
export function surveyDates(): Survey<DateFormat> {
  const seen = new Set<DateFormat>();
  let isEither = false;
  const take = eachOnce((cell) => {
    const formats = DATE_FORMATS.filter((format) => readDate(cell, format) !== undefined);
    if (formats.length === 1) seen.add(formats[0]!);
    if (formats.length > 1) isEither = true;
  });
  const result = (): Detected<DateFormat> => {
    const choices = ['DD/MM/YYYY', 'MM/DD/YYYY'] as const;
    const known = choices.filter((format) => seen.has(format));
    if (known.length === 2 || (known.length === 0 && isEither)) {
      return { decided: false, choices, mixed: known.length === 2 };
    }
    return { decided: true, formats: DATE_FORMATS.filter((format) => seen.has(format)) };
  };
  return { take, result };
}

// --- Numbers ----------------------------------------------------------------------------------------------------------

/** A number as written: its digits before and after the decimal mark. */
export type Digits = { readonly isNegative: boolean; readonly whole: string; readonly fraction: string };

const DOT = /^(\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.(\d+))?$/;
const COMMA = /^(\d{1,3}(?:\.\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:,(\d+))?$/;

const hasDecimalComma = (format: NumberFormat): boolean => format.endsWith(',56');

/** The number under one format; grouping may be left out. `text` is bare: see {@link bareNumber}. */
export function readNumber(text: string, format: NumberFormat): Digits | undefined {
  const isNegative = /^-|^\(.*\)$/.test(text);
  const match = (hasDecimalComma(format) ? COMMA : DOT).exec(text.replace(/^-|^\(|\)$/g, '').trim());
  if (match === null) return undefined;
  return { isNegative, whole: match[1]!.replace(/\D/g, ''), fraction: match[2] ?? '' };
}

/** What people write beside an amount of a currency, besides its code. Longer marks first. */
const MARKS: Readonly<Record<string, string>> = {
  CNY: 'RMB|人民币|¥|元',
  EUR: '€',
  GBP: '£',
  HKD: 'HK\\$',
  JPY: 'JP¥|¥|円',
  USD: 'US\\$|\\$',
};

/** The number without the currency beside it: "¥ 1,234.56", "1234.56 CNY", "1234.56元". */
export function bareNumber(text: string, currency: string): string {
  if (/^[\d.,]*$/.test(text)) return text;
  const mark = currency in MARKS ? `${currency}|${MARKS[currency]}` : currency;
  return text.replace(/[−–]/g, '-').replace(new RegExp(`^(-?)(?:${mark}) ?|(?: ?(?:${mark}))$`, 'gi'), '$1');
}

const sameNumber = (a: Digits, b: Digits): boolean => a.whole === b.whole && a.fraction === b.fraction;

/** Takes bare cells: see {@link bareNumber}. */
export function surveyNumbers(): Survey<NumberFormat> {
  let [dots, commas, either, grouped, spaced] = [0, 0, 0, 0, 0];
  const take = eachOnce((cell) => {
    const [dot, comma] = [readNumber(cell, '1,234.56'), readNumber(cell, '1.234,56')];
    if (dot && !comma) dots += 1;
    if (comma && !dot) commas += 1;
    if (dot && comma && !sameNumber(dot, comma)) either += 1;
    if (/\d ?[.,]\d{3}[.,]/.test(cell)) grouped += 1;
    if (/\d \d/.test(cell)) spaced += 1;
  });
  const result = (): Detected<NumberFormat> => {
    if ((dots > 0 && commas > 0) || (dots + commas === 0 && either > 0)) {
      return { decided: false, choices: ['1,234.56', '1.234,56'], mixed: dots > 0 && commas > 0 };
    }
    if (commas > 0)
      return { decided: true, formats: [spaced > 0 && grouped === 0 ? '1 234,56' : '1.234,56'] };
    return { decided: true, formats: [grouped + either > 0 ? '1,234.56' : '1234.56'] };
  };
  return { take, result };
}
