import { quoteDoubts } from '#domain/sales/quotes.ts';
import { discount, type Discount } from '#domain/sales/pricing.ts';
import { parseRate } from '#domain/money.ts';
import { api } from '#web/api/client.ts';
import type { FinancingRequestDetail, Recourse } from '#web/api/schema.ts';
import { daysUntil, hoursAfter, instant, minorOf, moneyOf, roundPercent, text } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';
import { flows } from '#web/instructions/flow.svelte.ts';
import { session } from '#web/state/session.svelte.ts';
import { MoneyField } from '#web/ui/money-field.svelte.ts';
import { Form } from '../ui/form.svelte.ts';
import { rateOfPercent } from './rate.ts';

export const VALID_FOR_HOURS = [4, 24, 72, 168] as const;

/** A bank's quote; what it brings is computed as it is typed, by the same rules as the chain. */
export class QuoteForm extends Form {
  readonly request: FinancingRequestDetail;
  readonly asked: bigint;
  readonly amount: MoneyField;
  readonly fee = new MoneyField(0n, { least: () => 0n });
  rate = $state('');
  recourse = $state<Recourse>('without');
  hours = $state<number>(24);
  isSure = $state(false);

  constructor(request: FinancingRequestDetail) {
    super();
    this.request = request;
    this.asked = minorOf(request.amount);
    this.amount = new MoneyField(this.asked, { most: () => this.asked });
    this.recourse = request.recourse;
  }

  get days(): number {
    return daysUntil(this.request.due, session.today);
  }

  get rateError(): string | undefined {
    return this.rate.trim() !== '' && rateOfPercent(this.rate) === undefined
      ? m.rate_unreadable()
      : undefined;
  }

  /** Interest, price and yearly cost; undefined while something is missing or nothing would be left. */
  get priced(): Discount | undefined {
    const rate = rateOfPercent(this.rate);
    const { valid } = this.amount;
    const fee = this.fee.valid;
    if (rate === undefined || valid === undefined || fee === undefined || this.days < 1) return undefined;
    try {
      return discount({
        amount: valid,
        ratePpm: parseRate(rate),
        days: this.days,
        basis: this.request.bill.basis,
        fee,
      });
    } catch {
      return undefined;
    }
  }

  /** What is likely a slip: asked about before it is signed. */
  get doubts(): string[] {
    const rate = rateOfPercent(this.rate);
    const { priced } = this;
    if (rate === undefined || priced === undefined) return [];
    return quoteDoubts(parseRate(rate), priced).map((doubt) =>
      doubt === 'rate'
        ? m.quote_unusual_rate({ rate: roundPercent(priced.yearlyCost365) })
        : m.quote_fee_above_price(),
    );
  }

  get isReady(): boolean {
    return this.priced !== undefined && (this.doubts.length === 0 || this.isSure);
  }

  get validUntil(): string {
    return hoursAfter(session.status?.now ?? '1970-01-01T00:00:00Z', this.hours);
  }

  prepare(): Promise<boolean> {
    const rate = rateOfPercent(this.rate);
    const { priced, validUntil } = this;
    if (rate === undefined || priced === undefined) return Promise.resolve(false);
    return this.run(async () => {
      const prepared = await api.prepareQuote({
        request: this.request.id,
        amount: this.amount.asMoney,
        rate,
        fee: this.fee.asMoney,
        recourse: this.recourse,
        validUntil,
      });
      flows.confirm([prepared], {
        title: m.quote_now(),
        facts: [
          { label: m.applicant(), value: text(this.request.seller.name) },
          { label: m.amount(), value: moneyOf(this.amount.valid ?? 0n) },
          { label: m.interest(), value: moneyOf(priced.interest) },
          { label: m.fee(), value: moneyOf(priced.fee) },
          { label: m.price(), value: moneyOf(priced.net), strong: true },
          { label: m.valid_until(), value: instant(validUntil) },
        ],
        handIn: api.submitQuote,
        giveUp: api.withdrawQuote,
        readSigning: async (id) => (await api.quoteSheet(id, new AbortController().signal)).signing,
        checkedAt: '/quotes',
        link: () => `/financing/${this.request.id}`,
      });
    });
  }
}
