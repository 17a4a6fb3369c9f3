/** One invoice, one claim: whoever names it, in whatever spelling, in a request or in a file. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Key } from '#client/key.ts';
import { Member } from '#client/member.ts';
import { money } from '#client/money.ts';
import type { Role } from '#domain/codes.ts';
import { openNetwork, type TestNetwork } from '../../fixtures/network.ts';

type Rows = { items: { row: number; state: string; errors: { column: string; code: string }[] }[] };
type Preview = { id: string; rows: Rows };
type Invoice = { seller?: string; code?: string; number: string; total?: string; amount?: string };

const TAX_NUMBER = '91320100MA00NFG424';
const HEADER = '供应商税号,发票代码,发票号码,发票金额,到期日';

describe('an invoice', () => {
  let network: TestNetwork;
  let seller: Member;
  let nameless: Member;

  const admit = async (name: string, taxId?: string, role: Role = 'supplier') => {
    const key = Key.fromSeed(name);
    const number = await network.operator.admit({
      name: { zh: name, en: name },
      roles: [role],
      signers: [{ type: 'p256', x: key.x, y: key.y }],
      ...(taxId === undefined ? {} : { taxId }),
    });
    return Member.enter(network.apiUrl, number, key);
  };
  beforeAll(async () => {
    network = await openNetwork();
    seller = await admit('海潮贸易', TAX_NUMBER);
    nameless = await admit('无税号');
  });
  afterAll(() => network?.close());

  const billOf = (...invoices: Invoice[]) => ({
    payee: seller.number,
    face: money('100.00'),
    due: '2026-06-01',
    invoices: invoices.map(({ total = '100.00', amount = '100.00', ...named }) => ({
      seller: TAX_NUMBER,
      ...named,
      total: money(total),
      amount: money(amount),
    })),
  });
  type Bill = ReturnType<typeof billOf>;
  const issue = (...bills: Bill[]) => network.coreFirm.perform({ type: 'issue', bills });
  const refusal = (...bills: Bill[]) =>
    issue(...bills).then(
      () => 'nothing',
      ({ code, message }: { code: string; message: string }) => `${code} ${message}`,
    );
  const upload = async (...rows: string[]) => {
    const body = { name: 'payables.csv', text: [HEADER, ...rows].join('\n') };
    const { rows: read } = await network.coreFirm.http.post<Preview>('/api/imports', body);
    return read.items.map(({ errors }) => errors.map(({ column, code }) => `${column} ${code}`).join());
  };

  it('backs one claim, however its number and its seller are written', async () => {
    await issue(billOf({ number: 'BI-41' }));
    for (const number of [
      'bi-41',
      ' BI-41',
      'BI-41\u200b',
      '\uff22\uff29\uff0d\uff14\uff11',
      "'BI\u201141",
    ]) {
      expect(await refusal(billOf({ number }))).toContain('INVOICE_OCCUPIED');
    }
    const lower = billOf({ seller: TAX_NUMBER.toLowerCase(), number: 'BI-41' });
    expect(await refusal(lower)).toContain('INVOICE_OCCUPIED');
    expect(await upload(`${TAX_NUMBER},,Bi‑41,100.00,2026-06-01`)).toEqual(['null INVOICE_OCCUPIED']);
  });

  it('is used by the sum where one request names it twice, and refused beyond its amount', async () => {
    const half = (number: string) => billOf({ number, amount: '50.00' });
    await issue(half('BI-42'), half('bi\u201442'));
    expect(await refusal(billOf({ number: 'BI-43' }), half('bi-43'))).toContain('INVOICE_OCCUPIED');
    await issue(billOf({ number: 'BI-44', amount: '60.00' }, { number: '“BI-44”', amount: '40.00' }));
    expect(await refusal(billOf({ number: 'BI-44', amount: '0.01' }))).toContain('INVOICE_OCCUPIED');
  });

  it('is the payee’s, whose tax number is known', async () => {
    const foreign = await refusal(billOf({ number: 'ok' }), billOf({ seller: 'NOBODY', number: 'F-1' }));
    expect(foreign).toContain('REQUEST_INVALID');
    expect(foreign).toContain('bills/1/invoices/0, invoice F-1: its seller NOBODY is not the payee');
    const toNameless = { ...billOf({ number: 'F-1' }), payee: nameless.number };
    expect(await refusal(toNameless)).toContain('REQUEST_INVALID');
    const [row] = await upload(`${nameless.number},,F-1,100.00,2026-06-01`);
    expect(row).toBe('供应商税号 SUPPLIER_WITHOUT_TAX_NUMBER');
  });

  it('has no letters that look like others', async () => {
    expect(await refusal(billOf({ number: '\u0412I-41' }))).toContain('REQUEST_INVALID');
    expect(await upload(`${TAX_NUMBER},,\u0412I-41,100.00,2026-06-01`)).toEqual([
      '发票号码 INVOICE_NUMBER_UNREADABLE',
    ]);
  });

  it('of an old kind is known by code and number together', async () => {
    const [one, two] = [
      { code: '033002300111', number: '00123456' },
      { code: '033002300112', number: '00123456' },
    ];
    expect(await refusal(billOf({ number: '00123456' }))).toContain('INVOICE_CODE_MISSING');
    expect(await refusal(billOf({ code: '330023001', number: '00123456' }))).toContain('REQUEST_INVALID');
    await issue(billOf(one), billOf(two));
    expect(await refusal(billOf({ number: '033002300111-00123456' }))).toContain('INVOICE_OCCUPIED');
    expect(
      await upload(
        `${TAX_NUMBER},033002300113,00123456,100.00,2026-06-01`,
        `${TAX_NUMBER},033002300114,00123456,100.00,2026-06-01`,
        `${TAX_NUMBER},033002300113,123456,100.00,2026-06-01`,
        `${TAX_NUMBER},,00123456,100.00,2026-06-01`,
        `${TAX_NUMBER},330023001,00123456,100.00,2026-06-01`,
        `${TAX_NUMBER},033002300111,00123456,100.00,2026-06-01`,
      ),
    ).toEqual([
      '',
      '',
      '发票号码 INVOICE_DUPLICATE',
      '发票号码 INVOICE_CODE_MISSING',
      '发票代码 INVOICE_CODE_INVALID',
      'null INVOICE_OCCUPIED',
    ]);
  });

  it('is found by its number in any spelling', async () => {
    const { items } = await network.coreFirm.http.get<{ items: { code: string | null; number: string }[] }>(
      '/api/invoices/bills',
      { number: ' 00123456' },
    );
    expect(items.map(({ code }) => code).sort()).toEqual(['033002300111', '033002300112']);
  });

  describe('that bills lay claim to', () => {
    type Claimed = {
      number: string;
      used: { amount: string };
      bills: number;
      claims: {
        acceptor: { number: number };
        billNo: string | null;
        taken: boolean;
        amount: { amount: string };
      }[];
    };
    type Document = { invoices: Claimed[] };
    const listed = async (member: Member, number: string) =>
      (await member.http.list<Claimed>('/api/invoices')).find((invoice) => invoice.number === number);
    const behind = async (member: Member, bill: string) =>
      (await member.http.get<Document>(`/api/bills/${bill}/document`)).invoices[0]!;
    let other: Member;
    let first: string;
    let second: string;

    beforeAll(async () => {
      other = await admit('另一核心', undefined, 'core_enterprise');
      const { makes } = await issue(billOf({ number: 'CL-1', amount: '60.00' }));
      first = makes.bills[0]!;
      await seller.perform({ type: 'take', parcels: [makes.parcels[0]!] });
      const bills = [billOf({ number: 'cl\u20111', amount: '40.00' })];
      second = (await other.perform({ type: 'issue', bills })).makes.bills[0]!;
      const { number } = network.bank;
      await seller.ask({ parcel: makes.parcels[0]!, banks: [number], purpose: 'discount' });
    });

    it('shows its seller who claims what of it, and which bill can be refused to free it', async () => {
      const claimed = await listed(seller, 'CL-1');
      expect(claimed).toMatchObject({ used: money('100.00'), bills: 2 });
      expect(claimed!.claims).toMatchObject([
        { acceptor: { number: network.coreFirm.number }, billNo: first, taken: true, amount: money('60.00') },
        { acceptor: { number: other.number }, billNo: second, taken: false, amount: money('40.00') },
      ]);
    });

    it('shows an invited bank and an issuer the other claims, not the bills behind them', async () => {
      for (const [member, own] of [
        [network.bank, first],
        [network.coreFirm, first],
        [other, second],
      ] as const) {
        const { used, claims } = await behind(member, own);
        expect(used).toEqual(money('100.00'));
        expect(claims.map(({ billNo }) => billNo).sort()).toEqual([own, null].sort());
        expect(await listed(member, 'CL-1')).toBeUndefined();
      }
      const requests = await network.bank.http.list<{ id: string }>('/api/financing-requests', {
        direction: 'invited',
      });
      const { invoices } = await network.bank.http.get<Document>(
        `/api/financing-requests/${requests[0]!.id}`,
      );
      expect(invoices).toMatchObject([{ number: 'CL-1', used: money('100.00'), bills: 2 }]);
    });

    it('shows a stranger nothing', async () => {
      const asked = behind(network.stranger, first);
      await expect(asked).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(behind(network.bank2, first)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect(await network.stranger.http.list('/api/invoices')).toEqual([]);
    });

    it('is free again when its seller refuses the bill', async () => {
      const { parcels } = await seller.http.get<{ parcels: { id: string }[] }>(`/api/bills/${second}`);
      await seller.perform({ type: 'refuse', parcel: parcels[0]!.id });
      expect(await listed(seller, 'CL-1')).toMatchObject({ used: money('60.00'), bills: 1 });
    });
  });

  it('that does not back all of a bill is spoken of before issuing and before taking', async () => {
    const prepare = async (by: Member, act: unknown) =>
      (await by.http.post<{ meaning: { en: string } }>('/api/instructions/prepare', { instruction: act }))
        .meaning.en;
    const part = billOf({ number: 'P-1', total: '40.00', amount: '40.00' });
    const none = billOf();
    expect(await prepare(network.coreFirm, { type: 'issue', bills: [part] })).toContain(
      'of the face of ¥100.00, ¥60.00 has no invoice behind it',
    );
    expect(await prepare(network.coreFirm, { type: 'issue', bills: [none] })).toContain(
      '; no invoice is behind it',
    );
    expect(
      await prepare(network.coreFirm, { type: 'issue', bills: [billOf({ number: 'P-2' })] }),
    ).not.toContain('behind it');
    const { makes } = await issue(part, none, billOf({ number: 'P-3' }));
    const sentences = await Promise.all(
      makes.parcels.map((parcel) => prepare(seller, { type: 'take', parcels: [parcel] })),
    );
    expect(sentences.map((sentence) => sentence.split('in place of cash')[1])).toEqual([
      '; of the face of ¥100.00, ¥60.00 has no invoice behind it',
      '; no invoice is behind it',
      '',
    ]);
  });
});
