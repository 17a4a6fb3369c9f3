import { expect } from 'chai';
import type { Contract } from 'ethers';
import { dateOf } from '../support/acts.ts';
import { networkHelpers } from '../support/chain.ts';
import { deployHarness } from '../support/harness.ts';
import { vectors } from '../support/vectors.ts';

type Numbers<Name extends string> = Record<Name, string>;
const numbers = <Name extends string>(vector: Numbers<Name>, ...names: Name[]): bigint[] =>
  names.map((name) => BigInt(vector[name]));

const dates = vectors<{
  addMonths: { date: string; months: number; result: string }[];
  instants: { date: string; instant: number }[];
  daysBetween: { from: string; to: string; days: number }[];
  tenor: { issued: string; due: string; months: number; allowed: boolean }[];
}>('dates');
const { owed, payout } = vectors<{
  owed: Numbers<'first' | 'end' | 'paidIn' | 'face' | 'paidUpTo' | 'owed'>[];
  payout: Numbers<'first' | 'end' | 'paidIn' | 'paidUpTo' | 'face' | 'available' | 'amount' | 'upTo'>[];
}>('owed');
const { share } = vectors<{ share: Numbers<'total' | 'start' | 'end' | 'n' | 'result'>[] }>('rounding');

describe('what the contracts compute, against the numbers that all sides share', () => {
  let rules: Contract;
  before(async () => {
    rules = await deployHarness('RulesHarness');
  });
  const ask = (name: string, ...args: unknown[]): Promise<bigint> =>
    rules.getFunction(name).staticCall(...args) as Promise<bigint>;

  it('shares of a total', async () => {
    for (const vector of share) {
      const [result, ...args] = numbers(vector, 'result', 'start', 'end', 'total', 'n');
      expect(await ask('share', ...args), JSON.stringify(vector)).to.equal(result);
    }
  });

  it('payouts of what is there', async () => {
    for (const vector of payout) {
      const args = numbers(vector, 'first', 'end', 'paidIn', 'paidUpTo', 'face', 'available');
      expect(await ask('payout', ...args), JSON.stringify(vector)).to.deep.equal(
        numbers(vector, 'amount', 'upTo'),
      );
    }
  });

  it('payouts where nothing is short: all that is owed', async () => {
    for (const vector of owed) {
      const args = numbers(vector, 'first', 'end', 'paidIn', 'paidUpTo', 'face');
      const [amount] = (await ask('payout', ...args, 1n << 56n)) as unknown as [bigint];
      const due = BigInt(vector.owed);
      expect(amount, JSON.stringify(vector)).to.equal(due < 0n ? 0n : due);
    }
  });

  it('months on', async () => {
    for (const { date, months, result } of dates.addMonths) {
      expect(await ask('addMonths', dateOf(date), months), `${date} + ${months}`).to.equal(dateOf(result));
    }
  });

  it('beginnings of legal dates', async () => {
    for (const { date, instant } of dates.instants) {
      expect(dateOf(date)).to.equal(instant);
      const answers = [-1, 0, 1, 8 * 3600].map((off) => ask('isDate', instant + off));
      expect(await Promise.all(answers), date).to.deep.equal([false, true, false, false]);
    }
  });

  it('days to a due date, from the first to the last second of a day', async () => {
    const ordered = dates.daysBetween.filter(({ from }) => dateOf(from) > dateOf('2026-03-03'));
    expect(ordered.length).to.be.greaterThan(3);
    const snapshot = await networkHelpers.takeSnapshot();
    for (const { from, to, days } of ordered.sort((a, b) => (a.from < b.from ? -1 : 1))) {
      for (const instant of [dateOf(from), dateOf(from) + 86_399]) {
        await networkHelpers.time.increaseTo(instant);
        expect(await ask('today')).to.equal(dateOf(from));
        expect(await ask('daysUntil', dateOf(to)), `${from} to ${to}`).to.equal(days);
      }
    }
    await snapshot.restore();
  });

  it('longest terms', async () => {
    for (const { issued, due, months, allowed } of dates.tenor) {
      const latest = await ask('addMonths', dateOf(issued), months);
      expect(BigInt(dateOf(due)) <= latest, `${issued} to ${due}`).to.equal(allowed);
    }
  });
});
