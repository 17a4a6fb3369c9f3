import { SvelteSet } from 'svelte/reactivity';
import { addDays, addMonths, parseLegalDate } from '#domain/dates.ts';
import { api } from '#web/api/client.ts';
import type { Bill, Cash } from '#web/api/schema.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { count, minorOf, moneyOf, sum } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';
import { flows } from '#web/instructions/flow.svelte.ts';
import { filter } from '#web/state/address.ts';
import { PagedQuery, Query } from '#web/state/query.svelte.ts';
import { whoGetsWhat } from '#web/ui/who-gets-what.ts';
import { session } from '#web/state/session.svelte.ts';
import { underWay } from '#web/instructions/under-way.svelte.ts';

export type Show = 'soon' | 'late' | 'all';
/** More are signed in a second go. */
export const MOST_AT_ONCE = 50;

/** What is to be paid, and paying many bills with one signing. */
export class PaymentsState extends Form {
  readonly list: PagedQuery<Bill>;
  readonly cash = new Query<Cash>((signal) => api.cash(signal));
  readonly chosen = new SvelteSet<string>();

  constructor() {
    super();
    this.list = new PagedQuery(
      (page, signal) =>
        api.bills({ role: 'issued', open: true, sort: 'due', ...this.#until(), ...page }, signal),
      { keep: true },
    );
  }

  get show(): Show {
    const show = filter('show');
    return show === 'late' || show === 'all' ? show : 'soon';
  }

  get bills(): Bill[] {
    return this.list.rows
      .filter((bill) => this.chosen.has(bill.billNo) && this.canPay(bill))
      .slice(0, MOST_AT_ONCE);
  }

  get total(): bigint {
    return sum(this.bills.map((bill) => bill.open));
  }

  get isShort(): boolean {
    const balance = this.cash.value?.balance;
    return balance !== undefined && minorOf(balance) < this.total;
  }

  canPay = (bill: Bill): boolean => !underWay.touches(bill.billNo);

  toggle(billNo: string): void {
    if (!this.chosen.delete(billNo)) this.chosen.add(billNo);
  }

  chooseAll(): void {
    const free = this.list.rows.filter(this.canPay).slice(0, MOST_AT_ONCE);
    const isAll = free.every((bill) => this.chosen.has(bill.billNo));
    for (const { billNo } of free)
      if (isAll) this.chosen.delete(billNo);
      else this.chosen.add(billNo);
  }

  /** One act for each bill, all signed at once: if one is refused the others go on. */
  pay(): Promise<boolean> {
    const { bills, total } = this;
    const early = bills.filter((bill) => bill.due > session.today);
    return this.run(async () => {
      const prepared = [];
      for (const bill of bills) {
        const distribute = bill.due <= session.today;
        prepared.push(await api.prepare({ type: 'fund', bill: bill.billNo, amount: bill.open, distribute }));
      }
      flows.confirm(prepared, {
        title: m.pay_chosen({ count: count(bills.length) }),
        facts: [
          { label: m.amount(), value: moneyOf(total), strong: true },
          { label: m.bills(), value: String(bills.length) },
          ...whoGetsWhat(bills.map(({ payee, open }) => ({ to: payee, amount: minorOf(open) }))),
          ...(this.cash.value
            ? [{ label: m.cash_after(), value: moneyOf(minorOf(this.cash.value.balance) - total) }]
            : []),
        ],
        ...(early.length > 0 ? { warning: m.pay_some_early({ count: count(early.length) }) } : {}),
        touches: bills.map((bill) => bill.billNo),
        ondone: () => this.chosen.clear(),
      });
    });
  }

  #until(): { dueFrom?: string; dueTo?: string } {
    const today = parseLegalDate(session.today);
    if (this.show === 'all') return {};
    if (this.show === 'late') return { dueTo: addDays(today, -1) };
    return { dueFrom: today, dueTo: addMonths(today, 1) };
  }
}
