/** The firms of a replay: admitted, with money, lines and habits. */
import { formatAmount } from '#domain/money.ts';
import type { Role } from '#domain/codes.ts';
import { Key } from '#client/key.ts';
import { Member } from '#client/member.ts';
import { Operator } from '#client/operator.ts';
import { money } from '#client/money.ts';
import { BANKS, type Life } from './lives.ts';
import { taxNumberFor } from '../made-up-tax-numbers.ts';
import { random } from './random.ts';

export type Firms = ReadonlyMap<string, Member>;
export type Enrolment = {
  readonly firms: Firms;
  readonly auditor: Member;
  readonly standing: ReadonlySet<string>;
};

const AT_A_TIME = 8;
const STANDING = 0.5;

/** Every core enterprise has what it will pay, every bank what it will buy for, with lines to match. */
export async function enrol(apiUrl: string, lives: readonly Life[], seed: number): Promise<Enrolment> {
  const operator = await Operator.enter(apiUrl);
  const names = (of: (life: Life) => string): string[] => [...new Set(lives.map(of))].sort();
  const [cores, suppliers] = [names(({ core }) => core), names(({ supplier }) => supplier)];
  const admissions: [string, Role][] = [
    ...cores.map((name): [string, Role] => [name, 'core_enterprise']),
    ...suppliers.map((name): [string, Role] => [name, 'supplier']),
    ...BANKS.map((name): [string, Role] => [name, 'bank']),
    ['settlement bank', 'settlement_bank'],
    ['auditor', 'regulator'],
  ];
  const firms = new Map<string, Member>();
  await eachOf(admissions, async ([name, role]) => {
    const key = Key.fromSeed(`replay ${name}`);
    const signers = [{ type: 'p256' as const, x: key.x, y: key.y }];
    const taxId = taxNumberFor(name);
    const number = await operator.admit({ name: { zh: name, en: name }, taxId, roles: [role], signers });
    firms.set(name, await Member.enter(apiUrl, number, key));
  });

  const dice = random(seed);
  const standing = new Set(suppliers.filter(() => dice.next() < STANDING));
  await eachOf([...standing], (name) => firm(firms, name).perform({ type: 'setStanding', standing: true }));
  await endow(firms, lives, cores);
  return { firms, auditor: firm(firms, 'auditor'), standing };
}

/** What each begins with, in minor units. */
export function endowment(lives: readonly Life[]): Map<string, bigint> {
  const cash = new Map<string, bigint>();
  const total = lives.reduce((sum, { amount }) => sum + amount, 0n);
  for (const { core, amount } of lives) cash.set(core, (cash.get(core) ?? 0n) + amount);
  for (const bank of BANKS) cash.set(bank, total);
  return cash;
}

async function endow(firms: Firms, lives: readonly Life[], cores: readonly string[]): Promise<void> {
  const settlementBank = firm(firms, 'settlement bank');
  await eachOf([...endowment(lives)], ([name, amount]) =>
    settlementBank.perform({
      type: 'deposit',
      member: firm(firms, name).number,
      amount: cny(amount),
      reference: 'opening balance',
    }),
  );
  for (const bank of BANKS) {
    await firm(firms, bank).perform({ type: 'approveCash' });
    await eachOf(cores, (core) => {
      const limit = cny(endowment(lives).get(core) ?? 0n);
      return firm(firms, bank).perform({ type: 'setLine', obligor: firm(firms, core).number, limit });
    });
  }
}

export function firm(firms: Firms, name: string): Member {
  const member = firms.get(name);
  if (member === undefined) throw new Error(`there is no firm ${name}`);
  return member;
}

export const cny = (cents: bigint) => money(formatAmount(cents, 'CNY'));

/** Some at a time, each of them once. */
export async function eachOf<T>(items: readonly T[], act: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = [...items];
  const work = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
}
