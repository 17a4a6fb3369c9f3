import { writeXlsx } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import { invoiceId } from '#chain/typed-data.ts';
import { invoiceHasher } from '#api/imports/invoice-ids.ts';
import { LIMITS } from '#api/imports/files/limits.ts';
import { numberText } from '#api/imports/files/xlsx.ts';
import { errorsOf, readAll, refusalOf } from './support.ts';

const HEADER = '供应商,发票号码,到期日,金额';
const csv = (...rows: string[]) => [HEADER, ...rows].join('\r\n');
const amounts = (file: Awaited<ReturnType<typeof readAll>>) =>
  file.rows.map((row) => ('values' in row ? row.values.amount : undefined));

const utf16 = (text: string, isBig: boolean) => {
  const bytes = Buffer.from(text, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};
/** 供应商,发票号码,到期日,金额 and 宏达五金,1,2026-06-30,5.00 */
const GB18030 = Buffer.from(
  'b9a9d3a6c9cc2cb7a2c6b1bac5c2eb2cb5bdc6dac8d52cbdf0b6ee0abaeab4efcee5bdf02c312c323032362d30362d33302c352e30300a',
  'hex',
);

describe('text', () => {
  const text = csv('宏达五金,1,2026-06-30,5.00');

  it.each([
    ['UTF-8', Buffer.from(text), 'utf-8'],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`), 'utf-8'],
    ['UTF-16 with a byte order mark', utf16(`\ufeff${text}`, false), 'utf-16le'],
    ['UTF-16, big end first, with a byte order mark', utf16(`\ufeff${text}`, true), 'utf-16be'],
    ['UTF-16 without', utf16(text, false), 'utf-16le'],
    ['GB18030', GB18030, 'gb18030'],
  ])('is read in %s', async (_, bytes, encoding) => {
    const file = await readAll(bytes);
    expect([file.encoding, file.questions, amounts(file)]).toEqual([encoding, [], [500n]]);
  });

  it('asks which encoding it is where only a reader can tell', async () => {
    const bytes = Buffer.from('supplier,invoice no,due date,amount\nM\u00fcller,1,2026-06-30,5.00', 'latin1');
    const open = await readAll(bytes);
    expect(open.questions).toMatchObject([{ kind: 'encoding', choices: ['gb18030', 'windows-1252'] }]);
    expect(open.questions[0]!.message.en).toContain('Müller');
    expect(open.rows).toEqual([]);
    const told = await readAll(
      bytes,
      { encoding: 'windows-1252' },
      { resolveSupplier: (name) => (name === 'Müller' ? [1] : []) },
    );
    expect([told.questions, amounts(told)]).toEqual([[], [500n]]);
  });

  it('says so when the stated encoding is not the right one', async () => {
    expect(await refusalOf(GB18030, { encoding: 'utf-8' })).toBe('FILE_ENCODING');
  });

  it.each([
    [',', `${HEADER}\n宏达五金,1,2026-06-30,"5,00"`],
    [';', '供应商;发票号码;到期日;金额\n宏达五金;1;30.06.2026;5,00\n宏达五金;2;30.06.2026;1.005,00'],
    ['\t', '供应商\t发票号码\t到期日\t金额\n宏达五金\t1\t2026-06-30\t5,00'],
  ])('finds the delimiter %j', async (_, content) => {
    expect(amounts(await readAll(content))[0]).toBe(500n);
  });

  it('reads line breaks in quotes, groups of thousands, full-width digits, and both signs of the yuan', async () => {
    const file = await readAll(
      csv(
        '"宏达\n五金",1,2026-06-30,"1,234.50"',
        '宏达五金,2,２０２６-０６-３０,"１，２３４．５０"',
        '宏达五金,3,2026-06-30,"￥1,234.50"',
        '宏达五金,4,2026-06-30,"¥1,234.50"',
        '宏达五金,="00005",2026-06-30,"1,234.50元"',
      ),
      {},
      { resolveSupplier: (name) => (/^宏达 ?五金$/.test(name) ? [1] : []) },
    );
    expect(amounts(file)).toEqual(Array.from({ length: 5 }, () => 123_450n));
    expect(file.rows.at(-1)).toMatchObject({ row: 6, values: { invoiceNumber: '00005' } });
  });

  it('counts rows as a spreadsheet does, over blank ones and cells of several lines', async () => {
    const file = await readAll(
      `${HEADER}\r\n\r\n"宏达\r\n五金",1,2026-06-30,x\r\n , \r\n宏达五金,2,2026-06-30,y\r\n`,
    );
    expect(file.rows.map(({ row }) => row)).toEqual([3, 5]);
  });

  it('checks the total at the end and leaves it out; a wrong one is a mistake', async () => {
    const rows = ['宏达五金,1,2026-06-30,5.00', '立新包装,2,2026-06-30,7.00'];
    expect((await readAll(csv(...rows, '合计,,,12.00'))).rows).toHaveLength(2);
    expect(errorsOf(await readAll(csv(...rows, '合计,,,13.00')))).toEqual([
      [],
      [],
      [['金额', 'TOTAL_ROW_DISAGREES']],
    ]);
    expect(
      errorsOf(await readAll(csv(rows[0]!, '小计,,,5.00', rows[1]!, '小计,,,8.00', '合计,,,12.00'))),
    ).toEqual([[], [], [['金额', 'TOTAL_ROW_DISAGREES']]]);
  });

  it('takes a bare 金额 beside 税额 for net, checks it, and asks where it cannot', async () => {
    const list = '销方名称,数电票号码,开票日期,金额,税额,价税合计';
    const given = { terms: { days: 60 } };
    const file = await readAll(
      `${list}\n宏达五金,1,2026-02-02,100.00,13.00,113.00\n宏达五金,2,2026-02-02,100.00,13.00,114.00`,
      given,
    );
    expect(amounts(file)).toEqual([11_300n, undefined]);
    expect(errorsOf(file)[1]).toEqual([['价税合计', 'TOTALS_DISAGREE']]);
    const open = await readAll('销方名称,数电票号码,到期日,金额,税额\n宏达五金,1,2026-06-30,100.00,13.00');
    expect(open.questions).toMatchObject([{ kind: 'column', field: 'amount' }]);
  });

  it('asks when payables are due that do not say so, and reckons from the terms', async () => {
    const content = '供应商,发票号码,开票日期,金额\n宏达五金,1,2026-02-02,5.00\n宏达五金,2,,6.00';
    expect((await readAll(content)).questions).toMatchObject([{ kind: 'column', field: 'dueDate' }]);
    const days = await readAll(content, { terms: { days: 60 } });
    expect(days.questions).toEqual([]);
    expect(days.rows[0]).toMatchObject({ values: { dueDate: '2026-04-03' } });
    expect(errorsOf(days)[1]).toEqual([['开票日期', 'VALUE_MISSING']]);
  });

  it('reads a negative row that names its invoice as a credit, in a column of its own or in the note', async () => {
    const file = await readAll(
      `${HEADER},原发票号码,备注\n宏达五金,C1,,-5.00,A1,\n宏达五金,C2,,-6.00,,被红冲蓝字数电票号码：26322000000012345678 确认单\n宏达五金,C3,2026-06-30,-7.00,,`,
    );
    expect(file.rows.slice(0, 2)).toMatchObject([
      { credit: { number: 'C1', corrects: 'A1', amount: 500n } },
      { credit: { number: 'C2', corrects: '26322000000012345678', amount: 600n } },
    ]);
    expect(errorsOf(file)[2]).toEqual([['金额', 'AMOUNT_NOT_POSITIVE']]);
  });

  it.each([
    ['5.00 EUR', 'CURRENCY_OTHER'],
    ['$5.00', 'CURRENCY_OTHER'],
    ['five', 'AMOUNT_UNREADABLE'],
  ])('refuses the amount %s', async (amount, code) => {
    expect(errorsOf(await readAll(csv(`宏达五金,1,2026-06-30,${amount}`)))).toEqual([[['金额', code]]]);
  });

  it('refuses amounts in thousands and currencies that nobody knows', async () => {
    const file = await readAll('供应商,发票号码,到期日,金额(万元),币种\n宏达五金,1,2026-06-30,5.00,XXQ', {
      mapping: { amount: '金额(万元)' },
    });
    expect(errorsOf(file)).toEqual([
      [
        ['金额(万元)', 'AMOUNT_IN_THOUSANDS'],
        ['币种', 'CURRENCY_UNKNOWN'],
      ],
    ]);
  });
});

describe('text that cannot be read', () => {
  it.each([
    ['', 'FILE_EMPTY'],
    ['\n , \n', 'FILE_EMPTY'],
    ['a,b\n1,"x', 'FILE_QUOTES'],
    ['%PDF-1.7 ', 'FILE_KIND_UNKNOWN'],
    ['abc\u0000defghijklmnop', 'FILE_KIND_UNKNOWN'],
  ])('is refused: %j', async (content, code) => {
    expect(await refusalOf(content)).toBe(code);
  });

  it('is refused beyond its bounds, and taken up to them', async () => {
    const lines = (count: number) => `${HEADER}\n${'宏达五金,1,2026-06-30,5.00\n'.repeat(count - 1)}`;
    expect((await readAll(lines(LIMITS.rows))).rows).toHaveLength(LIMITS.rows - 1);
    expect(await refusalOf(lines(LIMITS.rows + 1))).toBe('FILE_TOO_MANY_ROWS');
    expect(await refusalOf(new Uint8Array(LIMITS.bytes + 1).fill(65))).toBe('FILE_TOO_LARGE');
    const wide = (count: number) => csv(`宏达五金,1,2026-06-30,5.00,${'x,'.repeat(count)}`);
    expect(await refusalOf(wide(LIMITS.columns))).toBe('FILE_TOO_MANY_COLUMNS');
    expect(await refusalOf(csv(`宏达五金,1,2026-06-30,"${'x'.repeat(LIMITS.record)}`))).toBe(
      'FILE_CELL_TOO_LONG',
    );
  });

  it('shows no more of an overlong cell than helps', async () => {
    const file = await readAll(csv(`宏达五金,${'9'.repeat(100_000)},2026-06-30,5.00`));
    expect(errorsOf(file)).toEqual([[['发票号码', 'VALUE_TOO_LONG']]]);
    expect('errors' in file.rows[0]! && file.rows[0].errors[0]!.value.length).toBeLessThan(250);
  });
});

