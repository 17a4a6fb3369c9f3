import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { derivedTable } from '#scripts/scenario/table.ts';

describe('docs/scenarios.md', () => {
  it('has the acts that follow from instructions as their definitions have them', () => {
    expect(readFileSync('docs/scenarios.md', 'utf8')).toContain(derivedTable());
  });
});
