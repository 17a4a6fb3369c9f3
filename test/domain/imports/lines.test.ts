import { describe, expect, it } from 'vitest';
import { errorsOf, readAll } from '../../api/imports/support.ts';

const HEADER = '供应商,发票号码,到期日,金额,品名,数量,单价';
const line = (amount: string, item: string, more: { due?: string; number?: string; parts?: string } = {}) =>
  `宏达五金,${more.number ?? 'F-1'},${more.due ?? '2026-06-30'},${amount},${item},${more.parts ?? ','}`;
const read = (...rows: string[]) => readAll([HEADER, ...rows].join('\n'));
const SEVERAL = [['发票号码', 'INVOICE_SEVERAL_ROWS']];

describe('rows that are the items of an invoice', () => {
  it('add up to it, discounts included, wherever they stand', async () => {
    const file = await read(
      line('1000.00', '螺栓'),
      line('7.00', '别的', { number: 'F-2' }),
      line('2500.00', '螺母'),
      line('-100.00', '折扣'),
      '合计,,,3407.00,,,',
    );
    expect(errorsOf(file)).toEqual([[], []]);
    expect(file.rows).toMatchObject([
      { row: 3, values: { invoiceNumber: 'F-2', amount: 700n } },
      { row: 2, values: { invoiceNumber: 'F-1', amount: 340_000n, invoiceTotal: 340_000n, lines: 3 } },
    ]);
  });

  it('are refused together when one of them is wrong, which is named', async () => {
    expect(errorsOf(await read(line('1000.00', '螺栓'), line('x', '螺母')))).toEqual([
      [['发票号码', 'INVOICE_LINE_WRONG']],
      [['金额', 'AMOUNT_UNREADABLE']],
    ]);
  });

  it.each([
    ['they differ in the due date', line('1.00', 'a'), line('2.00', 'b', { due: '2026-07-01' })],
    ['one amount stands on each', line('1.00', 'a'), line('1.00', 'b')],
    ['two say the same', line('1.00', 'a'), line('2.00', 'b'), line('2.00', 'b')],
  ])('are refused where %s', async (_, ...rows) => {
    expect(errorsOf(await read(...rows))).toEqual(rows.map(() => SEVERAL));
  });

  it('may cost the same when quantity and price say that it is theirs', async () => {
    const parts = { parts: '10,0.1' };
    const { rows } = await read(line('1.00', 'a', parts), line('1.00', 'b', parts));
    expect(rows).toMatchObject([{ values: { amount: 200n, lines: 2 } }]);
  });

  it('come to nothing that is owed when they take off more than they add', async () => {
    const found = errorsOf(await read(line('1.00', 'a'), line('-2.00', 'b')));
    expect(found).toEqual([0, 1].map(() => [['发票号码', 'AMOUNT_NOT_POSITIVE']]));
  });

  it('have the total of the invoice on each, or their own', async () => {
    const of = (total: string, amount: string, item: string) =>
      `宏达五金,F-1,2026-06-30,${amount},${total},${item}`;
    const table = (...rows: string[]) =>
      readAll(['供应商,发票号码,到期日,应付金额,发票金额,品名', ...rows].join('\n'));
    const whole = await table(of('3.00', '1.00', 'a'), of('3.00', '2.00', 'b'));
    expect(whole.rows).toMatchObject([{ values: { amount: 300n, invoiceTotal: 300n } }]);
    const own = await table(of('2.00', '1.00', 'a'), of('3.00', '2.00', 'b'));
    expect(own.rows).toMatchObject([{ values: { amount: 300n, invoiceTotal: 500n } }]);
    expect(errorsOf(await table(of('9.00', '1.00', 'a'), of('9.00', '2.00', 'b')))).toEqual([
      SEVERAL,
      SEVERAL,
    ]);
  });

  it('are no items where the header does not say so', async () => {
    const rows = ['宏达五金,F-1,2026-06-30,1.00,a', '宏达五金,F-1,2026-06-30,2.00,b'];
    const file = await readAll(['供应商,发票号码,到期日,金额,备注', ...rows].join('\n'));
    expect(errorsOf(file)).toEqual([SEVERAL, SEVERAL]);
  });
});
