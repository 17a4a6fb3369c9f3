/** How the dates and numbers of a column are written: told from the column where it leaves one way, asked where not. */
import { isLegalDate, type LegalDate } from '../dates.ts';

export const DATE_FORMATS = [
  'YYYY-MM-DD',
  'YYYY/MM/DD',
  'YYYY.MM.DD',
  'YYYYMMDD',
  'YYYY年M月D日',
  'DD-MMM-YYYY',
  'MMM D, YYYY',
  'DD.MM.YYYY',
  'DD/MM/YYYY',
  'MM/DD/YYYY',
  'DD-MM-YYYY',
  'MM-DD-YYYY',
  'DD.MM.YY',
  'YY.MM.DD',
  'DD/MM/YY',
  'MM/DD/YY',
  'YY/MM/DD',
  'DD-MM-YY',
  'MM-DD-YY',
  'YY-MM-DD',
] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];

/** Formats that one and the same text may be of, each with another day. */
const FAMILIES: readonly (readonly DateFormat[])[] = [
  ['DD/MM/YYYY', 'MM/DD/YYYY'],
  ['DD-MM-YYYY', 'MM-DD-YYYY'],
  ['DD.MM.YY', 'YY.MM.DD'],
  ['DD/MM/YY', 'MM/DD/YY', 'YY/MM/DD'],
  ['DD-MM-YY', 'MM-DD-YY', 'YY-MM-DD'],
];

export const NUMBER_FORMATS = ['1234.56', '1,234.56', '1.234,56', '1 234,56'] as const;
export type NumberFormat = (typeof NUMBER_FORMATS)[number];

/** The format or formats of a column; undecided when it could be more than one of `choices`. */
export type Detected<Format> =
  | { readonly decided: true; readonly formats: readonly Format[] }
  | { readonly decided: false; readonly choices: readonly Format[]; readonly mixed: boolean };

// --- Dates ------------------------------------------------------------------------------------------------------------

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const NAMED =
  '(?<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const SHAPES: Readonly<Record<string, string>> = {
  YYYY: '(?<y>\\d{4})',
  YY: '(?<y>\\d{2})',
  MM: '(?<m>\\d{1,2})',
  DD: '(?<d>\\d{1,2})',
};
const PATTERNS = Object.fromEntries(
  DATE_FORMATS.map((format) => [
    format,
    new RegExp(`^${format.replace(/[/.]/g, '\\$&').replace(/YYYY|YY|MM|DD/g, (part) => SHAPES[part]!)}$`),
  ]),
) as Record<DateFormat, RegExp>;
PATTERNS['YYYY.MM.DD'] = /^(?<y>\d{4})\.(?<m>\d{1,2})\.(?<d>\d{1,2})\.?$/;
PATTERNS.YYYYMMDD = /^(?<y>\d{4})(?<m>\d{2})(?<d>\d{2})$/;
PATTERNS.YYYY年M月D日 = /^(?<y>\d{4}) ?年 ?(?<m>\d{1,2}) ?月 ?(?<d>\d{1,2}) ?[日号]$/;
PATTERNS['DD-MMM-YYYY'] = new RegExp(`^(?<d>\\d{1,2})[-./ ]?${NAMED}[-./, ]{0,2}(?<y>\\d{4}|\\d{2})$`, 'i');
PATTERNS['MMM D, YYYY'] = new RegExp(`^${NAMED}[-./ ]{0,2}(?<d>\\d{1,2})(?:, ?| |-)(?<y>\\d{4})$`, 'i');

