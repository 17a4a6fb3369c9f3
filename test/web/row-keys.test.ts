import { describe, expect, it } from 'vitest';
import { RowKeys } from '#web/ui/row-keys.ts';

describe('the rows of a long table', () => {
  it('keep their entry while it is in view, and take another when it is not', () => {
    const keys = new RowKeys();
    const before = keys.of(['a', 'b', 'c', 'd'], true);
    expect(new Set(before).size).toBe(4);
    expect(keys.of(['c', 'd', 'e', 'f'], true)).toEqual([before[2], before[3], before[0], before[1]]);
  });

  it('are made anew under somebody’s hands', () => {
    const keys = new RowKeys();
    const before = keys.of(['a', 'b', 'c'], true);
    const after = keys.of(['b', 'c', 'd'], false);
    expect(after.slice(0, 2)).toEqual(before.slice(1));
    expect(before).not.toContain(after[2]);
  });
});
