import { cut, displayRange } from '#domain/bills/intervals.ts';
import { api } from '#web/api/client.ts';
import type { Bill, Member, Parcel } from '#web/api/schema.ts';
import { minorOf, moneyOf, text } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';
import { flows } from '#web/instructions/flow.svelte.ts';
import { Query } from '#web/state/query.svelte.ts';
import { MoneyField } from '#web/ui/money-field.svelte.ts';
import { Form } from '../ui/form.svelte.ts';

/** Passing a parcel, or a part cut from its right end, on to another member. */
export class PassOn extends Form {
  readonly parcel: Parcel;
  readonly bill: Bill;
  readonly whole: bigint;
  readonly amount: MoneyField;
  readonly detail: Query<{ parcels: Parcel[] }>;
  to = $state.raw<Member>();
  until = $state('');

  constructor(parcel: Parcel, bill: Bill) {
    super();
    this.parcel = parcel;
    this.bill = bill;
    this.whole = minorOf(parcel.amount);
    this.amount = new MoneyField(this.whole, { most: () => this.whole });
    this.detail = new Query((signal) => api.bill(bill.billNo, signal));
  }

  /** What would be cut and what would stay; nothing cut while the amount makes no sense. */
  get pieces():
    { piece: { first: bigint; end: bigint }; rest: { first: bigint; end: bigint } | undefined } | undefined {
    const amount = this.amount.valid;
    if (amount === undefined) return undefined;
    return cut({ first: BigInt(this.parcel.first), end: BigInt(this.parcel.end) }, amount);
  }

  get isReady(): boolean {
    return this.to !== undefined && this.amount.valid !== undefined;
  }

  prepare(): Promise<boolean> {
    const { to, pieces } = this;
    if (to === undefined || pieces === undefined) return Promise.resolve(false);
    const { rest, piece } = pieces;
    const view = {
      facts: [
        { label: m.to(), value: text(to.name) },
        { label: m.amount(), value: moneyOf(piece.end - piece.first), strong: true },
        { label: m.range(), value: displayRange(piece) },
        ...(rest
          ? [{ label: m.you_keep(), value: `${moneyOf(rest.end - rest.first)} · ${displayRange(rest)}` }]
          : []),
        { label: m.due(), value: this.bill.due },
      ],
      touches: [this.parcel.id],
      link: () => `/bills/${this.bill.billNo}`,
    };
    return this.run(() =>
      flows.begin(
        {
          type: 'offer',
          parcel: this.parcel.id,
          to: to.number,
          ...(rest ? { amount: this.amount.asMoney } : {}),
          ...(this.until ? { until: this.until } : {}),
        },
        view,
      ),
    );
  }
}
