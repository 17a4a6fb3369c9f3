import { describe, expect, it } from 'vitest';
import { Names } from '#domain/imports/alike.ts';

const names = new Names([
  ['宏达五金有限公司', 1],
  ['Hongda Hardware Co., Ltd.', 1],
  ['立新包装材料股份有限公司', 2],
  ['云岭银行', 3],
  ['宏远五金制品有限公司', 4],
]);

describe('names that are most alike', () => {
  it.each([
    ['宏达五金', [1]],
    ['宏远五金厂', [4]],
    ['立新包装', [2]],
    ['HONGDA HARDWEAR LIMITED', [1]],
    ['天一化工有限公司', []],
    ['有限公司', []],
    ['', []],
  ])('to %s', (text, found) => expect(names.mostAlike(text, 3)).toEqual(found));

  it('are no more than are asked for, and one member comes once', () => {
    const two = new Names([
      ['宏达五金', 1],
      ['宏达五金（苏州）', 1],
      ['宏达五金二厂', 2],
    ]);
    expect(two.mostAlike('宏达五金', 3)).toEqual([1, 2]);
    expect(two.mostAlike('宏达五金', 1)).toEqual([1]);
  });
});
