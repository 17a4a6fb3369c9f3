import type { MoneyInput } from './generated/schema.ts';

/** An exact decimal with its currency, as the API takes it: "1000000.00". */
export const money = (amount: string, currency = 'CNY'): MoneyInput => ({ amount, currency });
