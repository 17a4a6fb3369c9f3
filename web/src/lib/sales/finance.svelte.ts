import { cut } from '#domain/bills/intervals.ts';
import { discount, type Discount } from '#domain/sales/pricing.ts';
import { api } from '#web/api/client.ts';
import type { Bill, Member, Parcel, Recourse } from '#web/api/schema.ts';
import { daysUntil, minorOf } from '#web/format.ts';
import { PagedQuery, Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';
import { MoneyField } from '#web/ui/money-field.svelte.ts';
import { Form } from '../ui/form.svelte.ts';

/** Inviting banks to quote for a parcel or a part of it; a bank that sells on does the same. */
export class Finance extends Form {
  readonly parcel: Parcel;
  readonly bill: Bill;
  readonly whole: bigint;
  readonly amount: MoneyField;
  readonly banks = new PagedQuery<Member>(
    (page, signal) => api.members({ role: 'bank', ...page, limit: 100 }, signal),
    { live: false },
  );
  readonly detail: Query<{ parcels: Parcel[] }>;
  chosen = $state<number[]>([]);
  recourse = $state<Recourse>('without');
  note = $state('');
  /** One form, one request, however often it is sent. */
  readonly #key = crypto.randomUUID();

  constructor(parcel: Parcel, bill: Bill) {
    super();
    this.parcel = parcel;
    this.bill = bill;
    this.whole = minorOf(parcel.amount);
    this.amount = new MoneyField(this.whole, { most: () => this.whole });
    this.detail = new Query((signal) => api.bill(bill.billNo, signal));
  }

  get offered(): Member[] {
    return this.banks.rows.filter((bank) => bank.active && bank.number !== session.me);
  }

  get piece(): { first: bigint; end: bigint } | undefined {
    const { valid } = this.amount;
    const { first, end } = this.parcel;
    return valid === undefined ? undefined : cut({ first: BigInt(first), end: BigInt(end) }, valid).piece;
  }

  get isReady(): boolean {
    return this.chosen.length > 0 && this.amount.valid !== undefined;
  }

  /** Per cent a year, in basis points: what if a bank asked for so much? */
  rateBp = $state(365);
  readonly fee = new MoneyField(0n, { least: () => 0n });

  get days(): number {
    return daysUntil(this.bill.due, session.today);
  }

  /** What would arrive at that rate and fee, and what it would cost a year. */
  get ifSo(): Discount | undefined {
    const [amount, fee] = [this.amount.valid, this.fee.valid];
    if (amount === undefined || fee === undefined || this.days < 1) return undefined;
    try {
      return discount({
        amount,
        ratePpm: BigInt(this.rateBp) * 100n,
        days: this.days,
        basis: this.bill.basis,
        fee,
      });
    } catch {
      return undefined;
    }
  }

  /** The id of the request. */
  async send(): Promise<string | undefined> {
    let id: string | undefined;
    await this.run(async () => {
      const { valid } = this.amount;
      const request = await api.ask(
        {
          parcel: this.parcel.id,
          banks: $state.snapshot(this.chosen),
          recourse: this.recourse,
          purpose: session.has('bank') ? 'rediscount' : 'discount',
          ...(valid !== this.whole ? { amount: this.amount.asMoney } : {}),
          ...(this.note.trim() ? { note: this.note.trim() } : {}),
        },
        this.#key,
      );
      id = request.id;
    });
    return id;
  }
}
