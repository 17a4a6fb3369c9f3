import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { owed, payout, roundHalfUp, share } from '#domain/rounding.ts';
import { check, dividedLine } from './support/property.ts';
import { vectors } from './support/vectors.ts';

type Strings<Names extends string> = Record<Names, string>;
const rounding = vectors<{
  roundHalfUp: Strings<'numerator' | 'denominator' | 'result'>[];
  share: Strings<'total' | 'start' | 'end' | 'n' | 'result'>[];
}>('rounding');
const owing = vectors<{
  owed: Strings<'first' | 'end' | 'paidIn' | 'face' | 'paidUpTo' | 'owed'>[];
  payout: Strings<'first' | 'end' | 'paidIn' | 'face' | 'paidUpTo' | 'available' | 'amount' | 'upTo'>[];
}>('owed');

const sum = (amounts: bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

describe('roundHalfUp', () => {
  it.each(rounding.roundHalfUp)(
    '$numerator / $denominator is $result',
    ({ numerator, denominator, result }) => {
      expect(roundHalfUp(BigInt(numerator), BigInt(denominator))).toBe(BigInt(result));
    },
  );

  it('refuses what it is not made for', () => {
    expect(() => roundHalfUp(-1n, 2n)).toThrow(RangeError);
    expect(() => roundHalfUp(1n, 0n)).toThrow(RangeError);
  });
});

describe('share', () => {
  it.each(rounding.share)(
    '[$start, $end) of $n gets $result of $total',
    ({ total, start, end, n, result }) => {
      expect(share(BigInt(total), BigInt(start), BigInt(end), BigInt(n))).toBe(BigInt(result));
    },
  );

  it('sums to the total over any division', () => {
    check(
      fc.property(dividedLine(), fc.bigInt({ min: 0n, max: 1n << 56n }), ({ face, pieces }, total) => {
        expect(sum(pieces.map(({ first, end }) => share(total, first, end, face)))).toBe(total);
      }),
    );
  });

  it('refuses what is no part of anything', () => {
    expect(() => share(1n, 2n, 1n, 3n)).toThrow(RangeError);
    expect(() => share(1n, 0n, 0n, 0n)).toThrow(RangeError);
  });
});

describe('owed', () => {
  it.each(owing.owed)('[$first, $end) of $face, $paidIn in, paid at $paidUpTo: $owed', (v) => {
    const [first, end, paidIn, face, paidUpTo] = [v.first, v.end, v.paidIn, v.face, v.paidUpTo].map(BigInt);
    expect(owed(first!, end!, paidIn!, face!, paidUpTo!)).toBe(BigInt(v.owed));
  });

  it('sums to what came in over any division', () => {
    check(
      fc.property(dividedLine(), fc.nat(1_000_000), ({ face, pieces }, permille) => {
        const paidIn = (face * BigInt(permille)) / 1_000_000n;
        expect(sum(pieces.map(({ first, end }) => owed(first, end, paidIn, face, 0n)))).toBe(paidIn);
      }),
    );
  });
});

describe('payout', () => {
  it.each(owing.payout)('[$first, $end) of $face, $paidIn in, $available there: $amount', (v) => {
    const piece = { first: BigInt(v.first), end: BigInt(v.end), paidUpTo: BigInt(v.paidUpTo) };
    expect(payout(piece, BigInt(v.paidIn), BigInt(v.face), BigInt(v.available))).toEqual({
      amount: BigInt(v.amount),
      paidUpTo: BigInt(v.upTo),
    });
  });

  it('never pays more than came in, and the last payment pays every piece its length', () => {
    const payments = fc.array(fc.bigInt({ min: 1n, max: 60n }), { minLength: 1, maxLength: 12 });
    check(
      fc.property(
        dividedLine(600n),
        payments,
        fc.infiniteStream(fc.nat()),
        ({ face, pieces }, amounts, order) => {
          let [paidIn, paidOut] = [0n, 0n];
          let parcels = pieces.map((piece) => ({ ...piece, paidUpTo: 0n, got: 0n }));
          for (const amount of [...amounts, face]) {
            paidIn = paidIn + amount > face ? face : paidIn + amount;
            parcels = parcels
              .map((parcel) => ({ parcel, rank: order.next().value }))
              .sort((a, b) => a.rank - b.rank)
              .map(({ parcel }) => {
                const paid = payout(parcel, paidIn, face, paidIn - paidOut);
                paidOut += paid.amount;
                expect(paidOut).toBeLessThanOrEqual(paidIn);
                return { ...parcel, paidUpTo: paid.paidUpTo, got: parcel.got + paid.amount };
              })
              .flatMap((parcel) => splitOnce(parcel, face, order.next().value));
          }
          expect(paidOut).toBe(face);
          expect(parcels.every((p) => p.paidUpTo === face && p.got === p.end - p.first)).toBe(true);
        },
      ),
      2_000,
    );
  });
});

type Paid = { first: bigint; end: bigint; paidUpTo: bigint; got: bigint };

/** Cuts a piece in two, now and then; what each half has got is its share at the remembered sum. */
function splitOnce(parcel: Paid, face: bigint, seed: number): Paid[] {
  const at = parcel.first + (BigInt(seed) % (parcel.end - parcel.first));
  if (seed % 3 !== 0 || at === parcel.first) return [parcel];
  const halves = [
    { ...parcel, end: at },
    { ...parcel, first: at },
  ].map((half) => ({ ...half, got: share(half.paidUpTo, half.first, half.end, face) }));
  expect(sum(halves.map(({ got }) => got))).toBe(parcel.got);
  return halves;
}