/** Every sign that people take for a hyphen or minus. */
const HYPHENS = /[\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g;
/** Behind a date: the time of day, with or without its offset. The day is the one that is written. */
const TIME =
  /(?:T|[ ,]+|(?<=日))(?:[AP]M|上午|下午)? ?(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?(?: ?(?:[AP]M|上午|下午))?(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?$|(?: |(?<=日))(?:[01]?\d|2[0-3])[时點点][0-5]?\d分(?:[0-5]?\d秒)?$|(?<=^\d{8})(?:[01]\d|2[0-3])[0-5]\d[0-5]\d$/i;

/** A date as it is compared: hyphens of one kind, no blanks around them, no apostrophe that marks text, no time of day. */
const plainDate = (text: string): string =>
  /^[\d/-]{1,10}$/.test(text)
    ? text
    : text
        .replace(HYPHENS, '-')
        .replace(MARKS_OF_TEXT, '')
        .replace(TIME, '')
        .replace(/ ?([-/.]) ?/g, '$1');

/** The date under one format; undefined when the text is of another shape or the calendar has no such day. */
export function readDate(text: string, format: DateFormat): LegalDate | undefined {
  const groups = PATTERNS[format].exec(plainDate(text))?.groups;
  if (groups === undefined) return undefined;
  const month = groups['m'] ?? String(MONTHS.indexOf(groups['name']!.slice(0, 3).toLowerCase()) + 1);
  const year = groups['y']!.length === 2 ? `20${groups['y']}` : groups['y'];
  const date = `${year}-${month.padStart(2, '0')}-${groups['d']!.padStart(2, '0')}`;
  return isLegalDate(date) ? date : undefined;
}

/** The formats among which a text's is to be found, where its shape alone does not tell. */
export const familyOf = (text: string): readonly DateFormat[] | undefined =>
  FAMILIES.find((family) => family.some((format) => PATTERNS[format].test(plainDate(text))));

/** Formats that no other can be mistaken for. */
export const PLAIN_DATES: readonly DateFormat[] = DATE_FORMATS.filter(
  (format) => !FAMILIES.some((family) => family.includes(format)),
);

export const looksLikeDate = (text: string): boolean =>
  DATE_FORMATS.some((format) => PATTERNS[format].test(plainDate(text)));

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

/** Asks only where every cell of a family could be read in more ways than one, or no way reads them all. */
export function surveyDates(): Survey<DateFormat> {
  const seen = new Set<DateFormat>();
  const left = new Map<readonly DateFormat[], readonly DateFormat[]>();
  const take = eachOnce((cell) => {
    const family = familyOf(cell);
    const formats = (family ?? PLAIN_DATES).filter((format) => readDate(cell, format) !== undefined);
    if (formats.length === 0) return;
    if (family === undefined) formats.forEach((format) => seen.add(format));
    else
      left.set(
        family,
        (left.get(family) ?? family).filter((format) => formats.includes(format)),
      );
  });
  const result = (): Detected<DateFormat> => {
    const open = [...left].find(([, formats]) => formats.length !== 1);
    if (open !== undefined) {
      const [family, formats] = open;
      const mixed = formats.length === 0;
      return { decided: false, choices: mixed ? family : formats, mixed };
    }
    const told = [...left.values()].flat();
    return {
      decided: true,
      formats: DATE_FORMATS.filter((format) => seen.has(format) || told.includes(format)),
    };
  };
  return { take, result };
}

// --- Numbers ----------------------------------------------------------------------------------------------------------

/** A number as written: its digits before and after the decimal mark. */
export type Digits = { readonly isNegative: boolean; readonly whole: string; readonly fraction: string };

const DOT =
  /^(\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}|\d{1,3}(?:'\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.(\d+))?$/;
const COMMA = /^(\d{1,3}(?:\.\d{3})+|\d{1,3}(?:'\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:,(\d+))?$/;

const hasDecimalComma = (format: NumberFormat): boolean => format.endsWith(',56');

/** How many zeros a word behind a number stands for: 3万 is 30000. */
const ZEROS: Readonly<Record<string, number>> = { 千: 3, 万: 4, 十万: 5, 百万: 6, 千万: 7, 亿: 8 };
const SCALED = /^(.*\d) ?([十百千]?万|[千亿])$/;

/** The number under one format; grouping may be left out. `text` is bare: see {@link bareNumber}. */
export function readNumber(text: string, format: NumberFormat): Digits | undefined {
  const isNegative = text.startsWith('-');
  const unsigned = text.replace(/^-/, '').trim();
  const [, counted, scale] = SCALED.exec(unsigned) ?? [];
  const match = (hasDecimalComma(format) ? COMMA : DOT).exec(counted ?? unsigned);
  if (match === null) return undefined;
  const digits = { isNegative, whole: match[1]!.replace(/\D/g, ''), fraction: match[2] ?? '' };
  if (scale === undefined) return digits;
  const zeros = ZEROS[scale]!;
  return {
    isNegative,
    whole: (digits.whole + digits.fraction.slice(0, zeros).padEnd(zeros, '0')).replace(/^0+(?=\d)/, ''),
    fraction: digits.fraction.slice(zeros),
  };
}

/** What people write beside an amount of a currency, besides its code. Longer marks first. */
const MARKS: Readonly<Record<string, string>> = {
  CNY: '人民币元|人民币|RMB|¥|[元圆圓][整正]|[元圆圓]',
  EUR: '€',
  GBP: '£',
  HKD: 'HK\\$',
  JPY: 'JP¥|¥|円',
  USD: 'US\\$|\\$',
};

/** Quotes around a cell, or before it, say that it is text. */
const MARKS_OF_TEXT = /^['’‘`´"]+|['’"]+$/g;
const QUOTES = /[’‘`´′ʼ]/g;
const DEBIT_OR_CREDIT = / ?(CR|DR)\.?$/i;

/**
 * The number without the currency beside it and with its minus in front: "¥ 1,234.56", "1234.56 CNY", "5800.00元整",
 * "(¥1,234.50)", "1,234.50-", "1,234.50 CR". What is no number by its signs stays as it is, half a bracket too.
 */
export function bareNumber(text: string, currency: string): string {
  if (/^[\d.,]*$/.test(text)) return text;
  const mark = currency in MARKS ? `${currency}|${MARKS[currency]}` : currency;
  const marks = new RegExp(`^(?:${mark}) ?|(?<=\\d ?[十百千万亿]*)(?<![A-Za-z]) ?(?:${mark})(?=-?$)`, 'gi');
  const [minuses, pluses, brackets] = [[], [], []] as [string[], string[], string[]];
  let rest = text.replace(HYPHENS, '-').replace(MARKS_OF_TEXT, '').replace(QUOTES, "'");
  for (let before = ''; before !== rest;) {
    before = rest;
    rest = rest
      .replace(/^\(([^()]*)\)$/, (_, inner: string) => (brackets.push('()'), inner))
      .replace(/^- ?| ?-$/g, () => (minuses.push('-'), ''))
      .replace(/^\+ ?/, () => (pluses.push('+'), ''))
      .replace(DEBIT_OR_CREDIT, (_, side: string) => {
        (side.toUpperCase() === 'CR' ? brackets : pluses).push(side);
        return '';
      })
      .replace(marks, '')
      .trim();
  }
  const isOdd = minuses.length > 1 || brackets.length > 1 || pluses.length > 1;
  const isNegative = minuses.length + brackets.length > 0;
  if (isOdd || (isNegative && pluses.length > 0)) return text;
  return isNegative ? `-${rest}` : rest;
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
