import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billNumber } from '#domain/bills/bill-number.ts';
import { readBillNumber } from '#domain/bills/typed-bill-number.ts';
import { billNo } from '#domain/bills/intervals.ts';
import { check } from '../support/property.ts';

const { numbers } = JSON.parse(
  readFileSync(new URL('../../vectors/bill-numbers.json', import.meta.url), 'utf8'),
) as { numbers: { billNo: string; number: string }[] };
const bits32 = fc.integer({ min: 1, max: 2 ** 32 - 1 });

describe('the number of a bill as people read it', () => {
  it.each(numbers)('writes $billNo as $number, and reads it back', ({ billNo, number }) => {
    expect(billNumber(BigInt(billNo))).toBe(number);
    expect(readBillNumber(number)).toBe(BigInt(billNo));
    expect(readBillNumber(billNo)).toBe(BigInt(billNo));
  });

  it('reads what it writes', () => {
    check(
      fc.property(bits32, bits32, (acceptor, serial) => {
        const no = billNo(acceptor, serial);
        expect(readBillNumber(billNumber(no))).toBe(no);
      }),
    );
  });

  it('finds one digit that was misheard, and two neighbours that changed places', () => {
    check(
      fc.property(bits32, bits32, fc.nat(), fc.integer({ min: 1, max: 9 }), (acceptor, serial, at, by) => {
        const said = [...billNumber(billNo(acceptor, serial))];
        const digits = said.flatMap((char, index) => (char === '-' ? [] : [index]));
        const place = digits[at % digits.length]!;
        const wrong = [...said];
        wrong[place] = String((Number(said[place]) + by) % 10);
        const read = readBillNumber(wrong.join(''));
        expect(read === 'misread' || read === undefined, wrong.join('')).toBe(true);

        const next = digits[(at % digits.length) + 1];
        if (next === undefined || said[place] === said[next]) return;
        const turned = [...said];
        [turned[place], turned[next]] = [said[next]!, said[place]!];
        const other = readBillNumber(turned.join(''));
        expect(other === 'misread' || other === undefined, turned.join('')).toBe(true);
      }),
    );
  });

  it.each(['3-0017-X', '3 0017 X', '3/17', '3-17', '3‐0017–X', '３－００１７－X', '30017X', ' 3-0017 '])(
    'understands %s',
    (typed) => {
      const digit = billNumber(billNo(3, 17)).at(-1)!;
      expect(readBillNumber(typed.replace('X', digit))).toBe(billNo(3, 17));
    },
  );

  it.each([
    '',
    'abc',
    '宏达五金',
    '0-0017-1',
    '2026-11-30',
    '3-',
    '3-0017-12',
    '4294967296/1',
    '123457',
    '-3',
    '1e9',
  ])('does not take %s for one', (typed) => expect(readBillNumber(typed)).toBeUndefined());
});
