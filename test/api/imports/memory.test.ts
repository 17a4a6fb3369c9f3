/** What can be put right of an import, and what it remembers for those that come. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money } from '#client/money.ts';
import type { PreparedInstruction } from '#client/generated/schema.ts';
import type { Member } from '#client/member.ts';
import { openNetwork, type TestNetwork } from '../../fixtures/network.ts';

type Row = {
  row: number;
  state: string;
  billNo: string | null;
  corrected: string[];
  asRead: Record<string, string | null> | null;
  payable: { amount: unknown; dueDate: string; supplierText: string; voucher: string | null } | null;
  errors: { column: string | null; field: string | null; code: string }[];
};
type Preview = {
  id: string;
  remembered: boolean;
  mapping: Record<string, string>;
  questions: { kind: string; field: string }[];
  counts: Record<string, number>;
  rows: { items: Row[] };
};
const HEADER = '供应商,发票号码,到期日,应付金额';
const SUPPLIER = '91320100MA3WRW1MY7';

describe('an import', () => {
  let network: TestNetwork;
  let core: Member;
  beforeAll(async () => {
    network = await openNetwork();
    core = network.coreFirm;
  });
  afterAll(() => network?.close());

  const upload = (rows: readonly string[], header = HEADER, by = core) =>
    by.http.post<Preview>('/api/imports', { name: 'payables.csv', text: [header, ...rows].join('\n') });
  const change = (id: string, body: object) => core.http.patch<Preview>(`/api/imports/${id}`, body);
  const codesOf = ({ rows }: Preview) => rows.items.map(({ errors }) => errors.map(({ code }) => code));
  const issue = async (id: string) => {
    const { acts } = await core.http.post<{ acts: PreparedInstruction[] }>(`/api/imports/${id}/prepare`, {
      rows: 'all-ok',
    });
    for (const act of acts) await core.submitBatch(act);
    for (const act of acts) await core.follow(act.id);
    return acts.flatMap(({ makes }) => makes.bills);
  };

  it('shows what stands in a wrong row, takes what is put right in its place, and keeps it', async () => {
    const first = await upload([`${SUPPLIER},C-1,2020-01-01,abc`, `${SUPPLIER},C-2,2026-05-01,5.00`]);
    const [bad] = first.rows.items;
    expect(bad).toMatchObject({
      asRead: { supplier: SUPPLIER, invoiceNumber: 'C-1', dueDate: '2020-01-01', amount: 'abc' },
      errors: [
        { field: 'dueDate', column: '到期日', code: 'DUE_DATE_PAST' },
        { field: 'amount', column: '应付金额', code: 'AMOUNT_UNREADABLE' },
      ],
    });
    const half = await change(first.id, { corrections: [{ row: 2, field: 'amount', value: '12.50' }] });
    expect(codesOf(half)).toEqual([['DUE_DATE_PAST'], []]);
    expect(half.rows.items[0]).toMatchObject({ asRead: { amount: '12.50' }, corrected: ['amount'] });
    const whole = await change(first.id, {
      corrections: [{ row: 2, field: 'dueDate', value: '2026-05-02' }],
    });
    expect(whole.rows.items[0]).toMatchObject({
      state: 'ok',
      corrected: ['amount', 'dueDate'],
      payable: { amount: money('12.50'), dueDate: '2026-05-02' },
    });
    expect(codesOf(await change(first.id, {}))).toEqual([[], []]);
    const back = await change(first.id, { corrections: [{ row: 2, field: 'dueDate', value: null }] });
    expect(codesOf(back)).toEqual([['DUE_DATE_PAST'], []]);
  });

  it('refuses to put right what it has no column for, no row of, or has issued', async () => {
    const { id } = await upload([`${SUPPLIER},D-1,2026-05-01,5.00`]);
    const correct = (row: number, field: string) =>
      change(id, { corrections: [{ row, field, value: '1' }] }).then(
        () => 'none',
        ({ code }: { code: string }) => code,
      );
    expect(await correct(2, 'note')).toBe('REQUEST_INVALID');
    expect(await correct(2, 'colour')).toBe('REQUEST_INVALID');
    expect(await correct(9, 'amount')).toBe('ALREADY_DONE');
    await issue(id);
    expect(await correct(2, 'amount')).toBe('ALREADY_DONE');
  });

  it('gathers suppliers that it does not know, and remembers who they are', async () => {
    const rows = [
      '测试供应商,E-1,2026-05-01,5.00',
      '测试供应商,E-2,2026-05-01,7.50',
      '别的厂,E-3,2026-05-01,x',
    ];
    const first = await upload(rows);
    type Unknown = { name: string; rows: number; total: unknown; alike: { number: number }[] };
    const { items } = await core.http.get<{ items: Unknown[] }>(`/api/imports/${first.id}/suppliers`);
    expect(items).toMatchObject([
      { name: '测试供应商', rows: 2, total: money('12.50') },
      { name: '别的厂', rows: 1, total: money('0.00'), alike: [] },
    ]);
    const suppliers = [{ name: '测试供应商', supplier: network.supplier.number }];
    const named = await core.http.post<Preview>(`/api/imports/${first.id}/suppliers`, { suppliers });
    expect(codesOf(named)).toEqual([[], [], ['SUPPLIER_UNKNOWN', 'AMOUNT_UNREADABLE']]);
    const again = await upload(['测试供应商,E-4,2026-05-01,5.00']);
    expect(again.rows.items[0]).toMatchObject({
      payable: { supplier: { number: network.supplier.number }, supplierText: '测试供应商' },
    });
    const other = await upload(['测试供应商,E-5,2026-05-01,5.00'], HEADER, network.supplier2);
    expect(codesOf(other)).toEqual([['SUPPLIER_UNKNOWN']]);
    const aliases = () => core.http.get<{ items: { name: string }[] }>('/api/supplier-aliases');
    expect((await aliases()).items).toMatchObject(suppliers.map(({ name }) => ({ name })));
    const nobody = { suppliers: [{ name: 'x', supplier: 4_000_000 }] };
    await expect(core.http.post(`/api/imports/${first.id}/suppliers`, nobody)).rejects.toMatchObject({
      code: 'MEMBER_UNKNOWN',
    });
    const us = { suppliers: [{ name: 'x', supplier: core.number }] };
    await expect(core.http.post(`/api/imports/${first.id}/suppliers`, us)).rejects.toMatchObject({
      code: 'MEMBER_UNKNOWN',
    });
    await core.http.delete('/api/supplier-aliases', { name: '测试供应商' });
    expect((await aliases()).items).toEqual([]);
    expect(codesOf(await upload(['测试供应商,E-6,2026-05-01,5.00']))).toEqual([['SUPPLIER_UNKNOWN']]);
  });

  it('remembers how a table of its header is read, says so, and forgets it when told', async () => {
    const header = 'Vendor,Invoice,Due,Open amount,Amount';
    const rows = (number: string) => [`${SUPPLIER},${number},05/06/2026,100.00,120.00`];
    const first = await upload(rows('G-1'), header);
    expect([first.remembered, first.questions.length]).toEqual([false, 2]);
    await change(first.id, { mapping: { amount: 'Open amount' }, formats: { dueDate: 'DD/MM/YYYY' } });
    const next = await upload(rows('G-2'), header);
    expect([next.remembered, next.questions]).toEqual([true, []]);
    expect(next.rows.items[0]).toMatchObject({ payable: { amount: money('100.00'), dueDate: '2026-06-05' } });
    const other = await upload(rows('G-3'), header, network.supplier2);
    expect([other.remembered, other.questions.length]).toEqual([false, 2]);
    const changed = await change(next.id, { mapping: { amount: 'Amount' } });
    expect(changed.rows.items[0]).toMatchObject({ payable: { amount: money('120.00') } });
    expect((await upload(rows('G-4'), header)).rows.items[0]).toMatchObject({
      payable: { amount: money('120.00'), dueDate: '2026-06-05' },
    });
    const bare = await upload(rows('G-5'), header);
    const plain = await change(bare.id, { remembered: false });
    expect([plain.remembered, plain.questions.length]).toEqual([false, 2]);
    expect((await upload(rows('G-6'), header)).remembered).toBe(false);
  });

  it('lets a bill be found by the voucher of its acceptor, and shows that to nobody else', async () => {
    const header = `${HEADER},凭证号`;
    const { id, rows } = await upload(
      [`${SUPPLIER},H-1,2026-05-01,5.00,记-0123`, `${SUPPLIER},H-2,2026-05-01,6.00,%`],
      header,
    );
    expect(rows.items[0]).toMatchObject({ payable: { voucher: '记-0123' } });
    const [bill, percent] = await issue(id);
    const found = async (by: Member, q: string) =>
      (await by.http.list<{ billNo: string }>('/api/bills', { q })).map(({ billNo }) => billNo);
    expect(await found(core, '记-0123')).toEqual([bill]);
    expect(await found(core, '记-01')).toEqual([bill]);
    expect(await found(core, '%')).toEqual([percent]);
    expect(await found(network.supplier, '记-0123')).toEqual([]);
    const voucherFor = async (by: Member) =>
      (await by.http.get<{ voucher: string | null }>(`/api/bills/${bill}`)).voucher;
    expect([await voucherFor(core), await voucherFor(network.supplier)]).toEqual(['记-0123', null]);
    const { canonical } = await core.http.get<{ canonical: string }>(`/api/bills/${bill}/document`);
    expect(canonical).not.toContain('记-0123');
  });

  it('binds every bill that is issued from it by what was said, in the sentence and on the ledger', async () => {
    const { id } = await upload([`${SUPPLIER},J-1,2026-05-01,5.00`, `${SUPPLIER},J-2,2026-05-01,6.00`]);
    const restrict = { finance: false, members: [network.supplier2.number] };
    const { acts, whole } = await core.http.post<{
      acts: PreparedInstruction[];
      whole: { meaning: { en: string } };
    }>(`/api/imports/${id}/prepare`, { rows: 'all-ok', restrict });
    const said = `; not to be financed; for named members only (members ${network.supplier2.number})`;
    expect([acts[0]!.meaning.en.endsWith(said), whole.meaning.en.endsWith(said)]).toEqual([true, true]);
    const unsaid = acts[0]!.meaning.en.replace('; not to be financed', '');
    const altered = { ...acts[0]!, meaning: { ...acts[0]!.meaning, en: unsaid } };
    await expect(core.submitBatch(altered)).rejects.toMatchObject({ code: 'INSTRUCTION_ALTERED' });
    await core.submitBatch(acts[0]!);
    await core.follow(acts[0]!.id);
    const bill = await core.http.get<{ restrictions: string[]; named: { number: number }[] }>(
      `/api/bills/${acts[0]!.makes.bills[1]}`,
    );
    expect(bill).toMatchObject({
      restrictions: ['not_to_be_financed', 'named_members_only'],
      named: [{ number: network.supplier2.number }],
    });
  });

  it('can be deleted as long as nothing came of it, and else says why it stays', async () => {
    const { id } = await upload([`${SUPPLIER},I-1,2026-05-01,5.00`]);
    const gone = await upload(['Nobody,I-2,2026-05-01,5.00', `${SUPPLIER},I-1,2026-05-01,5.00`]);
    await core.http.delete(`/api/imports/${gone.id}`);
    await expect(core.http.get(`/api/imports/${gone.id}`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(network.supplier.http.delete(`/api/imports/${id}`)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const remove = () =>
      core.http.delete(`/api/imports/${id}`).then(
        () => 'gone',
        ({ code, problem }: { code: string; problem: { detail: string } }) => [code, problem.detail],
      );
    await core.http.post(`/api/imports/${id}/prepare`, { rows: 'all-ok' });
    expect(await remove()).toEqual(['ALREADY_DONE', expect.stringContaining('wait for a signature')]);
    await core.http.post(`/api/imports/${id}/release`, {});
    await issue(id);
    expect(await remove()).toEqual(['ALREADY_DONE', expect.stringContaining('1 of its rows are issued')]);
  });
});
