import { describe, expect, it } from 'vitest';
import { counted, missingOf, type SignedBy } from '#domain/accounts/missing.ts';

const policy = {
  signers: [
    { id: '0xa1', weight: 1 },
    { id: '0xA2', weight: 2 },
    { id: '0xb1', weight: 1 },
    { id: '0xc0', weight: 1 },
  ],
  threshold: 3,
};
const person: Record<string, string> = { '0xa1': 'a', '0xA2': 'a', '0xb1': 'b' };
const by = (...signers: string[]): SignedBy[] =>
  signers.map((signer) => ({ signer, person: person[signer] ?? null }));
const missing = (...signers: string[]) => missingOf(policy, by(...signers), (id) => person[id] ?? null);

describe('what is missing', () => {
  it('is all of it at first, and whoever signs helps', () => {
    expect(missing()).toEqual({ weight: 3, signers: ['0xa1', '0xA2', '0xb1', '0xc0'] });
  });

  it('is less by the heaviest device of each person', () => {
    expect(missing('0xa1')).toEqual({ weight: 2, signers: ['0xA2', '0xb1', '0xc0'] });
    expect(missing('0xa1', '0xA2')).toEqual({ weight: 1, signers: ['0xb1', '0xc0'] });
    expect(missing('0xa1', '0xb1')).toEqual({ weight: 1, signers: ['0xA2', '0xc0'] });
  });

  it('is nothing once it is enough', () => {
    expect(missing('0xA2', '0xb1')).toEqual({ weight: 0, signers: [] });
  });

  it('counts a key that is nobody’s by itself, and whoever the account no longer has not at all', () => {
    expect(missing('0xa1', '0xb1', '0xc0').weight).toBe(0);
    expect(missing('0xdd')).toEqual(missing());
    expect(counted(policy, by('0xdd', '0xa1', '0xA2'))).toEqual(by('0xA2'));
  });
});
