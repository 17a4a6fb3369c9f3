import { describe, expect, it } from 'vitest';
import { KIND_BITS, kindBits, type Policy, type PolicySigner } from '#domain/accounts/policy.ts';
import { linesOf, lossOf, waysFor } from '#domain/accounts/ways.ts';

const signer = (key: string, terms: Partial<PolicySigner> = {}): PolicySigner => ({
  ...{ weight: 1, level: 0, validUntil: 0, dayLimit: 0n },
  ...terms,
  key,
});
const [a, b, c] = [signer('0xa'), signer('0xb'), signer('0xc')];
const policy = (given: Partial<Policy>): Policy => ({
  ...{ signers: [a, b, c], rules: [], threshold: 2, adminThreshold: 2, changeDelay: 86_400 },
  ...given,
});
const nobody = () => null;
const NOW = 1_000;

describe('who can do what under a policy', () => {
  it('is any two of three where two are asked for, and one person with two devices is one', () => {
    const batch = { kinds: KIND_BITS.pay, amount: 1n };
    expect(waysFor(policy({}), batch, nobody, NOW)).toEqual([
      ['0xa', '0xb'],
      ['0xa', '0xc'],
      ['0xb', '0xc'],
    ]);
    const twoOfOne = (key: string) => (key === '0xc' ? 'third' : 'first');
    expect(waysFor(policy({}), batch, twoOfOne, NOW)).toEqual([
      ['0xa', '0xc'],
      ['0xb', '0xc'],
    ]);
  });

  it('leaves out whose time is over, and says that nobody can', () => {
    const signers = [a, signer('0xb', { validUntil: NOW - 1 })];
    expect(waysFor(policy({ signers }), { kinds: KIND_BITS.pay, amount: 0n }, nobody, NOW)).toEqual([]);
  });

  it('is told in bands of amounts, kinds that ask for the same together, own affairs by themselves', () => {
    const rules = [
      { kinds: kindBits(['pay', 'cash']), from: 0n, threshold: 1, levels: 0 },
      { kinds: kindBits(['pay', 'cash']), from: 50n, threshold: 2, levels: 0 },
    ];
    const signers = [signer('0xa', { dayLimit: 70n }), signer('0xb', { dayLimit: 90n })];
    const lines = linesOf(policy({ signers, rules, adminThreshold: 1 }), nobody, NOW);
    const alone = [['0xa'], ['0xb']];
    const both = [['0xa', '0xb']];
    expect(lines.map(({ kinds, from, below, ways, cap }) => ({ kinds, from, below, ways, cap }))).toEqual([
      {
        kinds: ['issue', 'transfer', 'receive', 'finance', 'lines', 'membership', 'other'],
        ...{ from: 0n, below: undefined, ways: both, cap: 70n },
      },
      { kinds: ['pay', 'cash'], from: 0n, below: 50n, ways: alone, cap: 90n },
      { kinds: ['pay', 'cash'], from: 50n, below: undefined, ways: both, cap: 70n },
      { kinds: ['own'], from: 0n, below: undefined, ways: alone, cap: undefined },
    ]);
  });

  it('says what is lost with a device, and whether the others can replace it', () => {
    const signers = [a, b];
    const lost = (adminThreshold: number) =>
      lossOf(policy({ signers, adminThreshold }), (key) => key === '0xa', nobody, NOW);
    expect(lost(2).canReplace).toBe(false);
    expect(lost(1).canReplace).toBe(true);
    expect(lost(1).impossible).toContain('pay');
    const one = policy({ signers, threshold: 1, adminThreshold: 1 });
    expect(lossOf(one, (key) => key === '0xa', nobody, NOW)).toEqual({ impossible: [], canReplace: true });
  });

  it('asks for a level of each', () => {
    const signers = [signer('0xa', { level: 1 }), signer('0xb', { level: 1 }), signer('0xc', { level: 2 })];
    const rules = [{ kinds: KIND_BITS.pay, from: 0n, threshold: 2, levels: 3 }];
    expect(waysFor(policy({ signers, rules }), { kinds: KIND_BITS.pay, amount: 0n }, nobody, NOW)).toEqual([
      ['0xa', '0xc'],
      ['0xb', '0xc'],
    ]);
  });
});
