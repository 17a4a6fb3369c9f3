import { describe, expect, it } from 'vitest';
import { FileRefused, readTable } from '#domain/import/table.ts';

const limits = { bytes: 10_000, rows: 100 };
const bytes = (text: string) => new TextEncoder().encode(text);
const cells = (text: string) => readTable(text, limits).rows.map((row) => row.cells);

function reasonOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof FileRefused) return error.reason;
    throw error;
  }
  return 'none';
}

describe('readTable', () => {
  it('reads bytes with and without BOM', () => {
    expect(readTable(bytes('供应商,金额\n宏达,1'), limits).rows[1]!.cells).toEqual(['宏达', '1']);
    expect(readTable(bytes('\ufeff供应商,金额\n宏达,1'), limits).rows[0]!.cells).toEqual(['供应商', '金额']);
  });

  it.each([
    [',', 'a,b,c\n1,"2,5",3'],
    [';', 'a;b;c\n1;2,5;3\n4;5,5;6'],
    ['\t', 'a\tb\tc\n1\t2,5\t3'],
  ])('finds the delimiter %j', (delimiter, text) => {
    const table = readTable(text, limits);
    expect(table.delimiter).toBe(delimiter);
    expect(table.rows[1]!.cells).toEqual(['1', '2,5', '3']);
  });

  it('takes the delimiter that the user names', () => {
    expect(readTable('a,b;c', limits, ';').rows[0]!.cells).toEqual(['a,b', 'c']);
  });

  it('counts rows as a spreadsheet does, over blank ones and cells of several lines', () => {
    const { rows } = readTable('a,b\r\n\r\n1,"x\r\ny"\r\n , \r\n3,4\r\n', limits);
    expect(rows).toEqual([
      { row: 1, cells: ['a', 'b'] },
      { row: 3, cells: ['1', 'x y'] },
      { row: 5, cells: ['3', '4'] },
    ]);
  });

  it('takes full-width characters and odd blanks for plain ones', () => {
    expect(cells('a,b\n\u3000１２３．５０ ,￥\u00a05')).toEqual([
      ['a', 'b'],
      ['123.50', '¥ 5'],
    ]);
  });

  it('lives with quotation marks in the middle of a value', () => {
    expect(cells('a,b\n5" pipe,1')).toEqual([
      ['a', 'b'],
      ['5" pipe', '1'],
    ]);
  });

  it('refuses what is not a table of text, with a reason', () => {
    expect(reasonOf(() => readTable('', limits))).toBe('FILE_EMPTY');
    expect(reasonOf(() => readTable('\n , \n', limits))).toBe('FILE_EMPTY');
    expect(reasonOf(() => readTable(bytes('PK\u0003\u0004'), limits))).toBe('FILE_NOT_TEXT');
    expect(reasonOf(() => readTable(new Uint8Array([0xb9, 0xa9, 0xd3, 0xa6]), limits))).toBe('FILE_NOT_UTF8');
    expect(reasonOf(() => readTable('a,b\n1,"x', limits))).toBe('FILE_QUOTES');
  });

  it('refuses more than the bounds allow and takes exactly that', () => {
    const lines = (count: number) => Array.from({ length: count }, (_, i) => `${i},x`).join('\n');
    expect(readTable(lines(100), limits).rows).toHaveLength(100);
    expect(reasonOf(() => readTable(lines(101), limits))).toBe('FILE_TOO_MANY_ROWS');
    expect(reasonOf(() => readTable('x'.repeat(10_001), limits))).toBe('FILE_TOO_LARGE');
    expect(reasonOf(() => readTable(new Uint8Array(10_001), limits))).toBe('FILE_TOO_LARGE');
  });
});
