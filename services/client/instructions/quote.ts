import { parseAmount, parseRate, type Currency } from '../../domain/money.ts';
import type { MoneyInput, QuoteInput } from '../generated/schema.ts';
import type { Given } from '../routes.ts';
import type { AskedQuote } from './sales.ts';
import { QUOTE_FIELDS, type QuoteFields } from './digest.ts';

const cents = ({ amount, currency }: Given<MoneyInput>): bigint => parseAmount(amount, currency as Currency);

/** What the bank said; what it left out is left to the request. */
export function askedOf({ rate, amount, fee, validUntil }: Given<QuoteInput>): AskedQuote {
  return {
    ratePpm: BigInt(parseRate(rate)),
    fee: fee === undefined ? 0n : cents(fee),
    ...(amount === undefined ? {} : { amount: cents(amount) }),
    ...(validUntil === undefined ? {} : { validUntil: BigInt(Math.floor(Date.parse(validUntil) / 1_000)) }),
  };
}

/** The quote in the typed data of a prepared one. */
export function quoteIn(typedData: { readonly message: object }): QuoteFields {
  const { contents } = typedData.message as { contents: Record<string, string | number> };
  return Object.fromEntries(QUOTE_FIELDS.map((name) => [name, BigInt(contents[name]!)])) as QuoteFields;
}
