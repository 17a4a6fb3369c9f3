/** The number by which the tax bureau knows a firm: of which kind it is, and whether its check digit is right. */
import { canonicalTaxNumber } from '../invoices/canonical.ts';
import type { Text } from '../problems.ts';

/**
 * - `uscc`: 统一社会信用代码 (GB 32100-2015), which every firm of China has today.
 * - `old`: 纳税人识别号 of before, 15 digits with the code of the organisation (GB 11714) at its end, or of a person, by its
 *   identity number (GB 11643) of 18 digits, two more of its own behind it.
 * - `foreign`: a country (ISO 3166) and the number that this country gave.
 */
export const TAX_NUMBER_KINDS = ['uscc', 'old', 'foreign'] as const;
export type TaxNumberKind = (typeof TAX_NUMBER_KINDS)[number];

/** The number in its one form, or why it is none of its kind. */
export function taxNumberOf(
  text: string,
  kind: TaxNumberKind = 'uscc',
): { number: string } | { fault: Text } {
  const number = canonicalTaxNumber(text);
  if (number === undefined || !FORMS[kind].test(number)) return { fault: NOT_OF_FORM[kind] };
  const expected = CHECKS[kind](number);
  return expected === undefined || expected.digit === number[expected.at]
    ? { number }
    : { fault: wrongDigit(number, number[expected.at]!) };
}

/** Digits and letters without I, O, S, V and Z. */
const SIGNS = '0123456789ABCDEFGHJKLMNPQRTUWXY';

const FORMS: Readonly<Record<TaxNumberKind, RegExp>> = {
  uscc: /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/,
  old: /^(\d{6}[0-9A-Z]{8}[0-9X]|\d{17}[0-9X](\d\d)?)$/,
  foreign: /^[A-Z]{2}[0-9A-Z]{2,12}$/,
};

type Expected = { readonly at: number; readonly digit: string };
const CHECKS: Readonly<Record<TaxNumberKind, (number: string) => Expected | undefined>> = {
  uscc: (number) => ({ at: 17, digit: checkDigitOf(number) }),
  old: (number) =>
    number.length === 15
      ? { at: 14, digit: organisationDigitOf(number.slice(6)) }
      : { at: 17, digit: personDigitOf(number) },
  foreign: () => undefined,
};

/** GB 32100: the sign behind the first 17, whose weights are the powers of 3 modulo 31. */
export function checkDigitOf(number: string): string {
  let [sum, weight] = [0, 1];
  for (const sign of number.slice(0, 17)) {
    sum += SIGNS.indexOf(sign) * weight;
    weight = (weight * 3) % 31;
  }
  return SIGNS[(31 - (sum % 31)) % 31]!;
}

/** GB 11714, modulo 11; letters count from 10. */
function organisationDigitOf(code: string): string {
  const sum = [3, 7, 9, 10, 5, 8, 4, 2].reduce((all, weight, n) => all + weight * parseInt(code[n]!, 36), 0);
  return '0123456789X'[(11 - (sum % 11)) % 11]!;
}

/** GB 11643 (ISO 7064, MOD 11-2). */
function personDigitOf(number: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return '10X98765432'[weights.reduce((all, weight, n) => all + weight * Number(number[n]), 0) % 11]!;
}

const NOT_OF_FORM: Readonly<Record<TaxNumberKind, Text>> = {
  uscc: {
    zh: '统一社会信用代码应为 18 位，由数字和大写字母组成（不含 I、O、S、V、Z）；旧税号或境外税号请说明类别',
    en: 'A unified social credit code has 18 digits and letters (without I, O, S, V, Z); say so if it is an old or a foreign number',
  },
  old: {
    zh: '旧纳税人识别号应为 15、18 或 20 位',
    en: 'An old tax number has 15, 18 or 20 digits',
  },
  foreign: {
    zh: '境外税号应以两位国家代码开头，例如 DE123456789',
    en: 'A foreign tax number begins with the two letters of its country: DE123456789',
  },
};

const wrongDigit = (number: string, digit: string): Text => ({
  zh: `税号 ${number} 的校验位“${digit}”不对，请核对每一位`,
  en: `The check digit "${digit}" of the tax number ${number} is wrong; compare it digit by digit`,
});
