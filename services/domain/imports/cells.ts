/** From the text of a cell to its value, or why not. */
import { addMonths, type LegalDate } from '../dates.ts';
import { exponentOf, formatMoney, MAX_FACE, minor, type Currency, type Minor } from '../money.ts';
import { refuse, type Refusal } from './errors.ts';
import { currencyNamed, unitOf } from './units.ts';
import {
  bareNumber,
  DATE_FORMATS,
  familyOf,
  looksLikeDate,
  PLAIN_DATES,
  readDate,
  readNumber,
  type DateFormat,
  type Detected,
  type NumberFormat,
} from './formats.ts';

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'refused' in value;

/** `stated`: the user named the one format. Otherwise any format that cannot be mistaken is read. */
export function dateOf(
  text: string,
  detected: Detected<DateFormat>,
  stated?: DateFormat,
): LegalDate | Refusal {
  const family = familyOf(text);
  const isOpen = !detected.decided && detected.choices.some((format) => family?.includes(format));
  if (isOpen) return refuse('DATE_AMBIGUOUS');
  const told = detected.decided ? detected.formats.filter((format) => !PLAIN_DATES.includes(format)) : [];
  const formats = stated ? [stated] : [...PLAIN_DATES, ...told];
  for (const format of formats) {
    const date = readDate(text, format);
    if (date !== undefined) return date;
  }
  const isShaped = looksLikeDate(text) && !DATE_FORMATS.some((format) => readDate(text, format));
  return isShaped
    ? refuse('DATE_NOT_IN_CALENDAR')
    : refuse('DATE_UNREADABLE', stated ?? told[0] ?? 'YYYY-MM-DD');
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
    return isOtherMoney(bare)
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
function isOtherMoney(bare: string): boolean {
  const [, before, after] = /^-?([^\d\s]*) ?[\d.,' ]*\d ?([^\d]*)$/.exec(bare) ?? [];
  return [before, after].some(
    (word) => word && (currencyNamed(word) !== undefined || /^([A-Z]{3}|¥)$/.test(word)),
  );
}

/** Why an amount is not what its cell shows: in dollars, in per cent, or as 5.80 for 58,000. */
export function shownOtherwise(
  shown: string | undefined,
  held: string,
  currency: Currency,
): Refusal | undefined {
  if (shown === undefined) return undefined;
  const bare = bareNumber(shown, currency);
  if (isOtherMoney(bare)) return refuse('CURRENCY_OTHER', currency);
  if (/[%‰]/.test(bare)) return refuse('AMOUNT_UNREADABLE', '1234.56');
  if (!/[千万亿]/.test(bare)) return undefined;
  // What is shown may be rounded: 58,000 as 5.8万. Only where digits are kept as they are shown does the word change them.
  return Number(bare.replace(/[^\d.-]/g, '')) === Number(held) ? refuse('AMOUNT_IN_THOUSANDS') : undefined;
}

export function currencyOf(text: string, expected: Currency): Currency | Refusal {
  const unit = unitOf(text);
  if (unit?.isScaled) return refuse('AMOUNT_IN_THOUSANDS');
  // 元 and ¥ by themselves are the yuan's.
  const code = unit?.currency ?? (unit?.isSingle ? 'CNY' : undefined);
  if (code === expected) return expected;
  return code === undefined ? refuse('CURRENCY_UNKNOWN', expected) : refuse('CURRENCY_OTHER', expected);
}

/**
 * The numbers of electronic invoices have 20 digits: more than a spreadsheet keeps unless told that they are text. It writes
 * the rest as its country does, 2.6332E+19 or 2,6332E+19. An apostrophe in front only says that it is text.
 */
export function invoiceNumberOf(text: string): string | Refusal {
  const bare = text.replace(/^['’‘`´"]+|['’"]+$/g, '').trim();
  if (bare === '') return refuse('VALUE_MISSING');
  return /^\d([.,٫]\d*)? ?(e ?[+-]?|[×x*] ?10 ?\^? ?)\d+$/i.test(bare)
    ? refuse('INVOICE_NUMBER_ROUNDED')
    : bare;
}

/** 发票代码 and 发票号码 name an invoice of the old kinds together. A spreadsheet takes the zeros in front away. */
export function withCode(code: string, number: string): string {
  const full = /^\d{11}$/.test(code) ? `0${code}` : code;
  const isOld = /^(\d{10}|\d{12})$/.test(full) && /^\d{1,8}$/.test(number);
  return isOld ? `${full}-${number.padStart(8, '0')}` : number;
}

export const textOf = (text: string, most: number): string | Refusal =>
  text.length > most ? refuse('VALUE_TOO_LONG', String(most)) : text;
