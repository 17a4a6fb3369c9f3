/** What a quote brings and costs on a day. */
import type { BillRow } from '#db/bills/read.ts';
import type { QuoteRow } from '#db/sales/own.ts';
import { toHex } from '#db/wire/bytes.ts';
import { QUOTE_SCOPES, RECOURSE_NUMBERS, type Quote } from '#chain/typed-data.ts';
import { daysBetween, parseLegalDate, type LegalDate } from '#domain/dates.ts';
import { parcelId } from '#domain/bills/intervals.ts';
import { currencyNumber, type Currency } from '#domain/money.ts';
import { discount, feeOfFill, type Discount } from '#domain/sales/pricing.ts';

const BASIS_365 = 8;
export const CURRENCY: Currency = 'CNY';

export type QuoteTerms = Pick<
  QuoteRow,
  | 'bank'
  | 'seller'
  | 'bill_no'
  | 'first'
  | 'amount_minor'
  | 'rate_ppm'
  | 'fee_minor'
  | 'recourse'
  | 'valid_until'
  | 'nonce'
> & { readonly recourse_terms: Buffer };

/** A stored quote as the financing desk knows it: for one parcel and one seller. */
export const chainQuoteOf = (quote: QuoteTerms): Quote => ({
  bank: quote.bank,
  scope: QUOTE_SCOPES.parcel,
  subject: parcelId(quote.bill_no, quote.first),
  seller: quote.seller,
  currency: currencyNumber(CURRENCY),
  amount: quote.amount_minor,
  ratePpm: Number(quote.rate_ppm),
  fee: quote.fee_minor,
  recourse: RECOURSE_NUMBERS[quote.recourse],
  recourseTerms: toHex(quote.recourse_terms),
  validUntil: Number(quote.valid_until),
  nonce: quote.nonce,
});

type Priced = Pick<QuoteRow, 'amount_minor' | 'rate_ppm' | 'fee_minor' | 'filled_minor'>;

/** What a fill of `amount` would bring on a date before the due date. Throws AMOUNT_INVALID when nothing is left. */
export const priceOf = (
  quote: Priced,
  bill: Pick<BillRow, 'due_on' | 'flags'>,
  amount: bigint,
  today: LegalDate,
): Discount =>
  discount({
    amount,
    ratePpm: quote.rate_ppm,
    days: daysBetween(today, parseLegalDate(bill.due_on)),
    basis: basisOfBill(bill),
    filled: quote.filled_minor,
    fee: feeOfFill({ amount: quote.amount_minor, fee: quote.fee_minor }, quote.filled_minor, amount),
  });

export const basisOfBill = ({ flags }: Pick<BillRow, 'flags'>): 360 | 365 =>
  (flags & BASIS_365) !== 0 ? 365 : 360;
