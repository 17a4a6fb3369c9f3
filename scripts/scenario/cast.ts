/** The members of a scenario under their names, and those whom the runner needs besides. */
import { Key } from '#client/key.ts';
import { Member } from '#client/member.ts';
import { Operator } from '#client/operator.ts';
import { money } from '#client/money.ts';
import { parseAmount } from '#domain/money.ts';
import type { Role } from '#domain/codes.ts';
import type { Scenario } from './format.ts';
import { taxNumbersOf } from './tax-numbers.ts';

/** A number that is never given out: whoever is not in the file is not a member. */
const NOBODY = 4_000_000_000;

export class Cast {
  readonly operator: Operator;
  /** Sees every bill and acts on none. */
  readonly auditor: Member;
  readonly #apiUrl: string;
  readonly #members: ReadonlyMap<string, Member>;
  readonly #names: ReadonlyMap<number, string>;

  private constructor(
    apiUrl: string,
    operator: Operator,
    auditor: Member,
    members: ReadonlyMap<string, Member>,
  ) {
    this.#apiUrl = apiUrl;
    this.operator = operator;
    this.auditor = auditor;
    this.#members = members;
    this.#names = new Map([...members].map(([name, { number }]) => [number, name]));
  }

  /** Admits the members, and gives them the money, the lines and the standing acceptances that they begin with. */
  static async enter(apiUrl: string, scenario: Scenario): Promise<Cast> {
    const operator = await Operator.enter(apiUrl);
    const members = new Map<string, Member>();
    const taxNumbers = taxNumbersOf(scenario);
    for (const [name, roles] of Object.entries(scenario.members)) {
      const taxId = taxNumbers.get(name);
      members.set(name, await admit(apiUrl, operator, name, [...new Set([roles].flat())], taxId));
    }
    const auditor = await admit(apiUrl, operator, 'auditor of the runner', ['regulator']);
    const cast = new Cast(apiUrl, operator, auditor, members);
    await cast.#setUp(scenario);
    return cast;
  }

  get members(): Iterable<[name: string, member: Member]> {
    return this.#members;
  }

  has(name: string): boolean {
    return this.#members.has(name);
  }

  /** Throws MEMBER_UNKNOWN, as the API says it, for a name that the file does not admit. */
  async member(name: string): Promise<Member> {
    return this.#members.get(name) ?? Member.enter(this.#apiUrl, NOBODY, Key.fromSeed(name));
  }

  number(name: string): number {
    return this.#members.get(name)?.number ?? NOBODY;
  }

  /** The runner's own members have no name in the file. */
  nameOf(number: number): string {
    return this.#names.get(number) ?? `member ${number}`;
  }

  async #setUp({ members, cash = {}, lines = [], standing = [] }: Scenario): Promise<void> {
    const banks = Object.keys(members).filter((name) => [members[name]].flat().includes('bank'));
    for (const name of banks) await (await this.member(name)).perform({ type: 'approveCash' });
    const deposits = Object.entries(cash).filter(([, amount]) => parseAmount(amount, 'CNY') > 0n);
    if (deposits.length > 0) {
      const bank = await admit(this.#apiUrl, this.operator, 'settlement bank of the runner', [
        'settlement_bank',
      ]);
      for (const [name, amount] of deposits) {
        const reference = `opening balance of ${name}`;
        await bank.perform({
          type: 'deposit',
          member: this.number(name),
          amount: money(amount),
          reference: reference.slice(0, 200),
        });
      }
    }
    for (const { bank, obligor, limit } of lines) {
      const line = { type: 'setLine', obligor: this.number(obligor), limit: money(limit) } as const;
      await (await this.member(bank)).perform(line);
    }
    for (const name of standing) {
      await (await this.member(name)).perform({ type: 'setStanding', standing: true });
    }
  }
}

async function admit(
  apiUrl: string,
  operator: Operator,
  name: string,
  roles: Role[],
  taxId?: string,
): Promise<Member> {
  const key = Key.fromSeed(name);
  const { x, y } = key;
  const signers = [{ type: 'p256' as const, x, y }];
  const known = taxId === undefined ? {} : { taxId };
  const number = await operator.admit({ name: { zh: name, en: name }, ...known, roles, signers });
  return Member.enter(apiUrl, number, key);
}
