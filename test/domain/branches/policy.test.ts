import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ALL_KINDS,
  KIND_BITS,
  LARGEST,
  levelsOf,
  needOf,
  policyFault,
  type Policy,
} from '#domain/accounts/policy.ts';
import { BRANCH_KINDS, withBranch } from '#domain/branches/policy.ts';

const KEYS = ['0xa1', '0xb2', '0xc3', '0xd4'];
const BRANCH = { key: '0xBRANCH', dayLimit: 500n };
const branchKey = BRANCH.key.toLowerCase();

const policies: fc.Arbitrary<Policy> = fc
  .record({
    weights: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
    level: fc.integer({ min: 0, max: 2 }),
    rules: fc.array(
      fc.record({
        kinds: fc.integer({ min: 1, max: ALL_KINDS }),
        from: fc.constantFrom(0n, 100n),
        threshold: fc.integer({ min: 1, max: 5 }),
        levels: fc.constantFrom(0, 1, 3),
      }),
      { maxLength: 3 },
    ),
    threshold: fc.integer({ min: 1, max: 6 }),
    adminThreshold: fc.integer({ min: 1, max: 6 }),
  })
  .map(({ weights, level, ...rest }) => ({
    ...rest,
    signers: weights.map((weight, n) => ({
      key: KEYS[n]!,
      weight,
      level: Math.min(n, level),
      validUntil: 0,
      dayLimit: 0n,
    })),
    changeDelay: 86_400,
  }))
  .filter((policy) => policyFault(policy) === undefined);
const batches = fc.record({
  kinds: fc.integer({ min: 1, max: ALL_KINDS }),
  amount: fc.constantFrom(0n, 99n, 100n, LARGEST),
});

const isEnough = (policy: Policy, batch: { kinds: number; amount: bigint }, keys: readonly string[]) => {
  const need = needOf(policy, batch);
  const those = policy.signers.filter(({ key }) => keys.includes(key));
  const levels = new Set(those.map(({ level }) => level));
  return (
    those.reduce((sum, { weight }) => sum + weight, 0) >= need.weight &&
    levelsOf(need.levels).every((level) => levels.has(level))
  );
};

describe('a policy with a branch', () => {
  it('lets whoever could act before act, and nobody else of the head office', () => {
    fc.assert(
      fc.property(policies, batches, fc.subarray(KEYS), (policy, batch, keys) => {
        const after = withBranch(policy, BRANCH);
        fc.pre(after !== undefined);
        const isOrdinary = (batch.kinds & ~BRANCH_KINDS) === 0;
        const highest = Math.max(...policy.signers.map(({ level }) => level));
        const isThere = policy.signers.some(({ key, level }) => keys.includes(key) && level === highest);
        // For the account's own affairs it takes as much as for all else from then on, and somebody of the highest level.
        const before = { ...policy, adminThreshold: Math.max(policy.adminThreshold, policy.threshold) };
        expect(isEnough(after, batch, keys)).toBe(isEnough(before, batch, keys) && (isOrdinary || isThere));
      }),
    );
  });

  it('lets the branch alone do ordinary business', () => {
    const plain: Policy = {
      signers: ['0xa1', '0xb2'].map((key) => ({ key, weight: 1, level: 0, validUntil: 0, dayLimit: 0n })),
      rules: [],
      threshold: 2,
      adminThreshold: 2,
      changeDelay: 86_400,
    };
    const after = withBranch(plain, BRANCH)!;
    expect(policyFault(after)).toBeUndefined();
    for (const kind of ['issue', 'transfer', 'receive', 'finance', 'pay', 'cash'] as const)
      expect(isEnough(after, { kinds: KIND_BITS[kind], amount: LARGEST }, [branchKey])).toBe(true);
  });

  it('never lets branches do more, be they together', () => {
    fc.assert(
      fc.property(policies, batches, (policy, batch) => {
        fc.pre((batch.kinds & ~BRANCH_KINDS) !== 0);
        const others = ['0xe1', '0xe2', '0xe3'].map((key) => ({ key, dayLimit: 1n }));
        const after = others.reduce<Policy | undefined>(
          (found, each) => found && withBranch(found, each),
          policy,
        );
        fc.pre(after !== undefined);
        const branches = others.map(({ key }) => key);
        expect(isEnough(after, batch, branches)).toBe(false);
      }),
    );
  });

  it('is sound if it was before', () => {
    fc.assert(
      fc.property(policies, (policy) => {
        const after = withBranch(policy, BRANCH);
        fc.pre(after !== undefined);
        expect(policyFault({ ...after, rules: after.rules.slice(0, 8) })).toBeUndefined();
      }),
    );
  });

  it('is doubled once, however many branches there are', () => {
    fc.assert(
      fc.property(policies, (policy) => {
        const one = withBranch(policy, BRANCH);
        fc.pre(one !== undefined);
        const two = withBranch(one, { key: '0xother', dayLimit: 7n })!;
        expect({ ...two, signers: two.signers.slice(0, -1) }).toEqual(one);
        expect(two.signers.at(-1)).toMatchObject({ key: '0xother', dayLimit: 7n, weight: one.threshold - 1 });
      }),
    );
  });
});
