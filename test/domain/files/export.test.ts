import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvOf, neutralise } from '#domain/files/export.ts';

describe('neutralise', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['=HYPERLINK("http://x","y")', '\'=HYPERLINK("http://x","y")'],
    ['+86 10 1234', "'+86 10 1234"],
    ['-2+3+cmd|/c calc', "'-2+3+cmd|/c calc"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['＝1+1', "'＝1+1"],
    ['  =1+1', "'  =1+1"],
    ['\u200b=1+1', "'\u200b=1+1"],
    ['\t=1+1', "'\t=1+1"],
    ['\rplain', "'\rplain"],
  ])('takes the danger out of %j', (cell, safe) => expect(neutralise(cell)).toBe(safe));

  it.each(['', '-12.50', '+3', '-1,234.56', '-3.5%', '宏达五金', 'a=b', "O'Neill", '2026-06-30', '¥-5.00'])(
    'leaves %j as it is',
    (cell) => expect(neutralise(cell)).toBe(cell),
  );
});

describe('csvOf', () => {
  it('can be read back to the very cells, neutralised', () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', '=', '-', '"', ',', ';', '\n', '\r', '\t', "'", '宏'),
    });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (rows) => {
        const read = parse(csvOf(rows), { bom: true, relax_column_count: true, record_delimiter: '\r\n' });
        expect(read).toEqual(rows.map((cells) => cells.map(neutralise)));
      }),
      { seed: 31 },
    );
  });
});
