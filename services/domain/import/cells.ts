/** From the text of a cell to its value, or why not. */
import { addMonths, type LegalDate } from '../dates.ts';
import { exponentOf, formatMoney, isCurrency, MAX_FACE, minor, type Currency, type Minor } from '../money.ts';
import { refuse, type Refusal } from './errors.ts';
import {
  bareNumber,
  DATE_FORMATS,
  looksLikeDate,
  readDate,
  readNumber,
  type DateFormat,
  type Detected,
  type NumberFormat,
} from './formats.ts';

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'refused' in value;

const isSlashed = (format: DateFormat): boolean => format === 'DD/MM/YYYY' || format === 'MM/DD/YYYY';

/** `stated`: the user named the one format. Otherwise any format that cannot be mistaken is read. */
export function dateOf(
  text: string,
  detected: Detected<DateFormat>,
  stated?: DateFormat,
): LegalDate | Refusal {
  if (!detected.decided && /^\d{1,2}\/\d{1,2}\/\d{4}/.test(text)) return refuse('DATE_AMBIGUOUS');
  const slashed = detected.decided ? detected.formats.filter(isSlashed) : [];
  const formats = stated ? [stated] : [...DATE_FORMATS.filter((format) => !isSlashed(format)), ...slashed];
  for (const format of formats) {
    const date = readDate(text, format);
    if (date !== undefined) return date;
  }
  const isShaped = looksLikeDate(text) && !DATE_FORMATS.some((format) => readDate(text, format));
  return isShaped
    ? refuse('DATE_NOT_IN_CALENDAR')
    : refuse('DATE_UNREADABLE', stated ?? slashed[0] ?? 'YYYY-MM-DD');
}

/** @param tenorMonths How far off a due date may lie. */
export function dueDateOf(date: LegalDate, today: LegalDate, tenorMonths: number): LegalDate | Refusal {
  const latest = addMonths(today, tenorMonths);
  if (date <= today) return refuse('DUE_DATE_PAST', today);
  return date > latest ? refuse('TENOR_TOO_LONG', latest) : date;
}

/** Zeros at the end aside, an amount with more decimals than the currency has is refused. May be negative. */
export function amountOf(
  text: string,
  currency: Currency,
  detected: Detected<NumberFormat>,
  maxAmount: bigint = MAX_FACE,
): Minor | Refusal {
  const bare = bareNumber(text, currency);
  const [dot, comma] = [readNumber(bare, '1,234.56'), readNumber(bare, '1.234,56')];
  const [format] = detected.decided ? detected.formats : [];
  if (format === undefined && (dot ?? comma)) return refuse('AMOUNT_AMBIGUOUS');
  const digits = format && readNumber(bare, format);
  if (digits === undefined) {
    return OTHER_MONEY.test(bare)
      ? refuse('CURRENCY_OTHER', currency)
      : refuse('AMOUNT_UNREADABLE', format ?? '1234.56');
  }
  const decimals = exponentOf(currency);
  const fraction = digits.fraction.replace(/0+$/, '');
  if (fraction.length > decimals) return refuse('AMOUNT_DECIMALS', String(decimals));
  if (digits.whole.length > 30) return refuse('AMOUNT_UNREADABLE', format ?? '1234.56');
  const amount = BigInt(digits.whole + fraction.padEnd(decimals, '0'));
  if (amount > maxAmount) return refuse('AMOUNT_TOO_LARGE', formatMoney(maxAmount, currency, 'en'));
  return minor(digits.isNegative ? -amount : amount);
}

/** A sign or code of money that is not the one expected: that was taken off before. */
const OTHER_MONEY = /^-?(?:[€$£¥₩₹₽]|[A-Z]{2,3}\$|[A-Z]{3}) ?\d|\d ?(?:[€$£¥₩₹₽]|[A-Z]{3})$/;

/** Headers such as 金额(万元): the digits beneath are not the amount. */
export const isInThousands = (header: string): boolean =>
  /[(（[].*(万|千|亿|thousand|million|\bk\b).*[)）\]]|万元|千元/i.test(header);

const CURRENCY_NAMES: Readonly<Record<string, Currency>> = {
  RMB: 'CNY',
  人民币: 'CNY',
  人民币元: 'CNY',
  '¥': 'CNY',
};

export function currencyOf(text: string, expected: Currency): Currency | Refusal {
  const code = CURRENCY_NAMES[text.toUpperCase()] ?? text.toUpperCase();
  if (code === expected) return expected;
  return isCurrency(code) ? refuse('CURRENCY_OTHER', expected) : refuse('CURRENCY_UNKNOWN', expected);
}

/** The numbers of electronic invoices have 20 digits: more than a spreadsheet keeps unless told that they are text. */
export const invoiceNumberOf = (text: string): string | Refusal =>
  /^\d(\.\d+)?e\+?\d+$/i.test(text) ? refuse('INVOICE_NUMBER_ROUNDED') : text;

export const textOf = (text: string, most: number): string | Refusal =>
  text.length > most ? refuse('VALUE_TOO_LONG', String(most)) : text;
