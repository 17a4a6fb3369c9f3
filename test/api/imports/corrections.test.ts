import { describe, expect, it } from 'vitest';
import { contextOf, shapeOf } from '#api/imports/books.ts';
import { mergeCorrections } from '#domain/imports/corrections.ts';
import { bytesOf, errorsOf, readAll } from './support.ts';

const HEADER = '供应商,发票号码,到期日,金额';
const csv = (...rows: string[]) => [HEADER, ...rows].join('\n');

describe('a row that is wrong', () => {
  it('says what stands in it, and which field each mistake is in', async () => {
    const { rows } = await readAll(csv('宏大五金,F-1,2020-01-01,"1,000.50"', '宏达五金,F-2,2026-05-01,abc'));
    expect(rows).toMatchObject([
      {
        asRead: {
          supplier: '宏大五金',
          invoiceNumber: 'F-1',
          dueDate: '2020-01-01',
          amount: '1,000.50',
          owed: 100_050n,
        },
        errors: [
          { field: 'supplier', code: 'SUPPLIER_UNKNOWN' },
          { field: 'dueDate', code: 'DUE_DATE_PAST' },
        ],
      },
      { asRead: { supplier: '宏达五金', amount: 'abc', owed: undefined }, errors: [{ field: 'amount' }] },
    ]);
  });

  it('is read again with what was put right, whatever format its column has', async () => {
    const file = '供应商;发票号码;到期日;金额\n宏达五金;1;30.06.2026;1.005,00\n宏大;2;31.06.2026;x';
    const corrections = { 3: { supplier: '宏达五金', dueDate: '2026-06-30', amount: '1234.56' } };
    const read = await readAll(file, { corrections });
    expect(errorsOf(read)).toEqual([[], []]);
    expect(read.rows[1]).toMatchObject({ values: { supplier: 1, dueDate: '2026-06-30', amount: 123_456n } });
  });

  it('counts in single units where it was put right, and is blank where it was blanked', async () => {
    const file =
      '供应商,发票号码,到期日,金额,发票状态\n,,,万元,\n宏达五金,1,2026-06-30,5.8,正常\n宏达五金,2,2026-06-30,6,已作废';
    const wrong = errorsOf(await readAll(file));
    expect(wrong).toEqual([[['金额', 'AMOUNT_IN_THOUSANDS']], [['发票状态', 'INVOICE_NOT_OWED']]]);
    const corrections = { 3: { amount: '58000' }, 4: { amount: '60000.00', status: '' } };
    const read = await readAll(file, { corrections });
    expect(read.rows).toMatchObject([{ values: { amount: 5_800_000n } }, { values: { amount: 6_000_000n } }]);
  });

  it('tells nothing of how its column is written by what was put in its place', async () => {
    const file = csv('宏达五金,1,05/06/2026,5.00', '宏达五金,2,x,5.00');
    const read = await readAll(file, { corrections: { 3: { dueDate: '2026-06-13' } } });
    expect(read.questions).toMatchObject([{ kind: 'format', field: 'dueDate' }]);
  });
});

it('corrections are merged, and taken back one by one', () => {
  const first = mergeCorrections({}, [
    { row: 3, field: 'amount', value: '1' },
    { row: 3, field: 'dueDate', value: '' },
    { row: 4, field: 'amount', value: '2' },
  ]);
  expect(first).toEqual({ 3: { amount: '1', dueDate: '' }, 4: { amount: '2' } });
  const second = mergeCorrections(first, [
    { row: 3, field: 'amount', value: '5' },
    { row: 4, field: 'amount', value: null },
  ]);
  expect(second).toEqual({ 3: { amount: '5', dueDate: '' } });
});

