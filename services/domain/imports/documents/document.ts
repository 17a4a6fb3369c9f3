import type { Found } from './element.ts';

/** A sum that the document states, and what it has to be the sum of. */
export type Sum = {
  readonly whole: Found;
  readonly plus: readonly Found[];
  readonly minus?: readonly (Found | undefined)[];
  /** The standard has no place for a part of it, such as what was paid before: it may be less than its parts. */
  readonly mayBeLess?: boolean;
};

/** An electronic invoice or credit note, in whatever standard: texts as they stand, each with its place. */
export type InvoiceDocument = {
  readonly kind: 'invoice' | 'credit' | { readonly unsupported: Found };
  readonly number: Found | undefined;
  readonly issued: Found | undefined;
  /** Different ones are instalments. */
  readonly due: readonly Found[];
  /** Says that it was made to try the way, and is no invoice. */
  readonly test?: Found | undefined;
  /** Why none of its dates is the day on which all of it is due: a part only, or a share in per cent. */
  readonly partOnly?: Found | undefined;
  readonly currency: Found | undefined;
  /** Numbers and names by which the party may be known, the surest first. */
  readonly seller: readonly Found[];
  readonly buyer: readonly Found[];
  /** Who is to be paid, where that is said to be somebody else than the seller. */
  readonly payee: readonly Found[];
  readonly total: Found | undefined;
  readonly payable: Found | undefined;
  /** Where each of these stands when the document lacks it. */
  readonly places: {
    readonly number: string;
    readonly due: string;
    readonly total: string;
    readonly seller: string;
  };
  readonly sums: readonly Sum[];
  readonly corrects: readonly Found[];
  readonly note: string | undefined;
};

/** The currency of an amount by its attribute: what a document is in that does not say so for itself. */
export function currencyOf(amount: Found | undefined): Found | undefined {
  const text = amount?.attributes['currencyID'];
  return amount === undefined || text === undefined || text === ''
    ? undefined
    : { text, place: `${amount.place}/@currencyID`, attributes: {} };
}

/** 2900.00 and 2900 are the same. */
export const isSameNumber = (a: string, b: string | undefined): boolean =>
  b !== undefined && bare(a) === bare(b);
const bare = (number: string): string =>
  number
    .replace(/^\+|^0+(?=\d)/g, '')
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');

/** UNTDID 1001. What else may be an invoice is one: https://docs.peppol.eu/poacc/billing/3.0/codelist/UNCL1001-inv/ */
const CREDITS = new Set(['81', '83', '261', '262', '296', '308', '381', '396', '420', '458', '532']);
/** Pro forma; corrects another (by how much?); the claim is a factor's already; for the books only. */
const UNSUPPORTED = new Set(['325', '384', '393', '751']);

export function kindOf(code: Found | undefined): InvoiceDocument['kind'] {
  if (code === undefined) return 'invoice';
  if (CREDITS.has(code.text)) return 'credit';
  return UNSUPPORTED.has(code.text) || !/^\d{1,3}$/.test(code.text) ? { unsupported: code } : 'invoice';
}

/** A sum only where its whole is stated and something to add up. */
export const sumOf = (
  whole: Found | undefined,
  plus: readonly (Found | undefined)[],
  minus: readonly (Found | undefined)[] = [],
  mayBeLess = false,
): Sum[] => {
  const parts = plus.filter((part) => part !== undefined);
  return whole === undefined || parts.length === 0 ? [] : [{ whole, plus: parts, minus, mayBeLess }];
};
