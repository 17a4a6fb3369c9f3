/**
 * The one form in which an invoice is known, however people write it: import, API, proof and book agree on it. Other
 * platforms compute the same from docs/invoice-ids.md and test/vectors/invoices.json.
 */

/** An invoice as somebody names it. */
export type InvoiceText = {
  /** The seller's tax number. */
  readonly seller: string;
  /** 发票代码; invoices of the old kinds alone have one. */
  readonly code?: string | undefined;
  readonly number: string;
};

/** Its canonical form; `code` is empty where there is none. */
export type InvoiceName = { readonly seller: string; readonly code: string; readonly number: string };

/**
 * Why a name stands for no invoice.
 *
 * - `SELLER_UNREADABLE`: the seller is not letters and digits.
 * - `NUMBER_UNREADABLE`: a sign or letter that could be taken for another, or nothing but signs.
 * - `CODE_MISSING`: eight digits are a number of the old kinds, which many invoices of a seller may share.
 * - `CODE_INVALID`: a code has 10 or 12 digits; or it contradicts the code within the number.
 */
export type InvoiceFault = 'SELLER_UNREADABLE' | 'NUMBER_UNREADABLE' | 'CODE_MISSING' | 'CODE_INVALID';

/** Accents, which people leave out, and everything that nobody sees. */
const UNSEEN = /[\u0300-\u036f\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{Z}\u2800]/gu;
const QUOTES =
  /['"`\u02b9-\u02bc\u02c8\u02ee\u2018-\u201f\u2032-\u2037\u2039\u203a\u00ab\u00bb\u300c-\u300f\u301d-\u301f]/g;
/**
 * Hyphens, dashes, minus signs, and what stands for one: of box drawing, the long mark of kana, the strokes of Han and
 * Hangul that look so.
 */
const HYPHENS = /[\p{Pd}\u02d7\u2043\u2212\u2796\u2500\u2501\u23af\u30fc\u31d0\u3161\u4e00]+/gu;
const SLASHES = /[\u2044\u2215\u29f8]/g;
const DOTS = /[\u00b7\u2022\u2027\u30fb\u3002]/g;

/** A–Z, digits, the other signs of ASCII; Han, kana, Hangul. Other letters may look like one of these, and are refused. */
const READABLE =
  /^[!#$%&(-/0-9:;<=>?@A-Z\\^_|~\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+$/u;
const HAS_LETTER_OR_DIGIT = /[\p{L}\p{Nd}]/u;

/** Text as people read it: width, case, accents, blanks, quotes and what cannot be seen make no difference. */
function plain(text: string): string {
  if (/^[0-9A-Z]*$/.test(text)) return text;
  const seen = text.normalize('NFKD').replace(UNSEEN, '').normalize('NFKC').replace(QUOTES, '').toUpperCase();
  return seen
    .replace(HYPHENS, '-')
    .replace(SLASHES, '/')
    .replace(DOTS, '.')
    .replace(/〇/g, '0')
    .replace(/\p{Ps}/gu, '(')
    .replace(/\p{Pe}/gu, ')')
    .replace(/^(?:NO[.:]?|#)(?=\d+$)/, '');
}

/** A tax number as the tax bureau writes it; undefined where it is none by its letters. */
export function canonicalTaxNumber(text: string): string | undefined {
  const bare = plain(text).replace(/[-. ]/g, '');
  return /^[0-9A-Z]+$/.test(bare) ? bare : undefined;
}

/** The canonical form of an invoice, or why there is none. */
export function canonicalInvoice({ seller, code = '', number }: InvoiceText): InvoiceName | InvoiceFault {
  const by = canonicalTaxNumber(seller);
  if (by === undefined) return 'SELLER_UNREADABLE';
  const digits = plain(code)
    .replace(/[-.]/g, '')
    .replace(/^\d{11}$/, '0$&');
  const numbered = canonicalNumber(digits, plain(number), by.length >= SHORTEST_CHINESE);
  return typeof numbered === 'string' ? numbered : { seller: by, ...numbered };
}

/** Tax numbers of China have 15 characters or more, those of other countries fewer: their invoices know no code. */
const SHORTEST_CHINESE = 15;

/**
 * 1) Code and number written as one, 033002300111-00123456 or without the hyphen, are taken apart. (Fully digital numbers
 *    begin with their year, so that 20 digits from 0 or 1 on are a code of 12 and a number of 8.)
 * 2) Eight digits need their code. Fewer beside a code have lost their zeros to a spreadsheet, and so has a code of 11.
 * 3) Any other number is known without a code: none is made by writing one beside it.
 */
function canonicalNumber(
  code: string,
  number: string,
  isChinese: boolean,
): Omit<InvoiceName, 'seller'> | InvoiceFault {
  if (!READABLE.test(number) || !HAS_LETTER_OR_DIGIT.test(number)) return 'NUMBER_UNREADABLE';
  if (!isChinese) return { code: '', number };
  const [, own, rest] =
    /^(\d{10}|\d{12})-(\d{8})$/.exec(number) ?? /^([01]\d{11}|\d{10})(\d{8})$/.exec(number) ?? [];
  if (own !== undefined && rest !== undefined) {
    return code === '' || code === own ? { code: own, number: rest } : 'CODE_INVALID';
  }
  const isOld = /^\d{8}$/.test(number) || (code !== '' && /^\d{1,7}$/.test(number));
  if (!isOld) return { code: '', number };
  if (code === '') return 'CODE_MISSING';
  return /^(\d{10}|\d{12})$/.test(code) ? { code, number: number.padStart(8, '0') } : 'CODE_INVALID';
}

export const isInvoiceName = (found: InvoiceName | InvoiceFault): found is InvoiceName =>
  typeof found !== 'string';

/** What an invoice of any seller is looked for by: its number alone. */
export const searchedNumber = (text: string): string =>
  /^(?:\d{10}|\d{12})-(\d{8})$/.exec(plain(text))?.[1] ?? plain(text);
