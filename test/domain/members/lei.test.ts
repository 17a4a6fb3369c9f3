import { describe, expect, it } from 'vitest';
import { leiOf } from '#domain/members/lei.ts';

describe('an LEI', () => {
  // Published in the global index (GLEIF): Bloomberg Finance, Apple, Deutsche Bank, JPMorgan Chase, Jaguar Land Rover, BBC.
  it.each([
    '5493001KJTIIGC8Y1R12',
    'HWUPKR0MPOU8FGXBT394',
    '7LTWFZYICNSX8D621K86',
    '8I5DZWZKVSZI1NUHU748',
    '213800WSGIIZCXF1P572',
    '5493000IBP32UQZ0KL24',
  ])('of a firm that exists is right: %s', (lei) => {
    expect(leiOf(lei)).toEqual({ lei });
    expect(leiOf(` ${lei.slice(0, 4)} ${lei.slice(4).toLowerCase()} `)).toEqual({ lei });
  });

  // ISO 7064 MOD 97-10 promises this of digits among digits and of letters among letters.
  it('is wrong with any other sign of its kind in any place, and with two neighbours changed over', () => {
    const lei = '5493001KJTIIGC8Y1R12';
    const kinds = ['0123456789', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    for (let at = 0; at < lei.length; at += 1) {
      const kind = kinds.find((signs) => signs.includes(lei[at]!))!;
      for (const sign of kind) {
        if (sign !== lei[at])
          expect(leiOf(lei.slice(0, at) + sign + lei.slice(at + 1))).toHaveProperty('fault');
      }
      const [one, two] = [lei[at]!, lei[at + 1]];
      if (two !== undefined && one !== two && kind.includes(two))
        expect(leiOf(lei.slice(0, at) + two + one + lei.slice(at + 2))).toHaveProperty('fault');
    }
  });

  it.each(['', '5493001KJTIIGC8Y1R1', '5493001KJTIIGC8Y1R123', '5493001KJTIIGC8Y1RAB', '税号'])(
    'has a form: %j has none',
    (text) => expect(leiOf(text)).toHaveProperty('fault'),
  );
});
