import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money } from '#client/money.ts';
import type { PreparedAct } from '#client/generated/schema.ts';
import type { Member } from '#client/member.ts';
import { openNetwork, type TestNetwork } from '../fixtures/network.ts';
import { tokenFor } from './support/ask.ts';

type Row = {
  row: number;
  state: string;
  billNo: string | null;
  payable: { amount: unknown; dueDate: string; supplier: { number: number } } | null;
  errors: { column: string | null; code: string; message: { zh: string; en: string } }[];
};
type Preview = {
  id: string;
  questions: { kind: string; field: string; choices: string[] }[];
  counts: Record<string, number>;
  total: unknown;
  mapping: Record<string, string>;
  rows: { items: Row[]; next: string | null };
};
const HEADER = '供应商,发票号码,到期日,应付金额';
const file = (rows: readonly string[], header = HEADER) => ({
  name: 'payables.csv',
  text: [header, ...rows].join('\n'),
});

describe('imports', () => {
  let network: TestNetwork;
  let core: Member;
  beforeAll(async () => {
    network = await openNetwork();
    core = network.coreFirm;
  });
  afterAll(() => network?.close());

  const upload = (body: object) => core.http.post<Preview>('/api/imports', body);
  const rowsOf = (id: string, state?: string) => core.http.list<Row>(`/api/imports/${id}/rows`, { state });
  const prepareRows = (id: string, rows: unknown, more: object = {}) =>
    core.http.post<{ acts: PreparedAct[] }>(`/api/imports/${id}/prepare`, { rows, ...more });
  const counts = async (id: string) => (await core.http.get<Preview>(`/api/imports/${id}`)).counts;
  const issueAll = async (acts: readonly PreparedAct[]) => {
    for (const act of acts) await core.submit(act);
    for (const act of acts) await core.follow(act.id);
  };

  it('says for each bad row where and why; the good ones go on and are issued once', async () => {
    const {
      id,
      counts: first,
      rows,
      total,
    } = await upload(
      file([
        'TAX-supplier,F-1,2026-05-01,"1,000.00"',
        '测试 supplier2,F-2,2026-05-02,250.50',
        'Nobody Ltd,F-3,2026-05-03,10.00',
        'TAX-supplier,F-4,2020-01-01,abc',
      ]),
    );
    expect(first).toEqual({ rows: 4, ok: 2, error: 2, credit: 0, prepared: 0, sent: 0, issued: 0 });
    expect(total).toEqual(money('1250.50'));
    expect(
      rows.items.map(({ row, errors }) => [row, errors.map(({ column, code }) => [column, code])]),
    ).toEqual([
      [2, []],
      [3, []],
      [4, [['供应商', 'SUPPLIER_UNKNOWN']]],
      [
        5,
        [
          ['到期日', 'DUE_DATE_PAST'],
          ['应付金额', 'AMOUNT_UNREADABLE'],
        ],
      ],
    ]);
    expect(rows.items[0]!.payable).toMatchObject({
      amount: money('1000.00'),
      supplier: { number: network.supplier.number },
    });

    const { acts } = await prepareRows(id, 'all-ok');
    expect(acts).toHaveLength(1);
    expect(acts[0]!.meaning.en).toContain('issue 2 bills of ¥1,250.50 in all to 2 suppliers');
    expect(await counts(id)).toMatchObject({ ok: 0, prepared: 2, issued: 0 });
    // The page was closed and the file is prepared again: nothing is left to go.
    expect((await prepareRows(id, 'all-ok')).acts).toEqual([]);
    await expect(prepareRows(id, [2])).rejects.toMatchObject({ code: 'ALREADY_DONE' });
    await issueAll(acts);
    expect(await counts(id)).toMatchObject({ ok: 0, error: 2, prepared: 0, issued: 2 });
    const issued = await rowsOf(id, 'issued');
    expect(issued.map(({ billNo }) => billNo)).toEqual(acts[0]!.makes.bills);
    const bills = await core.http.list<{ billNo: string }>('/api/bills', { role: 'issued' });
    expect(bills.map(({ billNo }) => billNo)).toEqual(expect.arrayContaining([...acts[0]!.makes.bills]));
    const document = await network.supplier.http.get<{ invoices: { seller: string; number: string }[] }>(
      `/api/bills/${acts[0]!.makes.bills[0]}/document`,
    );
    expect(document.invoices).toMatchObject([{ seller: 'TAX-supplier', number: 'F-1' }]);
  });

  it('asks what the file leaves open, and reads it again with the answer', async () => {
    const header = 'Vendor,Invoice,Due,Open amount,Amount';
    const rows = ['TAX-supplier,G-1,05/06/2026,100.00,100.00', 'TAX-supplier,G-2,06/07/2026,200.00,200.00'];
    const before = await upload(file(rows, header));
    expect(before.questions.map(({ kind, field }) => [kind, field])).toEqual([
      ['column', 'amount'],
      ['format', 'dueDate'],
    ]);
    const after = await core.http.patch<Preview>(`/api/imports/${before.id}`, {
      mapping: { amount: 'Open amount' },
      formats: { dueDate: 'DD/MM/YYYY' },
    });
    expect(after.questions).toEqual([]);
    expect(after.rows.items.map(({ payable }) => payable?.dueDate)).toEqual(['2026-06-05', '2026-07-06']);
    const again = await core.http.get<Preview>(`/api/imports/${before.id}`);
    expect([again.mapping['amount'], again.counts['ok']]).toEqual(['Open amount', 2]);
  });

  it('sets rows free whose act fails, and marks the row that the chain refuses', async () => {
    const invoice = { seller: 'TAX-supplier', number: 'H-1', total: money('10.00'), amount: money('10.00') };
    await core.perform({
      type: 'issue',
      bills: [
        { payee: network.supplier.number, face: money('10.00'), due: '2026-06-01', invoices: [invoice] },
      ],
    });
    const { id } = await upload(
      file([
        'TAX-supplier,H-1,2026-05-01,10.00',
        'TAX-supplier,H-2,2026-05-01,20.00',
        'TAX-supplier,H-3,2026-05-01,30.00',
      ]),
    );
    const { acts } = await prepareRows(id, 'all-ok');
    expect(acts.map(({ makes }) => makes.bills.length)).toEqual([2]);
    const [bad] = await rowsOf(id, 'error');
    expect([bad!.row, bad!.errors[0]!.code]).toEqual([2, 'INVOICE_OCCUPIED']);
    // Meanwhile the invoice of the last row is used by another bill: the batch fails as a whole, and can go again.
    const used = { ...invoice, number: 'H-3', total: money('30.00'), amount: money('30.00') };
    await core.perform({
      type: 'issue',
      bills: [{ payee: network.supplier.number, face: money('30.00'), due: '2026-06-01', invoices: [used] }],
    });
    await core.submit(acts[0]!);
    await expect(core.follow(acts[0]!.id)).rejects.toMatchObject({ code: 'INVOICE_OCCUPIED' });
    expect(await counts(id)).toMatchObject({ ok: 2, error: 1, prepared: 0, issued: 0 });
    const retried = await prepareRows(id, [3]);
    await issueAll(retried.acts);
    expect(await counts(id)).toMatchObject({ ok: 1, error: 1, issued: 1 });
  });

  it('cuts many rows into acts of fifty, and pages through them', async () => {
    const rows = Array.from({ length: 120 }, (_, n) => `TAX-supplier,M-${n},2026-05-01,${n + 1}.00`);
    const { id, rows: firstPage, total } = await upload(file(rows));
    expect(total).toEqual(money('7260.00'));
    expect([firstPage.items.length, firstPage.next === null]).toEqual([50, false]);
    const all = await core.http.list<Row>(`/api/imports/${id}/rows`, { limit: 33 });
    expect(all.map(({ row }) => row)).toEqual(Array.from({ length: 120 }, (_, n) => n + 2));
    const { acts } = await prepareRows(id, 'all-ok', { due: '2026-05-15' });
    expect(acts.map(({ makes }) => makes.bills.length)).toEqual([50, 50, 20]);
    await issueAll(acts);
    expect(await counts(id)).toMatchObject({ ok: 0, issued: 120 });
    const bill = await core.http.get<{ due: string }>(`/api/bills/${acts[2]!.makes.bills[0]}`);
    expect(bill.due).toBe('2026-05-15');
  });

  it('takes a file as a form, and refuses what it cannot read', async () => {
    const token = await tokenFor(network.apiUrl, { member: core.number });
    const send = async (content: Uint8Array | string, name: string, formats?: string) => {
      const form = new FormData();
      form.set('file', new Blob([content as string]), name);
      if (formats !== undefined) form.set('formats', formats);
      const response = await fetch(`${network.apiUrl}/api/imports`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'idempotency-key': randomUUID(),
          'accept-language': 'en',
        },
        body: form,
      });
      return {
        status: response.status,
        body: (await response.json()) as Preview & { code?: string; detail?: string; name?: string },
      };
    };
    const text = `\uFEFF${HEADER}\r\nTAX-supplier,N-1,2026-05-01,5.00\r\n`;
    const good = await send(text, '应付账款.csv');
    expect([good.status, good.body.name, good.body.counts['ok']]).toEqual([201, '应付账款.csv', 1]);
    const zip = await send(new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), 'book.xlsx');
    expect([zip.status, zip.body.code]).toEqual([422, 'FILE_BROKEN']);
    const legacy = await send(new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0]), 'book.xls');
    expect([legacy.status, legacy.body.code]).toEqual([422, 'FILE_KIND_UNKNOWN']);
    expect(legacy.body.detail).toContain('.xlsx');
    expect((await send(text, 'x.csv', '{"dueDate":"sometime"}')).body.code).toBe('REQUEST_INVALID');
    expect((await send(text, 'x.csv', 'no json')).body.code).toBe('REQUEST_INVALID');
  });
});
