import { describe, expect, it } from 'vitest';
import { perform, type Act, type State } from './model.ts';
import { Problem } from '#domain/problems.ts';
import { brokenInvariants } from './support/invariants.ts';
import { network, settlement } from './support/network.ts';
import { DAY, drawFrom, members, randomAct } from './support/random-act.ts';

const start = members.reduce(
  (so, to) => perform(so, { act: 'deposit', by: settlement, to, amount: 20_000n }),
  network,
);
const opening = 20_000n * BigInt(members.length);

/** The state after the act, or undefined when it is refused. */
function attempt(state: State, act: Act): State | undefined {
  try {
    return perform(state, act);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

describe.each([1, 2, 3, 4, 5, 6])('story %i', (seed) => {
  const draw = drawFrom(seed);
  const done = new Set<string>();
  let state = start;
  let brought = opening;

  it('keeps every cent, line and invoice in order, and leaves the state before an act as it was', () => {
    for (let serial = 1; serial <= 1_000; serial += 1) {
      const act = randomAct(state, draw, serial);
      const before = serial % 10 === 0 ? structuredClone(state) : undefined;
      const next = attempt(state, act);
      if (before !== undefined) expect(state).toEqual(before);
      if (next !== undefined) {
        done.add(act.act);
        if (act.act === 'deposit') brought += act.amount;
        if (act.act === 'confirmRedemption') brought -= state.redemptions.get(act.redemption)!.amount;
      }
      state = next ?? state;
      expect(brokenInvariants(state, brought)).toEqual([]);
    }
    const names = [
      'issue',
      'take',
      'refuse',
      'withdraw',
      'extend',
      'expire',
      'offer',
      'sell',
      'fund',
      'distribute',
    ];
    expect(names.filter((name) => !done.has(name))).toEqual([]);
  });

  it('ends with every holder paid in full once all is funded', () => {
    const must = (act: Act): void => void (state = perform(state, act));
    for (const [member, { isSuspended }] of state.members) if (isSuspended) must({ act: 'restore', member });
    must({ act: 'clock', to: state.now + 200 * DAY });
    const inForce = [...state.bills].filter(([, { stored }]) => stored === 'active');
    expect(inForce.length).toBeGreaterThan(0);
    for (const [bill, { acceptor, face, paidIn }] of inForce) {
      must({ act: 'deposit', by: settlement, to: acceptor, amount: face });
      if (paidIn < face) must({ act: 'fund', by: acceptor, bill, amount: face - paidIn });
      must({ act: 'distribute', bill });
      expect(state.bills.get(bill)).toMatchObject({ paidIn: face, paidOut: face });
      expect(state.bills.get(bill)!.parcels.every(({ paidUpTo }) => paidUpTo === face)).toBe(true);
    }
    expect([...state.lines.values()].filter(({ used }) => used !== 0n)).toEqual([]);
  });
});
