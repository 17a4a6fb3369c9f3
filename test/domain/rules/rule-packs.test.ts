import { describe, expect, it } from 'vitest';
import { parseLegalDate } from '#domain/dates.ts';
import { packHash, packInForce, RULE_PACKS } from '#domain/rules/rule-packs.ts';

describe('rule packs', () => {
  it('rule each kind without gap or overlap from their first day on', () => {
    for (const kind of ['CERTIFICATE', 'DRAFT', 'LC_CLAIM'] as const) {
      const packs = RULE_PACKS.filter((pack) => pack.kind === kind);
      packs.slice(1).forEach((pack, i) => expect(pack.effectiveFrom).toBe(packs[i]!.effectiveTo));
      expect(packs.at(-1)!.effectiveTo).toBeNull();
    }
  });

  it('cut the tenor of certificates from twelve months to six', () => {
    const tenorOn = (date: string) => packInForce('CERTIFICATE', parseLegalDate(date))?.tenorMonths;
    expect(['2013-01-02', '2025-06-14', '2025-06-15', '2026-03-03'].map(tenorOn)).toEqual([12, 12, 6, 6]);
    expect(packInForce('DRAFT', parseLegalDate('2022-12-31'))).toBeUndefined();
  });

  it('fit the fields of the chain and say where they come from', () => {
    for (const pack of RULE_PACKS) {
      expect(pack.maxSplits).toBeLessThan(2 ** 16);
      expect(pack.tenorMonths).toBeLessThan(2 ** 8);
      expect(pack.citation.zh && pack.citation.en).not.toBe('');
    }
    expect(new Set(RULE_PACKS.map(({ id }) => id)).size).toBe(RULE_PACKS.length);
  });

  it('are hashed by their canonical JSON', () => {
    const text = packHash(RULE_PACKS[0]!, (bytes) => new TextDecoder().decode(bytes));
    expect(JSON.parse(text)).toEqual(RULE_PACKS[0]);
    expect(text.startsWith('{"citation":{"en":')).toBe(true);
  });
});
