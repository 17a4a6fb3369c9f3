/** Checks sales, quotes, and what a bank lets the desk do. */
import type { MoneyInput } from '../../domain/instructions/instruction.ts';
import { decode, type Value } from './abi.ts';
import { QUOTE_FIELDS, type QuoteFields } from './digest.ts';
import {
  big,
  cents,
  NAME,
  PIECE,
  RATE,
  refused,
  same,
  SOME,
  type Check,
  type Reader,
  type Signing,
} from './reader.ts';

/** An allowance without limit. */
const UNLIMITED = (1n << 256n) - 1n;

const sell: Check<'sell'> = ({ parcel, amount, others = [] }, calls, signing) =>
  [amount, ...others.map((other) => other.amount)].map((part) => [saleOf(parcel, part, calls, signing)]);

/** One sale of `amount` cents, or of as many as the call says, from the right end of what those before it left of the parcel. */
function saleOf(parcel: string, amount: MoneyInput | undefined, calls: Reader, { member, pin }: Signing) {
  const [id, part, buyer, desk, least, order] = calls.next('bills', 'sell');
  same('parcel', id, BigInt(parcel));
  if (amount !== undefined) same('amount', part, cents(amount));
  same('desk', desk, BigInt(pin.contracts.desk));
  const [quote] = decode(`((${QUOTE_FIELDS.map(() => 'uint256').join(',')}),bytes)`, order as string) ?? [];
  const [bank, scope, subject, seller] = (quote ?? []) as readonly Value[];
  if (bank === undefined) refused('报价无法读取', 'the quote cannot be read');
  same('bank', bank, big(buyer));
  same('seller', seller, member);
  if (scope === 0n) same('parcel of the quote', subject, BigInt(parcel));
  const price = { interest: SOME, fee: SOME, net: big(least), yearlyCost365: RATE };
  return { bank: NAME, amount: big(part), ...price, ...PIECE };
}

const cancelQuote: Check<'cancelQuote'> = (_, calls) => {
  const [nonce] = calls.next('desk', 'cancel');
  return [[{ number: String(big(nonce)), obligor: NAME, amount: SOME, currency: 'CNY' }]];
};

const approveCash: Check<'approveCash'> = ({ amount }, calls, { pin }) => {
  const [desk, isAllowed] = calls.next('bills', 'allowDesk');
  same('desk', desk, BigInt(pin.contracts.desk));
  same('consent', isAllowed, true);
  const [spender, limit] = calls.next('cash', 'approve');
  same('spender', spender, BigInt(pin.contracts.desk));
  same('amount', limit, amount === undefined ? UNLIMITED : cents(amount));
  return [[{ currency: 'CNY', ...(amount === undefined ? {} : { amount: cents(amount) }) }]];
};

export const saleChecks = { sell, cancelQuote, approveCash };

export type AskedQuote = Readonly<Partial<QuoteFields>>;

/** Throws unless every field that the bank stated is in the quote, and the quote is the bank's. */
export function checkQuote(asked: AskedQuote, quote: QuoteFields, { member }: Signing): void {
  same('bank', quote.bank, member);
  for (const [name, value] of Object.entries(asked)) same(name, quote[name as keyof QuoteFields], value);
}
