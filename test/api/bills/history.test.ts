import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money } from '#client/money.ts';
import type { Member } from '#client/member.ts';
import { openNetwork, type TestNetwork } from '../../fixtures/network.ts';

type Act = { id: string; state: string; meaning: { zh: string; en: string } };

describe('what a member did', () => {
  let network: TestNetwork;
  beforeAll(async () => {
    network = await openNetwork();
  });
  afterAll(() => network?.close());

  const acts = (who: Member, query = {}) => who.http.list<Act>('/api/instructions', query);

  it('is told in the past tense once it is done, and is not what it only looked at', async () => {
    const { coreFirm, supplier, bank } = network;
    const bill = { payee: supplier.number, face: money('10.00'), due: '2026-06-01' };
    const looked = await coreFirm.prepare({ type: 'issue', bills: [bill] });
    expect(looked.meaning.en).toContain('Test coreFirm will issue ¥10.00');
    const { id, makes } = await coreFirm.perform({ type: 'issue', bills: [bill] });
    const [newest] = await acts(coreFirm, { signed: 'true' });
    expect(newest).toMatchObject({ id, state: 'done' });
    expect(newest!.meaning.en).toContain('Test coreFirm issued ¥10.00');
    expect(newest!.meaning.zh).toContain('测试 coreFirm已向 测试 supplier 签发 ¥10.00');
    const idsOf = async (query = {}) => (await acts(coreFirm, query)).map((act) => act.id);
    expect(await idsOf()).toContain(looked.id);
    expect(await idsOf({ signed: 'true' })).not.toContain(looked.id);

    await supplier.perform({ type: 'take', parcels: makes.parcels });
    const request = await supplier.ask({ parcel: makes.parcels[0]!, banks: [bank.number] });
    const drafted = await bank.http.post<{ id: string }>('/api/quotes/prepare', { request, rate: '0.02' });
    const quotes = async (query = {}) =>
      (await bank.http.list<Act>('/api/quotes', query)).map((each) => each.id);
    expect(await quotes()).toEqual([drafted.id]);
    expect(await quotes({ signed: 'true' })).toEqual([]);
  });
});
