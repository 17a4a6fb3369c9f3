import fc from 'fast-check';

/** The same cases on every machine. */
export const check = <Ts extends [unknown, ...unknown[]]>(property: fc.IProperty<Ts>, numRuns = 500): void =>
  fc.assert(property, { seed: 20260303, numRuns });

export const face = (max = (1n << 56n) - 1n): fc.Arbitrary<bigint> => fc.bigInt({ min: 1n, max });

/** A line [0, face) and its division into pieces. */
export const dividedLine = (
  max?: bigint,
): fc.Arbitrary<{ face: bigint; pieces: { first: bigint; end: bigint }[] }> =>
  face(max).chain((line) =>
    fc.array(fc.bigInt({ min: 0n, max: line }), { maxLength: 12 }).map((cuts) => {
      const ends = [...new Set([0n, ...cuts, line])].sort((a, b) => (a < b ? -1 : 1));
      return { face: line, pieces: ends.slice(1).map((end, i) => ({ first: ends[i]!, end })) };
    }),
  );
