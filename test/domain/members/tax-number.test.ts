import { describe, expect, it } from 'vitest';
import { taxNumberOf, type TaxNumberKind } from '#domain/members/tax-number.ts';
import { FIRMS } from '#scripts/demo/firms.ts';

const isRight = (text: string, kind?: TaxNumberKind) => 'number' in taxNumberOf(text, kind);

describe('a tax number', () => {
  // Published by the firms themselves and used to explain the standard: Alibaba, Tencent, Huawei, Baidu.
  it.each(['91330100799655058B', '9144030071526726XG', '914403001922038216', '91110000802100433B'])(
    'of a firm that exists is right: %s',
    (number) => {
      expect(taxNumberOf(number)).toEqual({ number });
      expect(taxNumberOf(` ${number.slice(0, 8)} ${number.slice(8).toLowerCase()}`)).toEqual({ number });
    },
  );

  it('is wrong with any other sign in any place', () => {
    const number = '91330100799655058B';
    for (let at = 0; at < number.length; at += 1) {
      for (const sign of '0123456789ABCDEFGHJKLMNPQRTUWXY') {
        if (sign !== number[at])
          expect(isRight(number.slice(0, at) + sign + number.slice(at + 1))).toBe(false);
      }
    }
  });

  it.each(['', '9133010079965505', '91330100799655058BB', '9I330100799655058B', '税号', 'TAX-1'])(
    'has the form of its kind: %j has none',
    (text) => expect(isRight(text)).toBe(false),
  );

  it('of an older kind or of another country says so', () => {
    expect(isRight('440301715267260', 'old')).toBe(false);
    expect(isRight('44030171526726X', 'old')).toBe(true); // with the organisation's code 71526726-X
    expect(isRight('11010519491231002X', 'old')).toBe(true); // the example of GB 11643
    expect(isRight('110105194912310021', 'old')).toBe(false);
    expect(isRight('11010519491231002X01', 'old')).toBe(true);
    expect(isRight('44030171526726X')).toBe(false);
    expect(isRight('DE123456789', 'foreign')).toBe(true);
    expect(isRight('123456789', 'foreign')).toBe(false);
    expect(isRight('DE123456789')).toBe(false);
  });

  it('of each firm of the demonstration is right', () => {
    for (const { taxId } of Object.values(FIRMS)) expect(taxNumberOf(taxId)).toEqual({ number: taxId });
  });
});
