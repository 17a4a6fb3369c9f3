/** Amounts between the API's form and ours, minor units in a bigint. */
import { currencyOfNumber, formatAmount, parseAmount, type Currency, type Minor } from '#domain/money.ts';
import type { Money, MoneyInput } from './common.ts';
import { refused } from '../problems/refused.ts';

export const money = (amount: bigint, currency: Currency): Money => ({
  amount: formatAmount(amount, currency),
  currency,
});

export const moneyOf = (amount: bigint, currencyNumber: number): Money =>
  money(amount, currencyOfNumber(currencyNumber));

/** Reads an amount that a client states. Throws REQUEST_INVALID for another currency than the ledger's. */
export function readMoney(input: MoneyInput, currency: Currency): Minor {
  if (input.currency !== currency)
    throw refused('CURRENCY_FOREIGN', { ledger: currency, given: input.currency });
  return parseAmount(input.amount, currency);
}
