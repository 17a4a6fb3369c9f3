import { describe, expect, it } from 'vitest';
import { counted, missingOfPeople, type SignedBy } from '#domain/accounts/people.ts';
import { ALL_KINDS, KIND_BITS, type PolicySigner } from '#domain/accounts/policy.ts';

const signer = (key: string, weight: number, level = 0, validUntil = 0): PolicySigner => ({
  key,
  weight,
  level,
  validUntil,
  dayLimit: 0n,
});
const policy = {
  signers: [
    signer('0xa1', 1, 1),
    signer('0xA2', 2),
    signer('0xb1', 1, 2),
    signer('0xc0', 1),
    signer('0xd0', 3, 0, 9),
  ],
  rules: [{ kinds: ALL_KINDS, from: 1_000n, threshold: 2, levels: 0b11 }],
  threshold: 3,
  adminThreshold: 3,
};
const person: Record<string, string> = { '0xa1': 'a', '0xA2': 'a', '0xb1': 'b' };
const by = (...signers: string[]): SignedBy[] =>
  signers.map((each) => ({ signer: each, person: person[each] ?? null }));
const SMALL = { kinds: KIND_BITS.transfer, amount: 999n };
const LARGE = { kinds: KIND_BITS.transfer, amount: 1_000n };
const missing = (batch: typeof SMALL, ...signers: string[]) => {
  const found = missingOfPeople(policy, batch, by(...signers), 10, (key) => person[key] ?? null);
  return [found.missingWeight, found.missingLevels, found.helpful.map(({ key }) => key)];
};

describe('what is missing', () => {
  it('is all of it at first, and whoever may sign now helps', () => {
    expect(missing(SMALL)).toEqual([3, [], ['0xa1', '0xA2', '0xb1', '0xc0']]);
  });

  it('is less by the heaviest device of each person', () => {
    expect(missing(SMALL, '0xa1')).toEqual([2, [], ['0xA2', '0xb1', '0xc0']]);
    expect(missing(SMALL, '0xa1', '0xA2')).toEqual([1, [], ['0xb1', '0xc0']]);
    expect(missing(SMALL, '0xa1', '0xb1')).toEqual([1, [], ['0xA2', '0xc0']]);
  });

  it('is nothing once it is enough', () => {
    expect(missing(SMALL, '0xA2', '0xb1')).toEqual([0, [], []]);
  });

  it('is a level where a rule asks for one', () => {
    expect(missing(LARGE, '0xa1', '0xc0')).toEqual([0, [2], ['0xb1']]);
    expect(missing(LARGE, '0xa1', '0xb1')).toEqual([0, [], []]);
  });

  it('counts a key that is nobody’s by itself; one that the account lacks or whose time is over not at all', () => {
    expect(missing(SMALL, '0xa1', '0xb1', '0xc0')[0]).toBe(0);
    expect(missing(SMALL, '0xee', '0xd0')).toEqual(missing(SMALL));
    expect(counted(policy, by('0xee', '0xa1', '0xA2'), 10)).toEqual(by('0xA2'));
  });
});
