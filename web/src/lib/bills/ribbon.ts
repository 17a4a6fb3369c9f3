/** How a bill's line [0, F) is drawn: its pieces, whose they are, and the piece that an act would cut. */
import { shareOf } from '#web/format.ts';

export type Piece = {
  id: string;
  first: bigint;
  end: bigint;
  /** Member number; null when the viewer may not know. */
  holder: number | null;
  holderName: string;
  state: string;
};

export type Drawn = Piece & { left: number; width: number; colour: string; isHidden: boolean };

const COLOURS = 8;
/** The thinnest that a piece is drawn, as a share of the line: a cent of a million must still be seen. */
const THINNEST = 0.004;

/** Colours by holder: the viewer is accent, the others take the palette in the order of their numbers. */
export function colourOf(holder: number | null, me: number | undefined, holders: readonly number[]): string {
  if (holder === null) return 'var(--color-sunken)';
  if (holder === me) return 'var(--color-accent)';
  return `var(--color-piece-${(holders.indexOf(holder) % COLOURS) + 1})`;
}

export const holdersOf = (pieces: readonly Pick<Piece, 'holder'>[], me: number | undefined): number[] =>
  [...new Set(pieces.map((piece) => piece.holder))]
    .filter((holder): holder is number => holder !== null && holder !== me)
    .sort((a, b) => a - b);

/** Pieces in order with their place on the line in shares of 1: wide ones give up a little so that thin ones are seen. */
export function draw(
  pieces: readonly Piece[],
  face: bigint,
  me: number | undefined,
  holders: readonly number[] = holdersOf(pieces, me),
): Drawn[] {
  const widths = pieces.map(({ first, end }) => Math.max(THINNEST, shareOf(end - first, face)));
  const total = widths.reduce((sum, width) => sum + width, 0);
  let left = 0;
  return pieces.map((piece, index) => {
    const width = widths[index]! / total;
    const drawn = {
      ...piece,
      left,
      width,
      colour: colourOf(piece.holder, me, holders),
      isHidden: piece.holder === null,
    };
    left += width;
    return drawn;
  });
}
