import { describe, expect, it } from 'vitest';
import { DrawnRows, type Drawn } from '#web/ui/row-keys.ts';

const FREE = { change: true, move: true };
const SCROLLED = { change: true, move: false };
const IN_USE = { change: false, move: false };

/** The entries of a list of letters from one to another, by the row objects of one reading. */
const LETTERS = [...'abcdefgh'].map((id) => ({ id }));
const inView = (from: string, to: string) =>
  LETTERS.map((row, index) => ({ id: row.id, row, index, top: index * 37 })).filter(
    ({ id }) => id >= from && id <= to,
  );
const shown = (rows: readonly Drawn<unknown>[]) => rows.map(({ id }) => id).join('');
const keyOf = (rows: readonly Drawn<unknown>[], wanted: string) => rows.find(({ id }) => id === wanted)!.key;

describe('the rows of a long table', () => {
  it('stay where they are while it is scrolled, and get in order when it rests', () => {
    const rows = new DrawnRows();
    const before = rows.of(inView('a', 'd'), FREE);
    const scrolled = rows.of(inView('c', 'f'), SCROLLED);
    expect(shown(scrolled)).toBe('efcd');
    expect(scrolled.map(({ key }) => key)).toEqual(before.map(({ key }) => key));
    expect(scrolled[2]).toBe(before[2]); // the same object: nothing of it is drawn again
    expect(shown(rows.of(inView('c', 'f'), FREE))).toBe('cdef');
  });

  it('are made anew under somebody’s hands, where they belong', () => {
    const rows = new DrawnRows();
    const before = rows.of(inView('b', 'd'), FREE);
    const down = rows.of(inView('c', 'f'), IN_USE);
    expect(shown(down)).toBe('cdef');
    expect(keyOf(down, 'c')).toBe(keyOf(before, 'c'));
    expect(before.map(({ key }) => key)).not.toContain(keyOf(down, 'e'));
    expect(shown(rows.of(inView('a', 'd'), IN_USE))).toBe('abcd');
  });

  it('show an entry again that was read anew', () => {
    const rows = new DrawnRows();
    const before = rows.of(inView('a', 'b'), FREE);
    const [again] = rows.of(
      inView('a', 'b').map((entry) => ({ ...entry, row: { ...entry.row } })),
      FREE,
    );
    expect(again).not.toBe(before[0]);
    expect(again!.key).toBe(before[0]!.key);
  });

  it('leave when fewer are in view', () => {
    const rows = new DrawnRows();
    rows.of(inView('a', 'f'), FREE);
    expect(shown(rows.of(inView('e', 'g'), SCROLLED))).toBe('gef');
  });
});
