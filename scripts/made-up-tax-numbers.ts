/** Tax numbers for firms that do not exist: of the right form, with the right check digit. */
import { createHash } from 'node:crypto';
import { canonicalTaxNumber } from '#domain/invoices/canonical.ts';
import { checkDigitOf, taxNumberOf } from '#domain/members/tax-number.ts';

const SIGNS = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** The text itself where it is a tax number, else one that stands for it: the same for the same text. */
export function taxNumberFor(text: string): string {
  if ('number' in taxNumberOf(text)) return text;
  const digest = createHash('sha256')
    .update(canonicalTaxNumber(text) ?? text)
    .digest();
  const own = [...digest.subarray(0, 7)].map((byte) => SIGNS[byte % SIGNS.length]).join('');
  const body = `91320100MA${own}`;
  return `${body}${checkDigitOf(body)}`;
}
