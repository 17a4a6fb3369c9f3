import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money } from '#client/money.ts';
import type { PreparedInstruction } from '#client/generated/schema.ts';
import type { Member } from '#client/member.ts';
import { writeXlsx } from 'hucre/xlsx';
import { zipOf } from '../../fixtures/archive.ts';
import { openNetwork, type TestNetwork } from '../../fixtures/network.ts';
import { tokenFor } from '../support/ask.ts';

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

/** A fixture between the test's firms. */
const ublOf = (name: string, invoice = 'UBL-1', number?: string): string => {
  const text = readFileSync(new URL(`../../fixtures/imports/${name}.xml`, import.meta.url), 'utf8');
  const named = text
    .replaceAll('TAX-1', '91320100MA3WRW1MY7')
    .replaceAll('远山汽车', '测试 coreFirm')
    .replace('Hongda', '测试 supplier');
  return named.replace('UBL-1', invoice).replace('CN-1', number ?? 'CN-1');
};

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
    core.http.post<{ instructions: PreparedInstruction[] }>(`/api/imports/${id}/prepare`, { rows, ...more });
  const counts = async (id: string) => (await core.http.get<Preview>(`/api/imports/${id}`)).counts;
  const issueAll = async (instructions: readonly PreparedInstruction[]) => {
    for (const act of instructions) await core.submitBatch(act);
    for (const act of instructions) await core.follow(act.id);
  };

  it('says for each bad row where and why; the good ones go on and are issued once', async () => {
    const {
      id,
      counts: first,
      rows,
      total,
    } = await upload(
      file([
        '91320100MA3WRW1MY7,F-1,2026-05-01,"1,000.00"',
        '测试 supplier2,F-2,2026-05-02,250.50',
        'Nobody Ltd,F-3,2026-05-03,10.00',
        '91320100MA3WRW1MY7,F-4,2020-01-01,abc',
      ]),
    );
    expect(first).toEqual({
      rows: 4,
      ok: 2,
      error: 2,
      credit: 0,
      credited: 0,
      prepared: 0,
      held: 0,
      sent: 0,
      issued: 0,
    });
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

    const { instructions } = await prepareRows(id, 'all-ok');
    expect(instructions).toHaveLength(1);
    expect(instructions[0]!.meaning.en).toContain('issue 2 bills of ¥1,250.50 in all to 2 suppliers');
    expect(await counts(id)).toMatchObject({ ok: 0, prepared: 2, issued: 0 });
    // The page was closed and the file is prepared again: nothing is left to go.
    expect((await prepareRows(id, 'all-ok')).instructions).toEqual([]);
    await expect(prepareRows(id, [2])).rejects.toMatchObject({ code: 'ALREADY_DONE' });
    await issueAll(instructions);
    expect(await counts(id)).toMatchObject({ ok: 0, error: 2, prepared: 0, issued: 2 });
    const issued = await rowsOf(id, 'issued');
    expect(issued.map(({ billNo }) => billNo)).toEqual(instructions[0]!.makes.bills);
    const bills = await core.http.list<{ billNo: string }>('/api/bills', { role: 'issued' });
    expect(bills.map(({ billNo }) => billNo)).toEqual(
      expect.arrayContaining([...instructions[0]!.makes.bills]),
    );
    const document = await network.supplier.http.get<{ invoices: { seller: string; number: string }[] }>(
      `/api/bills/${instructions[0]!.makes.bills[0]}/document`,
    );
    expect(document.invoices).toMatchObject([{ seller: '91320100MA3WRW1MY7', number: 'F-1' }]);
  });

  it('keeps of a file what a database keeps as text', async () => {
    const token = await tokenFor(network.apiUrl, { member: core.number });
    const send = async (name: string, bytes: Uint8Array) => {
      const form = new FormData();
      form.append('file', new Blob([Buffer.from(bytes)]), name);
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${network.apiUrl}/api/imports`, { method: 'POST', headers, body: form });
      return { status: answer.status, ...((await answer.json()) as Preview & { code?: string }) };
    };
    const filler = Array.from({ length: 200 }, (_, n) => `91320100MA3WRW1MY7,Z-${n},2026-05-01,1.00`);
    const long = [198, 199].map(
      (count) => `91320100MA3WRW1MY7,${'x'.repeat(count)}${'𠮷'.repeat(9)},2026-05-01,1.00`,
    );
    const table = Buffer.from(
      file([
        ...filler,
        '91320100MA\u00003WRW1MY7,Z-\u0001201,2026-05-01,1.00',
        'No\u0000body,Z,2026-05-01,1.00',
        ...long,
      ]).text,
    );
    expect(await send('a\u0000.csv', table)).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
    const { id, counts: found } = await send('a.csv', table);
    expect(found).toMatchObject({ ok: 201, error: 3 });
    const errors = (await rowsOf(id, 'error')).map((row) => row.errors.map(({ code }) => code));
    expect(errors).toEqual([['SUPPLIER_UNKNOWN'], ['VALUE_TOO_LONG'], ['VALUE_TOO_LONG']]);
    for (const name of ['a', 'aa'].map((start) => `${start}${'𠮷'.repeat(200)}.xml`))
      for (const character of ['&#0;', '&#xd800;', '\u0000']) {
        const content = ublOf('ubl-invoice')
          .replace('UBL-1', `UBL-${character}1`)
          .replace('="CNY"', `="C${character}Y"`);
        expect(await send('a.zip', zipOf([{ name, content }]))).toMatchObject({ status: 201 });
      }
  });

  it('asks what the file leaves open, and reads it again with the answer', async () => {
    const header = 'Vendor,Invoice,Due,Open amount,Amount';
    const rows = [
      '91320100MA3WRW1MY7,G-1,05/06/2026,100.00,100.00',
      '91320100MA3WRW1MY7,G-2,06/07/2026,200.00,200.00',
    ];
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
    const invoice = {
      seller: '91320100MA3WRW1MY7',
      number: 'H-1',
      total: money('10.00'),
      amount: money('10.00'),
    };
    await core.perform({
      type: 'issue',
      bills: [
        { payee: network.supplier.number, face: money('10.00'), due: '2026-06-01', invoices: [invoice] },
      ],
    });
    const { id } = await upload(
      file([
        '91320100MA3WRW1MY7,H-1,2026-05-01,10.00',
        '91320100MA3WRW1MY7,H-2,2026-05-01,20.00',
        '91320100MA3WRW1MY7,H-3,2026-05-01,30.00',
      ]),
    );
    const { instructions } = await prepareRows(id, 'all-ok');
    expect(instructions.map(({ makes }) => makes.bills.length)).toEqual([2]);
    const [bad] = await rowsOf(id, 'error');
    expect([bad!.row, bad!.errors[0]!.code]).toEqual([2, 'INVOICE_OCCUPIED']);
    // Meanwhile the invoice of the last row is used by another bill: the batch fails as a whole, and can go again.
    const used = { ...invoice, number: 'H-3', total: money('30.00'), amount: money('30.00') };
    await core.perform({
      type: 'issue',
      bills: [{ payee: network.supplier.number, face: money('30.00'), due: '2026-06-01', invoices: [used] }],
    });
    await core.submitBatch(instructions[0]!);
    await expect(core.follow(instructions[0]!.id)).rejects.toMatchObject({ code: 'INVOICE_OCCUPIED' });
    expect(await counts(id)).toMatchObject({ ok: 2, error: 1, prepared: 0, issued: 0 });
    const retried = await prepareRows(id, [3]);
    await issueAll(retried.instructions);
    expect(await counts(id)).toMatchObject({ ok: 1, error: 1, issued: 1 });
  });

  it('cuts many rows into instructions of fifty, and pages through them', async () => {
    const rows = Array.from({ length: 120 }, (_, n) => `91320100MA3WRW1MY7,M-${n},2026-05-01,${n + 1}.00`);
    const { id, rows: firstPage, total } = await upload(file(rows));
    expect(total).toEqual(money('7260.00'));
    expect([firstPage.items.length, firstPage.next === null]).toEqual([50, false]);
    const all = await core.http.list<Row>(`/api/imports/${id}/rows`, { limit: 33 });
    expect(all.map(({ row }) => row)).toEqual(Array.from({ length: 120 }, (_, n) => n + 2));
    const { instructions } = await prepareRows(id, 'all-ok', { due: '2026-05-15' });
    expect(instructions.map(({ makes }) => makes.bills.length)).toEqual([50, 50, 20]);
    await issueAll(instructions);
    expect(await counts(id)).toMatchObject({ ok: 0, issued: 120 });
    const bill = await core.http.get<{ due: string }>(`/api/bills/${instructions[2]!.makes.bills[0]}`);
    expect(bill.due).toBe('2026-05-15');
  });

  /** A file as a browser sends it. */
  const sendForm = async (
    content: Uint8Array | string,
    name: string,
    fields: Record<string, string> = {},
    key: string = randomUUID(),
  ) => {
    const token = await tokenFor(network.apiUrl, { member: core.number });
    const form = new FormData();
    form.set('file', new Blob([content as string]), name);
    for (const [field, value] of Object.entries(fields)) form.set(field, value);
    const headers = {
      authorization: `Bearer ${token}`,
      'idempotency-key': key,
      'accept-language': 'en',
    };
    const response = await fetch(`${network.apiUrl}/api/imports`, { method: 'POST', headers, body: form });
    type Answer = Preview & {
      code?: string;
      detail?: string;
      name?: string;
      kind?: string;
      encoding?: string;
    };
    return { status: response.status, body: (await response.json()) as Answer };
  };

  it('takes a file as a form, and refuses what it cannot read', async () => {
    const text = `\uFEFF${HEADER}\r\n91320100MA3WRW1MY7,N-1,2026-05-01,5.00\r\n`;
    const good = await sendForm(text, '应付账款.csv');
    expect([good.status, good.body.name, good.body.counts['ok']]).toEqual([201, '应付账款.csv', 1]);
    const zip = await sendForm(new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), 'book.xlsx');
    expect([zip.status, zip.body.code]).toEqual([422, 'FILE_BROKEN']);
    const legacy = await sendForm(new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0]), 'book.xls');
    expect([legacy.status, legacy.body.code]).toEqual([422, 'FILE_KIND_UNKNOWN']);
    expect(legacy.body.detail).toContain('.xlsx');
    expect((await sendForm(text, 'x.csv', { formats: '{"dueDate":"sometime"}' })).body.code).toBe(
      'REQUEST_INVALID',
    );
    expect((await sendForm(text, 'x.csv', { formats: 'no json' })).body.code).toBe('REQUEST_INVALID');
  });

  it('refuses the key of one file for another', async () => {
    const row = (number: string): string => `${HEADER}\r\n91320100MA3WRW1MY7,${number},2026-05-01,5.00\r\n`;
    const key = randomUUID();
    const first = await sendForm(row('K-1'), 'x.csv', {}, key);
    expect((await sendForm(row('K-1'), 'x.csv', {}, key)).body.id).toBe(first.body.id);
    expect((await sendForm(row('K-2'), 'x.csv', {}, key)).body.code).toBe('IDEMPOTENCY_CONFLICT');
  });

  it('gives a long answer again to the same key', async () => {
    const remarks = Array.from({ length: 60 }, (_, n) => `备注${n}`).join();
    const text = `${HEADER},${remarks}\r\n91320100MA3WRW1MY7,K-3,2026-05-01,5.00,${remarks}\r\n`;
    const key = randomUUID();
    const first = await sendForm(text, 'x.csv', {}, key);
    expect(JSON.stringify(first.body).length).toBeGreaterThan(4_096);
    expect(await sendForm(text, 'x.csv', {}, key)).toEqual(first);
  });

  it('takes workbooks, Chinese text and archives of invoices', async () => {
    const due = new Date('2026-05-01T00:00:00Z');
    const rows = [HEADER.split(','), ['91320100MA3WRW1MY7', '26322000000012345678', due, 12.5]];
    const book = await sendForm(await writeXlsx({ sheets: [{ name: '应付', rows }] }), '应付.xlsx');
    expect([book.status, book.body.kind, book.body.counts['ok'], book.body.total]).toEqual([
      201,
      'xlsx',
      1,
      money('12.50'),
    ]);
    // 91320100MA3WRW1MY7,发票号码 … in GB18030
    const header = Buffer.from('b9a9d3a6c9cc2cb7a2c6b1bac5c2eb2cb5bdc6dac8d52cd3a6b8b6bdf0b6ee', 'hex');
    const chinese = Buffer.concat([header, Buffer.from('\n91320100MA3WRW1MY7,GB-1,2026-05-01,7.00\n')]);
    const text = await sendForm(chinese, '应付.csv');
    expect([text.body.encoding, text.body.counts['ok']]).toEqual(['gb18030', 1]);
    const blanks = ' '.repeat(2 ** 24 - 1);
    const bomb = zipOf(Array.from({ length: 20 }, (_, n) => ({ name: `${n}.xml`, content: blanks })));
    const refused = await sendForm(bomb, 'bomb.zip');
    expect([refused.status, refused.body.code]).toEqual([422, 'ARCHIVE_INFLATES']);
    expect((await core.http.list<{ name: string }>('/api/imports')).map(({ name }) => name)).not.toContain(
      'bomb.zip',
    );
  });

  it('reduces an invoice by its credit notes, wherever they come from, and counts each once', async () => {
    const [invoice, credit] = [ublOf('ubl-invoice'), ublOf('ubl-credit-note')];
    const archive = (...files: string[]) => zipOf(files.map((content, n) => ({ name: `${n}.xml`, content })));
    // The credit note stands before its invoice, and after another's.
    const other = ublOf('ubl-invoice', 'UBL-2');
    const both = await sendForm(archive(other, credit, invoice), 'march.zip');
    expect(both.body.counts).toMatchObject({ rows: 3, ok: 2, credit: 1, credited: 0, error: 0 });
    expect(both.body.rows.items[2]!.payable?.amount).toEqual(money('1000.00'));
    const credits = (id: string, count: boolean) =>
      core.http.post<Preview>(`/api/imports/${id}/credits`, { rows: 'all', count });
    const counting = await credits(both.body.id, true);
    expect(counting.counts).toMatchObject({ rows: 3, ok: 2, credit: 0, credited: 1, error: 0 });
    expect(counting.rows.items.map(({ payable, state }) => [state, payable?.amount ?? null])).toEqual([
      ['ok', money('1000.00')],
      ['credited', null],
      ['ok', money('750.00')],
    ]);
    // Taken back, and given again.
    expect((await credits(both.body.id, false)).rows.items[2]!.payable?.amount).toEqual(money('1000.00'));
    await credits(both.body.id, true);
    // The other one is issued; then a credit note for it comes in, once and once more.
    const late = ublOf('ubl-credit-note', 'UBL-2', 'CN-2');
    const first = await sendForm(late, 'credit.xml');
    expect(first.body.counts).toMatchObject({ credit: 1, error: 0 });
    expect((await credits(first.body.id, true)).counts['credited']).toBe(1);
    const again = await sendForm(late, 'credit.xml');
    expect(again.body.rows.items[0]!.errors.map(({ code }) => code)).toEqual(['CREDIT_KNOWN']);
    const { instructions } = await prepareRows(both.body.id, 'all-ok');
    expect(instructions.map(({ makes }) => makes.bills.length)).toEqual([1]);
    const stale = await rowsOf(both.body.id, 'error');
    expect(stale.map(({ row, errors }) => [row, errors[0]!.code])).toEqual([[1, 'CREDITED_SINCE']]);
    await issueAll(instructions);
    const reread = await core.http.patch<Preview>(`/api/imports/${both.body.id}`, {});
    expect(reread.rows.items.map(({ payable }) => payable?.amount ?? null)).toEqual([
      money('750.00'),
      null,
      money('750.00'),
    ]);
    // All of it is credited now: nothing is left to back.
    const rest = await sendForm(
      ublOf('ubl-credit-note', 'UBL-2', 'CN-3').replaceAll('250.00', '880.00'),
      'rest.xml',
    );
    expect(rest.body.counts['credit']).toBe(1);
    await credits(rest.body.id, true);
    // The same once more, under another number, is more than the invoice came to.
    const twice = await sendForm(
      ublOf('ubl-credit-note', 'UBL-2', 'CN-4').replaceAll('250.00', '880.00'),
      'twice.xml',
    );
    const asked = await credits(twice.body.id, true);
    expect(asked.rows.items[0]!.errors.map(({ code }) => code)).toEqual(['CREDIT_EXCEEDS']);
    const gone = await core.http.patch<Preview>(`/api/imports/${both.body.id}`, {});
    expect(gone.rows.items[0]!.errors.map(({ code }) => code)).toEqual(['INVOICE_CREDITED']);
    await credits(rest.body.id, false);
    const back = await core.http.patch<Preview>(`/api/imports/${both.body.id}`, {});
    expect(back.rows.items[0]!.errors).toEqual([]);
  });

  it('finds invoices that the chain knows already, and goes on with what is left of them', async () => {
    const used = {
      seller: '91320100MA3WRW1MY7',
      number: 'K-1',
      total: money('100.00'),
      amount: money('60.00'),
    };
    await core.perform({
      type: 'issue',
      bills: [{ payee: network.supplier.number, face: money('60.00'), due: '2026-06-01', invoices: [used] }],
    });
    const { id, rows } = await upload(
      file(
        ['91320100MA3WRW1MY7,K-1,2026-05-01,100.00,100.00', '91320100MA3WRW1MY7,K-1b,2026-05-01,1.00,1.00'],
        `${HEADER},发票金额`,
      ),
    );
    expect(rows.items[0]!.errors.map(({ code, message }) => [code, message.en.includes('¥40.00')])).toEqual([
      ['INVOICE_OCCUPIED', true],
    ]);
    expect(await counts(id)).toMatchObject({ ok: 1, error: 1 });
    const differs = await upload(
      file(['91320100MA3WRW1MY7,K-1,2026-05-01,10.00,90.00'], `${HEADER},发票金额`),
    );
    expect(differs.rows.items[0]!.errors[0]!.code).toBe('INVOICE_TOTAL_DIFFERS');
    const left = await upload(file(['91320100MA3WRW1MY7,K-1,2026-05-01,40.00,100.00'], `${HEADER},发票金额`));
    expect(left.rows.items[0]!.errors).toEqual([]);
    await issueAll((await prepareRows(left.id, 'all-ok')).instructions);
    expect(await counts(left.id)).toMatchObject({ issued: 1 });
  });

  it('prepares a large file in portions, finds again what was left unsigned, and gives it up when told to', async () => {
    const count = 1_030;
    const rows = Array.from({ length: count }, (_, n) => `91320100MA3WRW1MY7,P-${n},2026-05-01,1.00`);
    const { id } = await upload(file(rows));
    type Portion = {
      instructions: PreparedInstruction[];
      next: number | null;
      whole: { bills: number; amount: unknown; meaning: { en: string } } | null;
    };
    const portion = (more: object) =>
      core.http.post<Portion>(`/api/imports/${id}/prepare`, { rows: 'all-ok', except: [2, 3], ...more });
    const first = await portion({});
    expect([first.instructions.length, first.next]).toEqual([10, 503]);
    expect(first.whole).toMatchObject({ bills: count - 2, amount: money(`${count - 2}.00`) });
    expect(first.whole!.meaning.en).toContain(`issue ${count - 2} bills of ¥1,028.00`);
    // The page is closed after three of them were signed.
    for (const act of first.instructions.slice(0, 3)) await core.submitBatch(act);
    const open = await core.http.get<{ instructions: PreparedInstruction[] }>(`/api/imports/${id}/batches`);
    expect(open.instructions.map(({ id }) => id)).toEqual(first.instructions.slice(3).map(({ id }) => id));
    await core.submitBatch(open.instructions[0]!);
    for (const act of first.instructions.slice(0, 4)) await core.follow(act.id);
    expect(await counts(id)).toMatchObject({ ok: count - 500, prepared: 300, sent: 0, issued: 200 });
    // What is still unsigned is given up: it is not taken any more, and its rows go with the next portions.
    const released = await core.http.post<Preview>(`/api/imports/${id}/release`, {});
    expect(released.counts).toMatchObject({ ok: count - 200, prepared: 0, issued: 200 });
    await expect(core.submitBatch(first.instructions[9]!)).rejects.toMatchObject({
      code: 'INSTRUCTION_CLOSED',
    });
    const second = await portion({ after: 0 });
    expect([second.instructions.length, second.whole]).toEqual([10, null]);
    const third = await portion({ after: second.next });
    expect([third.instructions.map(({ makes }) => makes.bills.length).at(-1), third.next]).toEqual([
      28,
      null,
    ]);
    await issueAll([...second.instructions, ...third.instructions]);
    expect(await counts(id)).toMatchObject({ ok: 2, issued: count - 2 });
    const bills = (await core.http.list<Row>(`/api/imports/${id}/rows`, { state: 'issued', limit: 200 })).map(
      ({ billNo }) => billNo,
    );
    expect(new Set(bills).size).toBe(count - 2);
  });
});
