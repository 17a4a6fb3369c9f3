import { describe, expect, it } from 'vitest';
import { colourOf, draw, holdersOf, type Piece } from '../../web/src/lib/bills/ribbon.ts';

const piece = (first: bigint, end: bigint, holder: number | null): Piece => ({
  id: String(first),
  first,
  end,
  holder,
  holderName: String(holder),
  state: 'held',
});

describe('the ribbon', () => {
  it('draws pieces side by side over the whole line', () => {
    const drawn = draw([piece(0n, 250n, 7), piece(250n, 1000n, 8)], 1000n, undefined);
    expect(drawn.map(({ left, width }) => [left, width])).toEqual([
      [0, 0.25],
      [0.25, 0.75],
    ]);
  });

  it('lets a cent of a billion be seen and still fills the line exactly once', () => {
    const drawn = draw([piece(0n, 1n, 7), piece(1n, 100_000_000_000n, 8)], 100_000_000_000n, undefined);
    expect(drawn[0]!.width).toBeGreaterThan(0.003);
    expect(drawn[0]!.width + drawn[1]!.width).toBeCloseTo(1, 12);
    expect(drawn[1]!.left).toBe(drawn[0]!.width);
  });

  it('gives the viewer the accent, others a colour each, and hides who may not be known', () => {
    const pieces = [piece(0n, 1n, 9), piece(1n, 2n, 5), piece(2n, 3n, 7), piece(3n, 4n, null)];
    const holders = holdersOf(pieces, 5);
    expect(holders).toEqual([7, 9]);
    expect(colourOf(5, 5, holders)).toBe('var(--color-accent)');
    expect(colourOf(7, 5, holders)).not.toBe(colourOf(9, 5, holders));
    expect(draw(pieces, 4n, 5)[3]!.isHidden).toBe(true);
  });
});
