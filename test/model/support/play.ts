/** Plays a conformance scenario on the plain model: members are numbered in the order of the file. */
import { bitsOf, ROLE_BITS, type Role } from '#domain/codes.ts';
import { addDays, instantOf, parseLegalDate } from '#domain/dates.ts';
import { billNo, displayRange, lengthOf, parcelId } from '#domain/bills/intervals.ts';
import { formatAmount, parseAmount, parseRate } from '#domain/money.ts';
import {
  billOf,
  cashOf,
  emptyState,
  find,
  lineOf,
  NO_LIMITS,
  perform,
  type Act,
  type State,
} from '../model.ts';
import { Problem } from '#domain/problems.ts';
import { billStatus, parcelState } from '#domain/bills/status.ts';

type Expectation = {
  cash?: Record<string, string>;
  bills?: Record<string, { status?: string; paid?: string }>;
  parcels?: Record<string, [string, string, string][]>;
  lines?: { bank: string; obligor: string; used?: string }[];
};
type Fields = Record<string, string> & {
  invoices?: { seller: string; number: string; total: string; amount: string }[];
};
export type Scenario = {
  scenario: string;
  today: string;
  members: Record<string, Role | Role[]>;
  cash?: Record<string, string>;
  lines?: { bank: string; obligor: string; limit: string }[];
  standing?: string[];
  acts: (Fields & { act: string; refused?: string; expect?: Expectation })[];
  expect?: Expectation;
};

/** Nobody of the file: it issued what the members have at the beginning. */
const ISSUER = 2_000;

const money = (text: string): bigint => parseAmount(text, 'CNY');
const instant = (date: string): number => instantOf(parseLegalDate(date));

/** Every way in which the model differs from what the file says. */
export function play(scenario: Scenario): string[] {
  const failures: string[] = [];
  const player = new Player(scenario);
  scenario.acts.forEach((act, i) => {
    const outcome = player.perform(act);
    if (outcome !== act.refused) failures.push(`act ${i + 1} ${act.act}: ${outcome}, not ${act.refused}`);
    failures.push(...player.differences(act.expect).map((difference) => `after act ${i + 1}: ${difference}`));
  });
  return [...failures, ...player.differences(scenario.expect)];
}

class Player {
  state: State;
  readonly #numbers: Map<string, number>;
  readonly #bills = new Map<string, bigint>();
  readonly #parcels = new Map<string, bigint>();
  #serial = 0;

