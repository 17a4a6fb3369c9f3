import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money } from '#client/money.ts';
import type { Member } from '#client/member.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { openNetwork, type TestNetwork } from '../../fixtures/network.ts';

type Line = Record<'used' | 'reserved' | 'available', { amount: string }> & { group: Line | null };

describe('a line of a bank and its quotes', () => {
  let network: TestNetwork;
  beforeAll(async () => {
    network = await openNetwork();
    const { bank, bank2, coreFirm } = network;
    await bank.perform({ type: 'setLine', obligor: coreFirm.number, limit: money('1000.00') });
    await bank2.perform({ type: 'setLine', obligor: coreFirm.number, limit: money('1000.00') });
  });
  afterAll(() => network?.close());

  const bill = async (holder: Member, amount: string) => {
    const { makes } = await network.coreFirm.perform({
      type: 'issue',
      bills: [{ payee: holder.number, face: money(amount), due: '2026-06-01' }],
    });
    await holder.perform({ type: 'take', parcels: makes.parcels });
    return makes.parcels[0]!;
  };
  const line = async (who: Member = network.bank) => {
    const [one] = await who.http.list<Line>('/api/lines');
    return [one!.used.amount, one!.reserved.amount, one!.available.amount];
  };
  const free = ['0.00', '0.00', '1000.00'];

  it('keeps room in the line of the group as well', async () => {
    const { supplier, bank, coreFirm } = network;
    await bank.perform({ type: 'setGroupLine', group: 7, limit: money('250.00') });
    await bank.perform({ type: 'setLine', obligor: coreFirm.number, limit: money('1000.00'), group: 7 });
    const parcel = await bill(supplier, '40.00');
    const request = await supplier.ask({ parcel, banks: [bank.number] });
    const quote = await bank.quote({ request, rate: '0.02' });
    const [own] = await bank.http.list<Line>('/api/lines');
    expect([own!.available.amount, own!.group!.available.amount]).toEqual(['210.00', '210.00']);
    const more = await bill(supplier, '300.00');
    const next = await supplier.ask({ parcel: more, banks: [bank.number] });
    await expect(bank.quote({ request: next, rate: '0.02' })).rejects.toMatchObject({
      code: 'LINE_EXCEEDED',
    });
    await bank.http.post(`/api/quotes/${quote}/withdraw`);
    await bank.perform({ type: 'setLine', obligor: coreFirm.number, limit: money('1000.00'), group: 0 });
  });

  it('keeps what open quotes promise, and no quote promises more than is left', async () => {
    const { supplier, bank, bank2 } = network;
    const [one, other] = [await bill(supplier, '700.00'), await bill(supplier, '700.00')];
    const request = await supplier.ask({ parcel: one, banks: [bank.number, bank2.number] });
    const next = await supplier.ask({ parcel: other, banks: [bank.number] });
    expect(await line()).toEqual(free);
    // What is prepared and not signed promises nothing.
    const prepared = await bank.http.post<{ id: string }>('/api/quotes/prepare', { request, rate: '0.02' });
    expect(prepared.id).toBeTruthy();
    expect(await line()).toEqual(free);
    const quote = await bank.quote({ request, rate: '0.02' });
    expect(await line()).toEqual(['0.00', '700.00', '300.00']);
    expect(await line(network.regulator)).toEqual(['0.00', '700.00', '300.00']);
    const detail = await bank.http.get<{ line: Line }>(`/api/financing-requests/${next}`);
    expect(detail.line.available.amount).toBe('300.00');
    await expect(bank.quote({ request: next, rate: '0.02' })).rejects.toMatchObject({
      code: 'LINE_EXCEEDED',
    });
    await bank.quote({ request: next, rate: '0.02', amount: money('300.00') });
    expect(await line()).toEqual(['0.00', '1000.00', '0.00']);
    // A second quote for the same parcel binds no more than there is of it.
    await expect(bank.quote({ request, rate: '0.01' })).rejects.toMatchObject({ code: 'LINE_EXCEEDED' });

    // Taken in part, then lost because the holder sold the rest elsewhere.
    await supplier.perform({ type: 'sell', parcel: one, amount: money('200.00'), quote });
    expect(await line()).toEqual(['200.00', '800.00', '0.00']);
    const better = await bank2.quote({ request, rate: '0.01', amount: money('500.00') });
    await supplier.perform({ type: 'sell', parcel: one, amount: money('500.00'), quote: better });
    expect(await line()).toEqual(['200.00', '300.00', '500.00']);
    // Refused: the holder calls its request off.
    await supplier.http.post(`/api/financing-requests/${next}/cancel`);
    expect(await line()).toEqual(['200.00', '0.00', '800.00']);
    const { offers } = await bank.http.get<{ offers: { state: string }[] }>(
      `/api/financing-requests/${next}`,
    );
    expect(offers.map(({ state }) => state)).toEqual(['lost']);
  });

  it('is free again when a quote is withdrawn, cancelled, or out of time, and when the parcel is gone', async () => {
    const { supplier, supplier2, bank } = network;
    const before = await line();
    const parcel = await bill(supplier, '100.00');
    const quoted = async (more: object = {}) => {
      const request = await supplier.ask({ parcel, banks: [bank.number] });
      return bank.quote({ request, rate: '0.02', ...more });
    };
    const kept = ['200.00', '100.00', '700.00'];
    const withdrawn = await quoted();
    expect(await line()).toEqual(kept);
    await bank.http.post(`/api/quotes/${withdrawn}/withdraw`);
    expect(await line()).toEqual(before);

    const cancelled = await quoted();
    expect(await line()).toEqual(kept);
    await bank.perform({ type: 'cancelQuote', quote: cancelled });
    expect(await line()).toEqual(before);

    await quoted({ validUntil: '2026-03-04T00:00:00Z' });
    expect(await line()).toEqual(kept);
    await network.moveTo(parseLegalDate('2026-03-05'));
    expect(await line()).toEqual(before);

    // Asked twice for the same parcel: it can be sold once.
    await quoted();
    await quoted();
    expect(await line()).toEqual(kept);
    await supplier.perform({ type: 'offer', parcel, to: supplier2.number });
    await supplier2.perform({ type: 'take', parcels: [parcel] });
    expect(await line()).toEqual(before);
  });
});
