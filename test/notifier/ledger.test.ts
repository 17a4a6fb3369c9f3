/** What the ledger has to tell: from acts that happened to who hears of them, also when the chain takes them back. */
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money } from '#client/money.ts';
import type { Member } from '#client/member.ts';
import { Operator } from '#client/operator.ts';
import { readCursor } from '#db/chain/store.ts';
import { connect, type Database } from '#db/wire/connect.ts';
import { addDays, instantOf, legalDateOf } from '#domain/dates.ts';
import { Notifier } from '#notifier/notifier.ts';
import { prepareGround, until, type Ground } from '../fixtures/ground.ts';

const DAY = 86_400;

describe('the ledger', () => {
  let ground: Ground;
  let relayer: { close(): Promise<void> };
  let notifier: Notifier;
  let own: Database;
  let operator: Operator;
  let core: Member, supplier: Member, other: Member, bank: Member, bank2: Member, settler: Member;
  /** How far the ledger's clock is ahead (seconds). */
  let ahead = 0;
  const ledgerNow = async () => Math.floor(Date.now() / 1_000) + ahead;
  const dueOn = (days: number) => addDays(legalDateOf(Math.floor(Date.now() / 1_000)), days);

  beforeAll(async () => {
    ground = await prepareGround();
    relayer = await ground.relayer();
    own = connect(ground.databaseUrl, { role: 'tallystick_api', max: 3 });
    notifier = new Notifier({
      db: own,
      deployment: { currency: 'CNY' },
      origin: 'https://bills.example.com',
      webhookKey: Buffer.alloc(32),
      isDemo: true,
      channels: [],
      now: () => new Date(Date.now() + ahead * 1_000),
      ledgerNow,
      remindMs: 0,
      log: pino({ level: 'silent' }),
    });
    core = await ground.admit('core', ['core_enterprise']);
    supplier = await ground.admit('supplier', ['supplier']);
    await proved();
    await notifier.round(); // from here on
    other = await ground.admit('other', ['supplier']);
    bank = await ground.admit('bank', ['bank']);
    bank2 = await ground.admit('bank2', ['bank']);
    settler = await ground.admit('settler', ['settlement_bank']);
    operator = await Operator.enter(ground.apiUrl);
  });
  afterAll(async () => {
    await relayer?.close();
    await own?.destroy();
    await ground?.close();
  });

  const proved = () =>
    until(async () => {
      const cursor = await readCursor(ground.db);
      const head = (await ground.provider.send('eth_getBlockByNumber', ['latest', false])) as {
        hash: string;
      };
      return (
        cursor !== undefined &&
        `0x${cursor.block_hash.toString('hex')}` === head.hash &&
        cursor.proved_block === cursor.block_number
      );
    });
  const round = async (): Promise<void> => {
    await proved();
    const { failure } = await notifier.round();
    if (failure !== undefined) throw failure;
  };
  /** What a firm was told since it was last asked. */
  const seen = new Set<string>();
  const news = async (member: Member | { number: number }) => {
    const rows = await ground.db
      .selectFrom('app.notice')
      .select(['id', 'kind', 'facts', 'retracted_at'])
      .where('member', '=', member.number)
      .orderBy('id')
      .execute();
    const fresh = rows.filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    return fresh.map(({ kind, facts }) => ({ kind, ...(facts as object) }));
  };
  const kindsTold = async (member: Member) => (await news(member)).map(({ kind }) => kind).sort();
  const issue = async (due = dueOn(60), amount = '100.00') => {
    const { makes } = await core.perform({
      type: 'issue',
      bills: [{ payee: supplier.number, face: money(amount), due }],
    });
    return makes.parcels[0]!;
  };

  it('tells nothing of what was before, and of an admission', async () => {
    await round();
    expect(await kindsTold(core)).toEqual([]);
    expect(await kindsTold(other)).toEqual(['admitted']);
    await Promise.all([bank, bank2, settler].map(kindsTold));
  });

  it('tells a firm that its signing policy is about to change, and that it has changed', async () => {
    const { signers } = await other.http.get<{ signers: { key: string }[] }>('/api/account/policy');
    const keys = signers.map(({ key }) => ({ key, level: 1 }));
    const policy = { signers: keys, threshold: 1, adminThreshold: 1, changeDelay: 3_600 };
    await other.perform({ type: 'changePolicy', policy });
    await until(async () => (await other.http.get<{ version: number }>('/api/account/policy')).version === 2);
    await round();
    expect(await kindsTold(other)).toEqual(['policy_announced', 'policy_changed']);
    expect(await kindsTold(core)).toEqual([]);
  });

  it('tells of an offer, and of its answer, whoever it concerns and nobody else', async () => {
    const parcel = await issue();
    await round();
    expect(await news(supplier)).toEqual([
      expect.objectContaining({ kind: 'offered', other: core.number, amount: '10000' }),
    ]);
    await supplier.perform({ type: 'take', parcels: [parcel] });
    await supplier.perform({ type: 'offer', parcel, to: other.number });
    await round();
    expect(await kindsTold(core)).toEqual(['offer_taken']);
    expect(await kindsTold(other)).toEqual(['offered']);
    await other.perform({ type: 'refuse', parcel });
    await round();
    expect(await kindsTold(supplier)).toEqual(['offer_refused']);
    await supplier.perform({ type: 'offer', parcel, to: other.number });
    await supplier.perform({ type: 'withdraw', parcel });
    await round();
    expect(await kindsTold(other)).toEqual(['offer_withdrawn', 'offered']);
    expect(await kindsTold(core)).toEqual([]);
    expect(await kindsTold(bank)).toEqual([]);
  });

  it('tells banks of requests, sellers of quotes, and of several banks who won and who did not', async () => {
    const parcel = await issue();
    await supplier.perform({ type: 'take', parcels: [parcel] });
    await settler.perform({ type: 'deposit', member: bank.number, amount: money('500.00'), reference: 'x' });
    for (const each of [bank, bank2]) {
      await each.perform({ type: 'setLine', obligor: core.number, limit: money('1000.00') });
      await each.perform({ type: 'approveCash' });
    }
    const request = await supplier.ask({ parcel, banks: [bank.number, bank2.number] });
    expect(await kindsTold(bank)).toEqual(['quote_wanted']); // with the request, before any notifier looks
    expect(await kindsTold(bank2)).toEqual(['quote_wanted']);
    await round();
    await news(supplier);
    const quote = await bank.quote({ request, rate: '0.02' });
    await bank2.quote({ request, rate: '0.03' });
    expect(await kindsTold(supplier)).toEqual(['quoted', 'quoted']);
    await supplier.perform({ type: 'sell', quote, parcel });
    await round();
    expect(await kindsTold(bank)).toEqual(['quote_taken']);
    expect(await kindsTold(bank2)).toEqual(['quote_lost']);
  });

  it('tells of a suspension and its end with the reason, and of a redemption', async () => {
    await operator.suspend(other.number, 'licence expired');
    await operator.restore(other.number, 'licence renewed');
    await round();
    expect(await news(other)).toEqual([
      { kind: 'suspended', reason: 'licence expired' },
      { kind: 'restored', reason: 'licence renewed' },
    ]);
    await settler.perform({ type: 'deposit', member: other.number, amount: money('5.00'), reference: 'y' });
    await other.perform({ type: 'redeem', bank: settler.number, amount: money('5.00') });
    await round();
    expect(await kindsTold(settler)).toEqual(['redemption_wanted']);
  });

  it('reminds before what runs out, once for each time, and says when it has', async () => {
    await round();
    for (const each of [core, supplier, other, bank, bank2, settler]) await news(each);
    const parcel = await issue(dueOn(20), '7.00');
    await supplier.perform({ type: 'take', parcels: [parcel] });
    await supplier.perform({ type: 'offer', parcel, to: other.number, until: dueOn(2) });
    const end = instantOf(dueOn(3)) - Math.floor(Date.now() / 1_000);
    const waiting = await core.prepare({ type: 'setStanding', standing: true });
    await round();
    for (const each of [core, supplier, other]) await news(each);

    ahead = 11 * 60; // who prepares to sign himself has done so by then
    await round();
    await round();
    expect(await news(core)).toEqual([
      expect.objectContaining({ kind: 'signature_wanted', instruction: waiting.id }),
    ]);
    ahead = end - 3_600;
    await round();
    expect(await kindsTold(other)).toEqual(['offer_ending']);
    ahead = end + 60;
    await round();
    expect(await kindsTold(supplier)).toEqual(['offer_expired']);
    const due: unknown[] = [];
    for (const days of [13, 14, 17, 18, 19, 20]) {
      ahead = days * DAY;
      await round();
      due.push(...(await news(core)).filter(({ kind }) => kind === 'due_soon'));
    }
    expect(due.map((each) => (each as { days: number }).days)).toEqual([7, 3, 1, 0]);
    ahead = 21 * DAY;
    await round();
    expect(await kindsTold(core)).toEqual(['overdue']);
    expect(await kindsTold(supplier)).toEqual(['overdue_held']);
    ahead = 0;
  });

  it('takes back what the chain took back, and tells what stands no second time', async () => {
    await round();
    for (const each of [core, supplier, other]) await news(each);
    const parcel = await issue(dueOn(60), '11.00');
    await round();
    await news(supplier);
    const snapshot: unknown = await ground.provider.send('evm_snapshot', []);
    await supplier.perform({ type: 'take', parcels: [parcel] });
    await round();
    expect(await kindsTold(core)).toEqual(['offer_taken']);
    await relayer.close(); // it would send it again at once
    await ground.provider.send('evm_revert', [snapshot]);
    await ground.provider.send('evm_mine', []);
    await round();
    expect(await kindsTold(core)).toEqual(['retracted']);
    const states = await ground.db
      .selectFrom('app.notice')
      .select(['kind', 'retracted_at'])
      .where('member', '=', core.number)
      .where('kind', 'in', ['offer_taken', 'offered'])
      .orderBy('id', 'desc')
      .limit(1)
      .execute();
    expect(states[0]!.retracted_at).not.toBeNull();
    expect(await kindsTold(supplier)).toEqual([]); // the offer stands, and was not told again
  });
});