  constructor({ today, members, cash = {}, lines = [], standing = [] }: Scenario) {
    this.#numbers = new Map(Object.keys(members).map((name, i) => [name, i + 1]));
    const admitted = Object.entries(members).map(
      ([name, roles]) =>
        [
          this.#member(name),
          {
            roles: bitsOf(ROLE_BITS, [roles].flat()),
            isSuspended: false,
            hasStanding: standing.includes(name),
            limits: NO_LIMITS,
          },
        ] as const,
    );
    this.state = emptyState(
      instant(today),
      { tenorMonths: 6, basis: 360 },
      new Map([
        ...admitted,
        [
          ISSUER,
          { roles: ROLE_BITS.settlement_bank, isSuspended: false, hasStanding: false, limits: NO_LIMITS },
        ],
      ]),
    );
    this.#do({ act: 'setCap', bank: ISSUER, cap: 2n ** 62n });
    for (const [name, amount] of Object.entries(cash))
      this.#do({ act: 'deposit', by: ISSUER, to: this.#member(name), amount: money(amount) });
    for (const { bank, obligor, limit } of lines) {
      this.#do({
        act: 'setLine',
        by: this.#member(bank),
        obligor: this.#member(obligor),
        limit: money(limit),
      });
    }
  }

  /** The code of the problem that refused the act, if one did. */
  perform(fields: Fields & { act: string }): string | undefined {
    try {
      const [act, before] = [this.#act(fields), this.state];
      this.#do(act);
      if (fields['as'] !== undefined) this.#name(fields['as'], act, before);
      return undefined;
    } catch (error) {
      if (error instanceof Problem) return error.code;
      throw error;
    }
  }

  differences({ cash = {}, bills = {}, parcels = {}, lines = [] }: Expectation = {}): string[] {
    const found: string[] = [];
    const same = (what: string, actual: unknown, expected: unknown): void => {
      const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
      if (expected !== undefined && is !== should) found.push(`${what} is ${is}, not ${should}`);
    };
    for (const [name, amount] of Object.entries(cash)) {
      same(`cash of ${name}`, formatAmount(cashOf(this.state, this.#member(name)), 'CNY'), amount);
    }
    for (const [name, { status, paid }] of Object.entries(bills)) {
      const bill = billOf(this.state, this.#bills.get(name)!);
      same(`status of ${name}`, billStatus(bill, this.state.now), status);
      same(`paid of ${name}`, formatAmount(bill.paidIn, 'CNY'), paid);
    }
    for (const [name, list] of Object.entries(parcels)) {
      const bill = billOf(this.state, this.#bills.get(name)!);
      const names = [...this.#numbers.keys()];
      const shown = bill.parcels.map((p) => [displayRange(p), names[p.holder - 1], parcelState(p, bill)]);
      same(`parcels of ${name}`, shown, list);
    }
    for (const { bank, obligor, used } of lines) {
      const line = lineOf(this.state, this.#member(bank), this.#member(obligor));
      same(`line of ${bank}`, formatAmount(line.used, 'CNY'), used);
    }
    return found;
  }

  #do(act: Act): void {
    this.state = perform(this.state, act);
  }

  /** An unknown name is a number that nobody has. */
  #member(name: string): number {
    return this.#numbers.get(name) ?? 1_000;
  }

  #act(f: Fields & { act: string }): Act {
    const by = this.#member(f['by'] ?? '');
    const parcel = this.#parcels.get(f['parcel'] ?? '') ?? 0n;
    const bill = this.#bills.get(f['bill'] ?? '') ?? 0n;
    const amount = f['amount'] === undefined ? {} : { amount: money(f['amount']) };
    switch (f.act) {
      case 'issue':
        return {
          ...{ act: 'issue', by, to: this.#member(f['to']!), serial: ++this.#serial },
          ...{ face: money(f['face']!), due: instant(f['due']!) },
          invoices: (f.invoices ?? []).map(({ seller, number, total, amount: part }) => ({
            invoice: `${seller} ${number}`,
            total: money(total),
            amount: money(part),
          })),
        };
      case 'take':
      case 'refuse':
      case 'withdraw':
        return { act: f.act, by, parcel };
      case 'extend':
        return {
          ...{ act: 'extend', by, parcel },
          until: instantOf(addDays(parseLegalDate(f['until']!), 1)),
        };
      case 'offer': {
        const until =
          f['until'] === undefined ? {} : { until: instantOf(addDays(parseLegalDate(f['until']), 1)) };
        return { act: 'offer', by, parcel, to: this.#member(f['to']!), ...amount, ...until };
      }
      case 'discount':
      case 'rediscount': {
        const length = amount.amount ?? lengthOf(find(this.state, parcel).parcel);
        const quote = {
          ...{ bank: this.#member(f['bank']!), nonce: BigInt(++this.#serial), amount: length },
          ...{ ratePpm: parseRate(f['rate']!), fee: money(f['fee'] ?? '0'), validUntil: this.state.now + 60 },
        };
        return { act: 'sell', by, parcel, ...amount, quote };
      }
      case 'fund':
      case 'pay_for':
        return { act: f.act === 'fund' ? 'fund' : 'payFor', by, bill, amount: amount.amount! };
      case 'distribute':
        return { act: 'distribute', bill };
      case 'date':
        return { act: 'clock', to: instant(f['to']!) };
      case 'suspend':
      case 'restore':
        return { act: f.act, member: this.#member(f['member']!) };
      default:
        throw new Error(`no act ${f.act}`);
    }
  }

  /** `before`: the state in which the piece had not been cut yet; it is the right end of its parcel. */
  #name(as: string, act: Act, before: State): void {
    if (act.act === 'issue') {
      const no = billNo(act.by, act.serial);
      this.#bills.set(as, no);
      this.#parcels.set(as, parcelId(no, 0n));
    } else if (act.act === 'offer' || act.act === 'sell') {
      const { no, parcel } = find(before, act.parcel);
      this.#parcels.set(as, parcelId(no, act.amount === undefined ? parcel.first : parcel.end - act.amount));
    }
  }
}
