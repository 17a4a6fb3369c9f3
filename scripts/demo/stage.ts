/** The demonstration's firms at work: each act goes through the public API, signed with the firm's own key. */
import { addDays, instantOf, legalDateOf, type LegalDate } from '#domain/dates.ts';
import { parcelId, parseBillNo } from '#domain/bills/intervals.ts';
import { Member } from '#client/member.ts';
import { Operator } from '#client/operator.ts';
import { money } from '#client/money.ts';
import type { InstructionInput, BillInput } from '#client/generated/schema.ts';
import type { Given } from '#client/routes.ts';
import { rpc } from '../../services/embedded/rpc.ts';
import { FIRMS, type FirmName } from './firms.ts';

export type Order = {
  readonly to: FirmName;
  readonly face: string;
  /** Days from today, negative in the past. */
  readonly due: number;
  readonly invoice: string;
  readonly restrict?: BillInput['restrict'];
  readonly note?: string;
};

export class Stage {
  /** The date that the machine shows: every other day of the story is counted from it. */
  readonly today: LegalDate;
  readonly #members: ReadonlyMap<FirmName, Member>;
  readonly #rpcUrl: string | undefined;
  readonly #signal: AbortSignal | undefined;

  private constructor(
    members: ReadonlyMap<FirmName, Member>,
    rpcUrl: string | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.today = legalDateOf(Math.floor(Date.now() / 1_000));
    this.#members = members;
    this.#rpcUrl = rpcUrl;
    this.#signal = signal;
  }

  static async open(
    apiUrl: string,
    rpcUrl: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Stage> {
    const operator = await Operator.enter(apiUrl);
    const members = new Map<FirmName, Member>();
    for (const [name, firm] of Object.entries(FIRMS)) {
      signal?.throwIfAborted();
      members.set(name as FirmName, await Member.enter(apiUrl, await operator.admit(firm)));
    }
    return new Stage(members, rpcUrl, signal);
  }

  /** Whether the story may have a past: only the embedded chain's clock can be set. */
  get hasPast(): boolean {
    return this.#rpcUrl !== undefined;
  }

  /** Moves the chain's clock to ten in the morning of a day; never back, and not beyond the machine's clock. */
  async day(days: number): Promise<void> {
    this.#signal?.throwIfAborted();
    if (this.#rpcUrl === undefined) return;
    const head = await rpc<{ timestamp: string }>(this.#rpcUrl, 'eth_getBlockByNumber', 'latest', false);
    const morning = instantOf(addDays(this.today, days)) + 10 * 3_600;
    const to = Math.min(morning, Math.floor(Date.now() / 1_000));
    if (to <= Number(head.timestamp)) return;
    await rpc(this.#rpcUrl, 'evm_setNextBlockTimestamp', to);
    await rpc(this.#rpcUrl, 'evm_mine');
  }

  number(name: FirmName): number {
    return this.#member(name).number;
  }

  act(by: FirmName, act: Given<InstructionInput>) {
    this.#signal?.throwIfAborted();
    return this.#member(by).perform(act);
  }

  /** Returns the bills' numbers. */
  async issue(...orders: readonly Order[]): Promise<string[]> {
    const bills = orders.map(({ to, face, due, invoice, restrict, note }) => ({
      payee: this.number(to),
      face: money(face),
      due: addDays(this.today, due),
      invoices: [{ seller: FIRMS[to].taxId, number: invoice, total: money(face), amount: money(face) }],
      ...(restrict === undefined ? {} : { restrict }),
      ...(note === undefined ? {} : { note }),
    }));
    return [...(await this.act('carMaker', { type: 'issue', bills })).makes.bills];
  }

  async take(by: FirmName, ...parcels: readonly string[]): Promise<void> {
    await this.act(by, { type: 'take', parcels });
  }

  /** Returns the parcel that was offered. */
  async offer(by: FirmName, parcel: string, amount: string, to: FirmName, until?: number): Promise<string> {
    const { makes } = await this.act(by, {
      type: 'offer',
      parcel,
      amount: money(amount),
      to: this.number(to),
      ...(until === undefined ? {} : { until: addDays(this.today, until) }),
    });
    return made(makes.parcels[0]);
  }

  /** Returns the request's id. */
  ask(
    by: FirmName,
    parcel: string,
    amount: string,
    banks: readonly FirmName[],
    more: { note?: string; purpose?: 'rediscount' } = {},
  ): Promise<string> {
    const invited = banks.map((bank) => this.number(bank));
    return this.#member(by).ask({ parcel, amount: money(amount), banks: invited, ...more });
  }

  /** Returns the quote's id. Good for a day, or until so many days after today. */
  quote(bank: FirmName, request: string, rate: string, fee = '0.00', until?: number): Promise<string> {
    const end = until === undefined ? {} : { validUntil: this.#endOf(until) };
    return this.#member(bank).quote({ request, rate, fee: money(fee), ...end });
  }

  /** Returns the parcel that was sold. */
  async sell(by: FirmName, parcel: string, amount: string, quote: string): Promise<string> {
    const { makes } = await this.act(by, { type: 'sell', parcel, amount: money(amount), quote });
    return made(makes.parcels[0]);
  }

  async fund(bill: string, amount: string): Promise<void> {
    await this.act('carMaker', { type: 'fund', bill, amount: money(amount), distribute: true });
  }

  #endOf(days: number): string {
    return new Date(instantOf(addDays(this.today, days + 1)) * 1_000 - 1_000).toISOString();
  }

  #member(name: FirmName): Member {
    return made(this.#members.get(name));
  }
}

export const firstParcel = (bill: string): string => parcelId(parseBillNo(bill), 0n).toString();

function made<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the demonstration lost its thread');
  return value;
}
