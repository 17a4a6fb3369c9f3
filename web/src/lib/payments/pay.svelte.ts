import { api } from '#web/api/client.ts';
import type { Bill, Cash } from '#web/api/schema.ts';
import { minorOf, money, moneyOf } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';
import { flows } from '#web/instructions/flow.svelte.ts';
import { Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';
import { MoneyField } from '#web/ui/money-field.svelte.ts';
import { shortBillNo } from '#web/words.ts';
import { Form } from '../ui/form.svelte.ts';

/** Paying a bill in; once it is due the holders are paid in the same signed act. */
export class Pay extends Form {
  readonly bill: Bill;
  readonly open: bigint;
  readonly amount: MoneyField;
  readonly cash = new Query<Cash>((signal) => api.cash(signal));

  constructor(bill: Bill) {
    super();
    this.bill = bill;
    this.open = minorOf(bill.open);
    this.amount = new MoneyField(this.open, { most: () => this.open });
  }

  get isDue(): boolean {
    return this.bill.due <= session.today;
  }

  get isShort(): boolean {
    const balance = this.cash.value?.balance;
    return balance !== undefined && this.amount.amount !== undefined && minorOf(balance) < this.amount.amount;
  }

  prepare(): Promise<boolean> {
    const amount = this.amount.valid;
    if (amount === undefined) return Promise.resolve(false);
    const view = {
      facts: [
        { label: m.bill(), value: shortBillNo(this.bill.billNo) },
        { label: m.face(), value: money(this.bill.face) },
        { label: m.amount(), value: moneyOf(amount), strong: true },
        { label: m.still_open(), value: moneyOf(this.open - amount) },
        {
          label: m.holders(),
          value: this.isDue ? m.paid_at_once() : m.paid_when_due({ due: this.bill.due }),
        },
      ],
      ...(this.isDue ? {} : { warning: m.pay_early_warning() }),
      touches: [this.bill.billNo],
      link: () => `/bills/${this.bill.billNo}`,
    };
    return this.run(() =>
      flows.begin(
        { type: 'fund', bill: this.bill.billNo, amount: this.amount.asMoney, distribute: this.isDue },
        view,
      ),
    );
  }
}
