/** What a checker finds: what has changed since, rows of imports whose act was refused, and quotes of two. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money } from '#client/money.ts';
import type { PreparedInstruction } from '#client/generated/schema.ts';
import type { Member } from '#client/member.ts';
import { addDays, legalDateOf } from '#domain/dates.ts';
import { taxNumberFor } from '#scripts/made-up-tax-numbers.ts';
import { pair, type Person } from '../../fixtures/firm.ts';
import { prepareGround, type Ground } from '../../fixtures/ground.ts';

type Sheet = {
  prepared: PreparedInstruction;
  isBatch: boolean;
  payees: { name: { zh: string } }[];
  changes: {
    code: string | null;
    meaning: { zh: string } | null;
    facts: { fact: string; before: { zh: string }; after: { zh: string } }[];
  };
};

describe('a checker', () => {
  let ground: Ground;
  let relayer: { close(): Promise<void> };
  let core: Member;
  let firm: Awaited<ReturnType<typeof pair>>;
  const due = addDays(legalDateOf(Date.now() / 1_000), 60);
  beforeAll(async () => {
    ground = await prepareGround();
    relayer = await ground.relayer();
    core = await ground.admit('核心', ['core_enterprise']);
    firm = await pair(ground, '供应商', ['supplier', 'core_enterprise'], taxNumberFor('TAX-firm'));
  });
  afterAll(async () => {
    await relayer?.close();
    await ground?.close();
  });

  /** A bill of 100.00 that the firm has taken. */
  const parcelOf = async (holder = firm) => {
    const bills = [{ payee: holder.number, face: money('100.00'), due }];
    const { makes } = await core.perform({ type: 'issue', bills });
    const parcel = makes.parcels[0]!;
    await holder.perform({ type: 'take', parcels: [parcel] });
    return parcel;
  };
  const prepare = async (instruction: object) =>
    (await firm.maker.prepare(instruction)).body as PreparedInstruction;
  const sheetOf = async ({ id }: { id: string }) =>
    (await firm.checker.ask('GET', `/api/instructions/${id}/sheet`)).body as Sheet;

  it('sees what the instruction would be now, and why it would be refused', async () => {
    const parcel = await parcelOf();
    const offer = { type: 'offer', parcel, to: core.number };
    const [all, exactly] = [await prepare(offer), await prepare({ ...offer, amount: money('100.00') })];
    await firm.maker.sign(all);
    expect((await sheetOf(all)).changes).toEqual({ code: null, detail: null, meaning: null, facts: [] });
    expect((await firm.perform({ ...offer, amount: money('40.00') })).state).toBe('done');
    const { changes } = await sheetOf(all);
    expect(changes.code).toBe('AMOUNT_EXCEEDS_PARCEL'); // what is signed is the amount of then
    expect(changes.meaning!.zh).toContain('¥60.00');
    expect(changes.facts).toMatchObject([
      { fact: 'amount', before: { zh: '¥100.00' }, after: { zh: '¥60.00' } },
    ]);
    expect((await sheetOf(exactly)).changes).toMatchObject({ code: 'AMOUNT_EXCEEDS_PARCEL' });
  });

  it('sees the documents of bills that are to be issued', async () => {
    const bills = [{ payee: core.number, face: money('5.00'), due }];
    const { body } = await firm.maker.prepare({ type: 'issue', bills });
    const prepared = body as PreparedInstruction;
    expect((await sheetOf(prepared)).prepared).toEqual(prepared);
  });

  describe('of an import', () => {
    const TAX = taxNumberFor('TAX-payee');
    let imported: string;
    beforeAll(async () => {
      await pair(ground, '收款人', ['supplier'], TAX);
      const rows = [2, 3].map((n) => `${TAX},F-${n},${due},1.00`);
      const text = ['供应商,发票号码,到期日,应付金额', ...rows].join('\n');
      const { body } = await firm.maker.ask('POST', '/api/imports', { name: 'payables.csv', text });
      imported = (body as { id: string }).id;
    });
    const prepareRow = async (row: number) => {
      const { body } = await firm.maker.ask('POST', `/api/imports/${imported}/prepare`, { rows: [row] });
      return (body as { instructions: PreparedInstruction[] }).instructions[0]!;
    };
    const counts = async () =>
      ((await firm.maker.ask('GET', `/api/imports/${imported}`)).body as { counts: object }).counts;
    const refuse = (by: Person, { id }: { id: string }) =>
      by.ask('POST', `/api/instructions/${id}/refuse`, { reason: '不对' });

    it('sets rows free at once when it refuses what nobody has signed', async () => {
      const act = await prepareRow(2);
      expect(await sheetOf(act)).toMatchObject({ isBatch: true, payees: [{ name: { zh: '收款人' } }] });
      expect(await counts()).toMatchObject({ ok: 1, prepared: 1 });
      await refuse(firm.checker, act);
      expect(await counts()).toMatchObject({ ok: 2, prepared: 0, held: 0 });
      expect((await firm.maker.ask('POST', `/api/instructions/${act.id}/again`)).code).toBe(
        'REQUEST_INVALID',
      );
    });

    it('holds rows of what somebody has signed until it has run out', async () => {
      const act = await prepareRow(3);
      await firm.maker.sign(act);
      await refuse(firm.checker, act);
      expect(await counts()).toMatchObject({ ok: 1, prepared: 0, held: 1 });
      const again = await firm.maker.ask('POST', `/api/imports/${imported}/prepare`, { rows: [3] });
      expect(again.code).toBe('ALREADY_DONE');
      expect((await firm.maker.ask('DELETE', `/api/imports/${imported}`)).code).toBe('ALREADY_DONE');
      await firm.maker.ask('POST', `/api/imports/${imported}/release`, {});
      expect(await counts()).toMatchObject({ ok: 1, held: 1 });
      await ground.provider.send('evm_increaseTime', [90_000]);
      await ground.provider.send('evm_mine', []);
      expect(await counts()).toMatchObject({ ok: 2, held: 0 });
    });
  });

  it('of a bank signs a quote after the maker, and then alone the holder sees it', async () => {
    const bank = await pair(ground, '银行', ['bank']);
    await bank.perform({ type: 'setLine', obligor: core.number, limit: money('1000.00') });
    const parcel = await parcelOf();
    const asked = await firm.maker.ask('POST', '/api/financing-requests', { parcel, banks: [bank.number] });
    const { id: request } = asked.body as { id: string };
    const { body } = await bank.maker.ask('POST', '/api/quotes/prepare', { request, rate: '0.02' });
    const prepared = body as PreparedInstruction;
    const received = async () =>
      ((await firm.maker.ask('GET', '/api/quotes?direction=received')).body as { items: object[] }).items
        .length;
    const sign = (by: Person) => by.handIn(prepared.id, [by.signatureOver(prepared)], 'quotes');
    type Inbox = { quotesToSign: { id: string }[]; counts: { sign_quote: number } };
    const toSign = async (by: Person) => (await by.ask('GET', '/api/inbox')).body as Inbox;
    // Its maker still looks at it.
    for (const by of [bank.maker, bank.checker]) expect((await toSign(by)).quotesToSign).toEqual([]);
    expect((await sign(bank.maker)).body).toMatchObject({
      state: 'prepared',
      signing: { missing: { weight: 1, signers: [{ person: { name: '银行复核' } }] } },
    });
    expect((await sign(bank.maker)).body).toMatchObject({ state: 'prepared' });
    expect(await received()).toBe(0);
    const sheet = await bank.checker.ask('GET', `/api/quotes/${prepared.id}/sheet`);
    expect(sheet.body).toMatchObject({
      prepared: { digest: prepared.digest, typedData: prepared.typedData, meaning: prepared.meaning },
      asked: { request, rate: '0.020000' },
      preparedBy: { name: '银行经办' },
      signing: { waitsForYou: true },
    });
    expect((await firm.maker.ask('GET', `/api/quotes/${prepared.id}/sheet`)).code).toBe('NOT_FOUND');
    expect(await toSign(bank.checker)).toMatchObject({
      quotesToSign: [{ id: prepared.id, request, preparedBy: { name: '银行经办' } }],
      counts: { sign_quote: 1 },
    });
    for (const by of [bank.maker, firm.maker]) expect((await toSign(by)).quotesToSign).toEqual([]);
    expect((await sign(bank.checker)).body).toMatchObject({
      state: 'open',
      signing: { missing: { weight: 0 } },
    });
    expect(await received()).toBe(1);
    expect((await sign(bank.maker)).status).toBe(200);
    expect((await toSign(bank.checker)).quotesToSign).toEqual([]);
    const given = await bank.maker.ask('POST', '/api/quotes/prepare', { request, rate: '0.03' });
    const { id } = given.body as PreparedInstruction;
    expect((await bank.maker.ask('POST', `/api/quotes/${id}/withdraw`)).body).toMatchObject({
      state: 'withdrawn',
    });
  });
});
