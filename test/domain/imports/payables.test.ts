import { describe, expect, it } from 'vitest';
import type { ImportContext } from '#domain/imports/context.ts';
import type { Given } from '#api/imports/read.ts';
import { readAll } from '../../api/imports/support.ts';

const header = '供应商,发票号码,开票日期,到期日,金额,币种,备注';
const read = (lines: string[], given: Given = {}) => readAll([header, ...lines].join('\n'), given);
const readPayables = (text: string, given: Given = {}, more: Partial<ImportContext> = {}) =>
  readAll(text, given, more);

/** What the first data row is refused for: column and code. */
const refusals = async (line: string, given: Given = {}) => {
  const [row] = (await read([line], given)).rows;
  return row && 'errors' in row ? row.errors.map(({ column, code }) => [column, code]) : [];
};

describe('a table of payables', () => {
  it('reads a row to a payable', async () => {
    const { rows, formats, questions } = await read([
      '宏达五金,26322000000012345678,2026/2/1,2026-06-30,"¥1,234.50",人民币,三月货款',
    ]);
    expect(questions).toEqual([]);
    expect(formats).toEqual({ invoiceDate: ['YYYY/MM/DD'], dueDate: ['YYYY-MM-DD'], amount: ['1,234.56'] });
    expect(rows).toEqual([
      {
        row: 2,
        values: {
          supplier: 1,
          supplierText: '宏达五金',
          invoiceNumber: '26322000000012345678',
          invoiceKey: '26322000000012345678',
          invoiceDate: '2026-02-01',
          dueDate: '2026-06-30',
          amount: 123_450n,
          invoiceTotal: 123_450n,
          credited: 0n,
          currency: 'CNY',
          buyer: undefined,
          note: '三月货款',
        },
      },
    ]);
  });

  it.each([
    [',1,2026-02-01,2026-06-30,5.00,CNY,', '供应商', 'VALUE_MISSING'],
    ['某某,1,2026-02-01,2026-06-30,5.00,CNY,', '供应商', 'SUPPLIER_UNKNOWN'],
    ['同名,1,2026-02-01,2026-06-30,5.00,CNY,', '供应商', 'SUPPLIER_AMBIGUOUS'],
    ['宏达五金,,2026-02-01,2026-06-30,5.00,CNY,', '发票号码', 'VALUE_MISSING'],
    ['宏达五金,2.6322E+19,2026-02-01,2026-06-30,5.00,CNY,', '发票号码', 'INVOICE_NUMBER_ROUNDED'],
    [`宏达五金,${'1'.repeat(65)},2026-02-01,2026-06-30,5.00,CNY,`, '发票号码', 'VALUE_TOO_LONG'],
    ['宏达五金,1,2026-02-30,2026-06-30,5.00,CNY,', '开票日期', 'DATE_NOT_IN_CALENDAR'],
    ['宏达五金,1,,soon,5.00,CNY,', '到期日', 'DATE_UNREADABLE'],
    ['宏达五金,1,,2026-03-03,5.00,CNY,', '到期日', 'DUE_DATE_PAST'],
    ['宏达五金,1,,2026-09-04,5.00,CNY,', '到期日', 'TENOR_TOO_LONG'],
    ['宏达五金,1,,2026-06-30,0.00,CNY,', '金额', 'AMOUNT_NOT_POSITIVE'],
    ['宏达五金,1,,2026-06-30,-5.00,CNY,', '金额', 'AMOUNT_NOT_POSITIVE'],
    ['宏达五金,1,,2026-06-30,(5.00),CNY,', '金额', 'AMOUNT_NOT_POSITIVE'],
    ['宏达五金,1,,2026-06-30,5.001x,CNY,', '金额', 'AMOUNT_UNREADABLE'],
    ['宏达五金,1,,2026-06-30,5.0011,CNY,', '金额', 'AMOUNT_DECIMALS'],
    ['宏达五金,1,,2026-06-30,720575940379279.36,CNY,', '金额', 'AMOUNT_TOO_LARGE'],
    ['宏达五金,1,,2026-06-30,5.00,EUR,', '币种', 'CURRENCY_OTHER'],
    ['宏达五金,1,,2026-06-30,1,234.00,CNY,,', undefined, 'CELLS_MISPLACED'],
  ])('refuses %s', async (line, column, code) => {
    expect(await refusals(line)).toEqual([[column, code]]);
  });

  it('takes the last day within the cap and zeros at the end of an amount', async () => {
    expect(await refusals('宏达五金,1,,2026-09-03,5.5000,,')).toEqual([]);
  });

  it('says row, column, value, why and what to do, and lets the good rows go on', async () => {
    const { rows } = await read([
      '宏达五金,1,,2026-06-30,5.00,,',
      '',
      '某某,2,,2026-13-30,0,,',
      '立新包装,3,,2026-06-30,7.00,,',
    ]);
    expect(rows.map((row) => ('errors' in row ? row.errors : row.row))).toEqual([
      2,
      [
        {
          row: 4,
          column: '供应商',
          field: 'supplier',
          code: 'SUPPLIER_UNKNOWN',
          value: '某某',
          message: {
            zh: '没有找到这家供应商，请核对名称、税号或编号，或先邀请它加入',
            en: 'No member has this name, tax number or code; correct it, or invite the supplier first',
          },
        },
        expect.objectContaining({
          row: 4,
          column: '到期日',
          code: 'DATE_NOT_IN_CALENDAR',
          value: '2026-13-30',
        }),
        expect.objectContaining({ row: 4, column: '金额', code: 'AMOUNT_NOT_POSITIVE', value: '0' }),
      ],
      5,
    ]);
  });

  it('finds the same invoice again, whatever the supplier is called, but not another supplier’s', async () => {
    const { rows } = await read([
      '宏达五金,A1,,2026-06-30,5.00,,',
      'Hongda,a1,,2026-06-30,5.00,,',
      '立新包装,A1,,2026-06-30,5.00,,',
    ]);
    expect(rows.map((row) => ('errors' in row ? row.errors[0]!.message.en : 'good'))).toEqual([
      'good',
      'The same invoice stands in row 2; remove one of the two',
      'good',
    ]);
  });

  it('asks about ambiguous dates and numbers, holds back their rows, and reads them once told', async () => {
    const lines = ['宏达五金,1,,05/06/2026,"1,234",,', '宏达五金,2,,2026-06-30,500,,'];
    const open = await read(lines);
    expect(open.questions).toMatchObject([
      { kind: 'format', field: 'dueDate', column: '到期日', choices: ['DD/MM/YYYY', 'MM/DD/YYYY'] },
      { kind: 'format', field: 'amount', column: '金额', choices: ['1,234.56', '1.234,56'] },
    ]);
    expect(open.rows[0]).toMatchObject({
      errors: [{ code: 'DATE_AMBIGUOUS' }, { code: 'AMOUNT_AMBIGUOUS' }],
    });

    const told = await read(lines.slice(0, 1), { formats: { dueDate: 'DD/MM/YYYY', amount: '1,234.56' } });
    expect(told.questions).toEqual([]);
    expect(told.rows).toMatchObject([{ values: { dueDate: '2026-06-05', amount: 123_400n } }]);
  });

  it('holds to the format that the user states', async () => {
    expect(
      await refusals('宏达五金,1,,2026-06-30,5.00,,', {
        formats: { dueDate: 'DD.MM.YYYY', amount: '1.234,56' },
      }),
    ).toEqual([
      ['到期日', 'DATE_UNREADABLE'],
      ['金额', 'AMOUNT_UNREADABLE'],
    ]);
  });

  it('asks for a column that it does not know, and takes the answer', async () => {
    const file = 'customerID,Invoice No,Due Date,Amount\nHongda,1,2026-06-30,5.00';
    const open = await readPayables(file);
    expect(open.rows).toEqual([]);
    expect(open.questions).toEqual([
      {
        kind: 'column',
        field: 'supplier',
        column: undefined,
        choices: ['customerID', 'Invoice No', 'Due Date', 'Amount'],
        message: { zh: '哪一列是供应商？', en: 'Which column holds the supplier?' },
      },
    ]);
    expect((await readPayables(file, { mapping: { supplier: 'customerID' } })).rows).toMatchObject([
      { values: { supplier: 1, amount: 500n } },
    ]);
  });

  it('knows an invoice that is paid in part only', async () => {
    const file = (amount: string) =>
      `supplier;invoice no;due date;amount;invoice total\nHongda;1;30.06.2026;${amount};1.000,00`;
    expect((await readPayables(file('400,00'))).rows).toMatchObject([
      { values: { amount: 40_000n, invoiceTotal: 100_000n } },
    ]);
    expect((await readPayables(file('1.000,01'))).rows).toMatchObject([
      { errors: [{ code: 'AMOUNT_EXCEEDS_INVOICE' }] },
    ]);
  });

  it('leaves another firm’s payables out', async () => {
    const file =
      '核心企业,供应商,发票号码,到期日,金额\n远山汽车,Hongda,1,2026-06-30,1\n别家,Hongda,2,2026-06-30,1';
    const { rows } = await readPayables(
      file,
      {},
      { buyerIs: (text) => (text === '远山汽车' ? 'us' : 'other') },
    );
    expect(rows).toMatchObject([{ values: { buyer: '远山汽车' } }, { errors: [{ code: 'BUYER_OTHER' }] }]);
  });
});
