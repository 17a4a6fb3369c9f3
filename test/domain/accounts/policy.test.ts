import { describe, expect, it } from 'vitest';
import {
  ALL_KINDS,
  KIND_BITS,
  kindBits,
  kindsOf,
  LARGEST,
  levelsOf,
  missingOf,
  needOf,
  policyFault,
  type Policy,
} from '#domain/accounts/policy.ts';

const { pay, issue, own, other } = KIND_BITS;
const signer = (key: string, weight = 1, level = 0, validUntil = 0) => ({
  key,
  weight,
  level,
  validUntil,
  dayLimit: 0n,
});
const policy: Policy = {
  signers: [signer('0xaa', 1, 1), signer('0xbb', 1, 2), signer('0xcc', 2, 3), signer('0xdd', 1, 2, 100)],
  rules: [
    { kinds: pay, from: 0n, threshold: 1, levels: 0 },
    { kinds: pay | issue, from: 1_000n, threshold: 3, levels: 0b010 },
    { kinds: own, from: 0n, threshold: 1, levels: 0b100 },
  ],
  threshold: 2,
  adminThreshold: 4,
  changeDelay: 3_600,
};

describe('a firm’s policy', () => {
  it('asks of a batch for the most that its matching rules ask for', () => {
    expect(needOf(policy, { kinds: pay, amount: 999n })).toEqual({ weight: 1, levels: 0 });
    expect(needOf(policy, { kinds: pay, amount: 1_000n })).toEqual({ weight: 3, levels: 0b010 });
  });

  it('asks for the ordinary threshold where no rule matches', () => {
    expect(needOf(policy, { kinds: issue, amount: 999n })).toEqual({ weight: 2, levels: 0 });
    expect(needOf(policy, { kinds: pay | other, amount: 1n })).toEqual({ weight: 2, levels: 0 });
    expect(needOf(policy, { kinds: 0, amount: 0n })).toEqual({ weight: 2, levels: 0 });
  });

  it('asks for its own threshold, and for what rules add, in its own affairs', () => {
    expect(needOf(policy, { kinds: own, amount: 0n })).toEqual({ weight: 4, levels: 0b100 });
    expect(needOf(policy, { kinds: own | pay, amount: LARGEST })).toEqual({ weight: 4, levels: 0b110 });
  });

  it('says who is missing, and who would help', () => {
    const batch = { kinds: pay, amount: 1_000n };
    const missing = missingOf(policy, batch, ['0xCC'], 50);
    expect(missing).toMatchObject({ weight: 2, missingWeight: 1, missingLevels: [2], isEnough: false });
    expect(missing.helpful.map(({ key }) => key)).toEqual(['0xaa', '0xbb', '0xdd']);
    const level = missingOf(policy, batch, ['0xcc', '0xaa'], 50);
    expect(level).toMatchObject({ missingWeight: 0, missingLevels: [2], isEnough: false });
    expect(level.helpful.map(({ key }) => key)).toEqual(['0xbb', '0xdd']);
    expect(missingOf(policy, batch, ['0xcc', '0xdd'], 50).isEnough).toBe(true);
    expect(missingOf(policy, batch, ['0xcc', '0xdd'], 101)).toMatchObject({ weight: 2, isEnough: false });
    expect(missingOf(policy, batch, ['0xee'], 0).weight).toBe(0);
  });

  it('writes kinds and levels as bits, and reads them again', () => {
    expect(kindsOf(ALL_KINDS)).toEqual(Object.keys(KIND_BITS));
    expect(kindBits(kindsOf(ALL_KINDS))).toBe(ALL_KINDS);
    expect(levelsOf(0b1000_0101)).toEqual([1, 3, 8]);
  });

  it('has no fault when those who sign for good can act under it', () => {
    expect(policyFault(policy)).toBeUndefined();
  });

  const faults: [string, Partial<Policy>, string][] = [
    ['nobody', { signers: [] }, '1 to 20'],
    ['a signer twice', { signers: [...policy.signers, signer('0xAA')] }, 'twice'],
    ['too many rules', { rules: Array.from({ length: 9 }, () => policy.rules[0]!) }, 'at most 8'],
    ['too short a delay', { changeDelay: 3_599 }, 'hour'],
    ['too long a delay', { changeDelay: 30 * 86_400 + 1 }, '30 days'],
    ['a threshold of 0', { threshold: 0 }, '1 or more'],
    ['a threshold out of reach', { adminThreshold: 5 }, 'weigh 4'],
    ['a rule out of reach', { rules: [{ kinds: pay, from: 0n, threshold: 5, levels: 0 }] }, 'weigh 4'],
    ['a level of nobody', { rules: [{ kinds: pay, from: 0n, threshold: 1, levels: 0b1000 }] }, 'level 4'],
  ];
  it.each(faults)('is faulty with %s', (_, change, word) => {
    expect(policyFault({ ...policy, ...change })?.en).toContain(word);
  });
});