describe('workbooks', () => {
  const header = ['供应商', '发票号码', '开票日期', '到期日', '金额'];
  const day = (text: string) => new Date(`${text}T00:00:00Z`);
  const book = (rows: unknown[][], name = '应付') => ({ name, rows: rows as never[][] });
  const written = (...sheets: ReturnType<typeof book>[]) => writeXlsx({ sheets });

  it('are read with their own dates and numbers, which need no format', async () => {
    const file = await readAll(
      await written(
        book([
          ['远山汽车 应付账款'],
          header,
          ['宏达五金', '00123', day('2026-02-01'), day('2026-05-06'), 1234.567 - 0.007],
          ['立新包装', 26322, day('2026-02-01'), '06/05/2026', '1,234.50'],
          ['宏达五金', Number('26322000000012345678'), day('2026-02-01'), day('2026-05-06'), 0.1 + 0.2],
        ]),
      ),
      { formats: { dueDate: 'DD/MM/YYYY' } },
    );
    expect(file).toMatchObject({ kind: 'xlsx', sheet: '应付', questions: [] });
    expect(file.rows.slice(0, 2)).toMatchObject([
      { row: 3, values: { invoiceNumber: '00123', dueDate: '2026-05-06', amount: 123_456n } },
      { row: 4, values: { invoiceNumber: '26322', dueDate: '2026-05-06', amount: 123_450n } },
    ]);
    // Twenty digits as a number: the workbook has rounded them.
    expect(errorsOf(file)[2]).toEqual([['发票号码', 'INVOICE_NUMBER_ROUNDED']]);
  });

  it('ask which sheet it is, where several have something in them', async () => {
    const row = ['宏达五金', '1', day('2026-02-01'), day('2026-05-06'), 5];
    const bytes = await written(
      book([header, row]),
      book([], '空'),
      book([header, row, [...row.slice(0, 1), '2', ...row.slice(2)]], '四月'),
    );
    expect((await readAll(bytes)).questions).toMatchObject([{ kind: 'sheet', choices: ['应付', '四月'] }]);
    const told = await readAll(bytes, { sheet: '四月' });
    expect([told.sheet, told.questions, amounts(told)]).toEqual(['四月', [], [500n, 500n]]);
  });

  it.each([
    [0.1 + 0.2, '0.3'],
    [1234.5599999999999, '1234.56'],
    [-5, '-5'],
    [1e-7, '0.0000001'],
    [123456789012345, '123456789012345'],
    [Number('26322000000012345678'), '2.6322000000012345e+19'],
  ])('write %d as it was meant', (value, text) => expect(numberText(value)).toBe(text));
});

describe('the hash of an invoice', () => {
  it('is the chain’s, whatever the length of the texts', async () => {
    const hash = await invoiceHasher();
    for (const [seller, code, number] of [
      ['', '', ''],
      ['TAX-1', '', 'A'],
      ['91330782MA0000023F', '033002300111', '00123456'],
      ['宏'.repeat(11), '', '1'.repeat(32)],
      ['x'.repeat(33), '1'.repeat(65), '号'.repeat(64)],
    ] as const) {
      const id = hash({ seller, code, number }).toString('hex');
      expect(`0x${id}`).toBe(invoiceId(seller, number, code));
    }
  });
});
