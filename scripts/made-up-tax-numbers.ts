/** Tax numbers for firms that do not exist: of the right form, with the right check digit (GB 32100). */
import { createHash } from 'node:crypto';
import { canonicalTaxNumber } from '#domain/invoices/canonical.ts';

const SIGNS = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** The text itself where it is a tax number, else one that stands for it: the same for the same text. */
export function taxNumberFor(text: string): string {
  const read = canonicalTaxNumber(text);
  if (read !== undefined && isUnifiedCode(read)) return text;
  const digest = createHash('sha256')
    .update(read ?? text)
    .digest();
  const own = [...digest.subarray(0, 7)].map((byte) => SIGNS[byte % SIGNS.length]).join('');
  const body = `91320100MA${own}`;
  return `${body}${checkDigitOf(body)}`;
}

const isUnifiedCode = (text: string): boolean =>
  /^[0-9A-HJ-NPQRTUWXY]{18}$/.test(text) && checkDigitOf(text.slice(0, 17)) === text[17];

function checkDigitOf(body: string): string {
  const sum = [...body].reduce(
    ({ total, weight }, sign) => ({
      total: total + SIGNS.indexOf(sign) * weight,
      weight: (weight * 3) % 31,
    }),
    { total: 0, weight: 1 },
  ).total;
  return SIGNS[(31 - (sum % 31)) % 31]!;
}
