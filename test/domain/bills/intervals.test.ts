import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  billNo,
  covers,
  cut,
  displayRange,
  formatId,
  isLocked,
  lengthOf,
  parcelId,
  parseBillNo,
  parseParcelId,
  parseRange,
  partsOfBillNo,
  partsOfParcelId,
  type Parcel,
} from '#domain/bills/intervals.ts';
import { check, dividedLine, face } from '../support/property.ts';

const parcel: Parcel = {
  first: 0n,
  end: 100n,
  holder: 1,
  offeredTo: 0,
  pledgee: 0,
  paidUpTo: 7n,
  offerUntil: 0,
  flags: 1,
};

describe('cut', () => {
  it('takes the piece from the right and leaves all else as it was', () => {
    expect(cut(parcel, 30n)).toEqual({ rest: { ...parcel, end: 70n }, piece: { ...parcel, first: 70n } });
  });

  it('takes the whole parcel for its whole length', () => {
    expect(cut(parcel, 100n)).toEqual({ rest: undefined, piece: parcel });
  });

  it('refuses nothing and too much', () => {
    expect(() => cut(parcel, 0n)).toThrow('AMOUNT_INVALID');
    expect(() => cut(parcel, 101n)).toThrow('AMOUNT_EXCEEDS_PARCEL');
  });

  it('conserves every cent', () => {
    const line = face().chain((end) =>
      fc.record({ end: fc.constant(end), amount: fc.bigInt({ min: 1n, max: end }) }),
    );
    check(
      fc.property(line, ({ end, amount }) => {
        const { rest, piece } = cut({ first: 0n, end }, amount);
        expect(lengthOf(piece)).toBe(amount);
        expect(covers(rest === undefined ? [piece] : [rest, piece], end)).toBe(true);
      }),
    );
  });
});

describe('covers', () => {
  it('holds for any division', () => {
    check(fc.property(dividedLine(), ({ face, pieces }) => covers(pieces, face)));
  });

  it.each([
    [
      'a gap',
      [
        [0n, 4n],
        [5n, 10n],
      ],
    ],
    [
      'an overlap',
      [
        [0n, 5n],
        [4n, 10n],
      ],
    ],
    [
      'an empty piece',
      [
        [0n, 5n],
        [5n, 5n],
        [5n, 10n],
      ],
    ],
    ['a short line', [[0n, 9n]]],
    ['a long line', [[0n, 11n]]],
    [
      'a wrong order',
      [
        [5n, 10n],
        [0n, 5n],
      ],
    ],
    ['nothing', []],
  ] as [string, [bigint, bigint][]][])('sees %s', (_what, pieces) => {
    expect(
      covers(
        pieces.map(([first, end]) => ({ first, end })),
        10n,
      ),
    ).toBe(false);
  });
});

describe('isLocked', () => {
  it('is true of parcels on offer, pledged or on hold, not of financed ones', () => {
    expect(isLocked(parcel)).toBe(false);
    expect(
      [{ offeredTo: 2 }, { pledgee: 2 }, { flags: 3 }].map((p) => isLocked({ ...parcel, ...p })),
    ).toEqual([true, true, true]);
  });
});

describe('ranges', () => {
  it('are shown 1-based and inclusive', () => {
    expect(displayRange({ first: 0n, end: 33_333_333n })).toBe('1-33333333');
    expect(parseRange('33333334-33333334')).toEqual({ first: 33_333_333n, end: 33_333_334n });
  });

  it.each(['0-5', '5-4', '5', 'a-b', '1-', '01-2', '1-2-3'])('refuses %j', (text) => {
    expect(() => parseRange(text)).toThrow('REQUEST_INVALID');
  });
});

describe('ids', () => {
  it('pack acceptor, serial and first cent', () => {
    expect(billNo(1, 2)).toBe((1n << 32n) | 2n);
    expect(parcelId(billNo(1, 2), 5n)).toBe((((1n << 32n) | 2n) << 64n) | 5n);
  });

  it('come back from their text', () => {
    const number = fc.nat(2 ** 32 - 1);
    check(
      fc.property(number, number, face(), (acceptor, serial, first) => {
        const no = billNo(acceptor, serial);
        const id = parcelId(no, first);
        expect(partsOfBillNo(parseBillNo(formatId(no)))).toEqual({ acceptor, serial });
        expect(partsOfParcelId(parseParcelId(formatId(id)))).toEqual({ billNo: no, first });
      }),
    );
  });

  it.each(['', '-1', '01', '1.0', '0x1', '18446744073709551616'])('refuses %j as a bill number', (text) => {
    expect(() => parseBillNo(text)).toThrow('REQUEST_INVALID');
  });

  it('refuses numbers that do not fit', () => {
    expect(() => billNo(2 ** 32, 0)).toThrow(RangeError);
    expect(() => billNo(1, -1)).toThrow(RangeError);
  });
});