describe('what a firm said before', () => {
  const members = [
    { number: 1, name_zh: '宏达五金', name_en: 'Hongda', tax_id: '91330782MA0000001F' },
    { number: 2, name_zh: '宏达', name_en: null, tax_id: '91330782MA0000002F' },
    { number: 3, name_zh: '同名', name_en: null, tax_id: null },
    { number: 4, name_zh: '同名', name_en: null, tax_id: null },
  ];
  const books = { member: 9, currency: 'CNY', today: '2026-03-03', tenorMonths: 6, members } as never;
  const find = (aliases: [string, number][], name: string) =>
    contextOf({ ...(books as object), aliases } as never).resolveSupplier(name);

  it('names a supplier that nobody else is called, or one of several', () => {
    expect(find([['宏达五金厂', 1]], '宏达五金厂')).toEqual([1]);
    expect(find([['同名', 4]], '同名')).toEqual([4]);
  });

  it('is asked again when a member of that very name has come since', () => {
    expect(find([['宏达', 1]], '宏达')).toEqual([2, 1]);
  });

  const file = 'Vendor,Invoice,Due,Open amount,Amount\nHongda,G-1,05/06/2026,100.00,120.00';
  const stated = { mapping: { amount: 'Open amount' }, formats: { dueDate: 'DD/MM/YYYY' } } as const;
  const names = ['Vendor', 'Invoice', 'Due', 'Open amount', 'Amount'];
  const remembered = (asked: readonly string[]) => (shapeOf(asked) === shapeOf(names) ? stated : undefined);

  it('holds for the next table of the same header, and is said', async () => {
    const first = await readAll(file);
    expect([first.isRemembered, first.questions.length]).toEqual([false, 2]);
    const next = await readAll(file, {}, { remembered });
    expect([next.isRemembered, next.questions, next.stated]).toEqual([true, [], stated]);
    expect(next.rows).toMatchObject([{ values: { amount: 10_000n, dueDate: '2026-06-05' } }]);
    const other = await readAll(file.replace('Due', 'Due date'), {}, { remembered });
    expect(other.isRemembered).toBe(false);
  });

  it('gives way to what is said now, and is left aside when told so', async () => {
    const now = await readAll(file, { mapping: { amount: 'Amount' } }, { remembered });
    expect(now.rows).toMatchObject([{ values: { amount: 12_000n } }]);
    expect((await readAll(file, { remembered: false }, { remembered })).questions).toHaveLength(2);
  });

  it('can be that a field has no column, whatever the header says', async () => {
    const content = `${HEADER},备注\n宏达五金,1,2026-06-30,5.00,x`;
    const { mapping } = await readAll(content, { mapping: { note: null } });
    expect(mapping.note).toBeUndefined();
    expect((await readAll(bytesOf(content))).mapping.note).toBe('备注');
  });
});

describe('the number of a voucher', () => {
  const voucherOf = async (header: string, row: string) => {
    const { rows, mapping, questions } = await readAll(`${header}\n${row}`);
    const [first] = rows;
    const values = first !== undefined && 'values' in first ? first.values : undefined;
    return [mapping.voucher, values?.invoiceNumber, values?.voucher, questions.length];
  };

  it('is read where there is one', async () => {
    const [header, row] = [`${HEADER},凭证号`, '宏达五金,F-1,2026-06-30,5.00,记-0123'];
    expect(await voucherOf(header, row)).toEqual(['凭证号', 'F-1', '记-0123', 0]);
  });

  it('is what books call the document, beside the number of the invoice', async () => {
    const [header, row] = [
      'Vendor,Invoice No,Document No,Due,Amount',
      'Hongda,F-1,5100000123,2026-06-30,5.00',
    ];
    expect(await voucherOf(header, row)).toEqual(['Document No', 'F-1', '5100000123', 0]);
  });

  it('leaves the document to be the invoice where nothing else is', async () => {
    const [header, row] = ['供应商,单据号,凭证号,到期日,金额', '宏达五金,F-1,记-1,2026-06-30,5.00'];
    expect(await voucherOf(header, row)).toEqual(['凭证号', 'F-1', '记-1', 0]);
  });
});
