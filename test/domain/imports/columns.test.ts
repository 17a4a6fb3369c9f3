import { describe, expect, it } from 'vitest';
import { columnsOf, fieldOfHeader, findHeader, mapColumns, type Mapping } from '#domain/imports/columns.ts';

const table = (...lines: string[]) => lines.map((line, i) => ({ row: i + 1, cells: line.split(',') }));
const mapped = (header: string, given: Mapping = {}) => mapColumns(columnsOf(table(header)[0]!, []), given);

describe('fieldOfHeader', () => {
  it.each([
    ['供应商', 'supplier'],
    ['供应商名称*', 'supplier'],
    ['收款方', 'supplier'],
    ['Supplier Name', 'supplier'],
    ['vendor_no', 'supplier'],
    ['发票号码', 'invoiceNumber'],
    ['Invoice No.', 'invoiceNumber'],
    ['InvoiceDate', 'invoiceDate'],
    ['开票日期', 'invoiceDate'],
    ['到期日', 'dueDate'],
    ['DUE DATE', 'dueDate'],
    ['应付金额（元）', 'amount'],
    ['Amount (CNY)', 'amount'],
    ['价税合计', 'invoiceTotal'],
    ['币种', 'currency'],
    ['核心企业', 'buyer'],
    ['备注', 'note'],
  ])('knows %s', (header, field) => expect(fieldOfHeader(header)).toBe(field));

  it.each(['金额（万元）', 'customerID', 'DaysLate', 'SettledDate', ''])('does not guess %j', (header) => {
    expect(fieldOfHeader(header)).toBeUndefined();
  });
});

describe('findHeader', () => {
  it('passes a title above the table', () => {
    expect(findHeader(table('远山汽车 应付账款', '供应商,金额', 'a,1'))).toBe(1);
  });

  it('is the first row when no name is known', () => expect(findHeader(table('x,y', '1,2'))).toBe(0));
});

describe('columnsOf', () => {
  it('names every column once, with its letter and samples', () => {
    const rows = table('a,,a,', '1,2,3', ',5,6');
    expect(columnsOf(rows[0]!, rows.slice(1))).toEqual([
      { index: 0, letter: 'A', name: 'a', samples: ['1'] },
      { index: 1, letter: 'B', name: 'B', samples: ['2', '5'] },
      { index: 2, letter: 'C', name: 'a (2)', samples: ['3', '6'] },
    ]);
  });

  it('counts letters on past Z', () => {
    const wide = { row: 1, cells: Array.from({ length: 703 }, (_, i) => `c${i}`) };
    const letters = columnsOf(wide, []).map(({ letter }) => letter);
    expect([25, 26, 51, 52, 701, 702].map((i) => letters[i])).toEqual(['Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']);
  });
});

describe('mapColumns', () => {
  it('maps by name', () => {
    expect(mapped('供应商,发票号码,到期日,应付金额,价税合计').mapping).toEqual({
      supplier: '供应商',
      invoiceNumber: '发票号码',
      dueDate: '到期日',
      amount: '应付金额',
      invoiceTotal: '价税合计',
    });
  });

  it('takes the invoice total for the amount when there is no other', () => {
    expect(mapped('InvoiceAmount').mapping).toEqual({ amount: 'InvoiceAmount' });
  });

  it('leaves out what two columns could hold, and names them', () => {
    const { mapping, rivals } = mapped('供应商,金额,应付金额');
    expect(mapping).toEqual({ supplier: '供应商' });
    expect([...rivals]).toEqual([['amount', ['金额', '应付金额']]]);
  });

  it('lets the user decide', () => {
    const { mapping, rivals } = mapped('customerID,金额,应付金额', {
      supplier: 'customerID',
      amount: '金额',
    });
    expect(mapping).toEqual({ supplier: 'customerID', amount: '金额' });
    expect(rivals.size).toBe(0);
  });
});
