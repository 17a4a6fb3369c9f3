/** The Legal Entity Identifier (ISO 17442), by which a firm is known where it has no number of the tax bureau. */
import type { Text } from '../problems.ts';

const FORM = /^[0-9A-Z]{18}\d\d$/;

/** The identifier in its one form, or why it is none. */
export function leiOf(text: string): { readonly lei: string } | { readonly fault: Text } {
  const lei = text.replace(/[\s-]/g, '').toUpperCase();
  if (!FORM.test(lei)) return { fault: NOT_OF_FORM };
  return remainderOf(lei) === 1 ? { lei } : { fault: wrongDigits(lei) };
}

/** ISO 7064, MOD 97-10: letters count from 10, each two digits of a long number. */
function remainderOf(lei: string): number {
  let remainder = 0;
  for (const sign of lei) {
    const value = parseInt(sign, 36);
    remainder = (remainder * (value < 10 ? 10 : 100) + value) % 97;
  }
  return remainder;
}

const NOT_OF_FORM: Text = {
  zh: '法人机构识别编码（LEI）应为 20 位数字和大写字母，最后两位是数字',
  en: 'An LEI has 20 digits and letters, and ends with two digits',
};

const wrongDigits = (lei: string): Text => ({
  zh: `LEI ${lei} 的校验位“${lei.slice(18)}”不对，请核对每一位`,
  en: `The check digits "${lei.slice(18)}" of the LEI ${lei} are wrong; compare it sign by sign`,
});
