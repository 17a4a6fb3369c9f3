import { formatAmount, parseAmount, type Currency } from '#domain/money.ts';
import { CURRENCY, moneyOf } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';

type Limits = { most?: () => bigint | undefined; least?: () => bigint };

/** An amount as a person types it: grouping, blanks, full-width digits and the sign of the currency are all right. */
export class MoneyField {
  text = $state('');
  currency: Currency;
  #limits: Limits;

  constructor(initial?: bigint, limits: Limits = {}, currency: Currency = CURRENCY) {
    this.currency = currency;
    this.#limits = limits;
    if (initial !== undefined) this.set(initial);
  }

  set(amount: bigint): void {
    this.text = grouped(amount, this.currency);
  }

  /** Minor units; undefined while it cannot be read. */
  get amount(): bigint | undefined {
    const bare = this.text.normalize('NFKC').replace(/[¥￥,\s]/g, '');
    try {
      return parseAmount(bare, this.currency);
    } catch {
      return undefined;
    }
  }

  get valid(): bigint | undefined {
    return this.error === undefined ? this.amount : undefined;
  }

  /** What is wrong with it; nothing while it is empty. */
  get error(): string | undefined {
    if (this.text.trim() === '') return undefined;
    const { amount } = this;
    if (amount === undefined) return m.amount_unreadable();
    const most = this.#limits.most?.();
    if (most !== undefined && amount > most) return m.amount_too_much({ most: moneyOf(most, this.currency) });
    if (amount < (this.#limits.least?.() ?? 1n)) return m.amount_too_little();
    return undefined;
  }

  /** Once left, it is written as everywhere else. */
  tidy(): void {
    if (this.amount !== undefined) this.set(this.amount);
  }

  /** As the API wants it; only when valid. */
  get asMoney(): { amount: string; currency: string } {
    return { amount: formatAmount(this.valid ?? 0n, this.currency), currency: this.currency };
  }
}

const grouped = (amount: bigint, currency: Currency): string =>
  moneyOf(amount, currency).replace(/[^\d.,]/g, '');
