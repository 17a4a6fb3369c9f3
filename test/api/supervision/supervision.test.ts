import { afterAll, beforeAll, expect, it } from 'vitest';
import { money } from '#client/money.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { openNetwork, type TestNetwork } from '../../fixtures/network.ts';

let network: TestNetwork;
beforeAll(async () => {
  network = await openNetwork();
});
afterAll(() => network?.close());

it('tells the regulator which open bills were cut more often than their rules expect', async () => {
  const { operator, coreFirm, supplier, supplier2, regulator } = network;
  const issue = async (face: string): Promise<string> => {
    const bills = [{ payee: supplier.number, face: money(face), due: '2026-06-01' }];
    const { makes } = await coreFirm.perform({ type: 'issue', bills });
    await supplier.perform({ type: 'take', parcels: makes.parcels });
    return makes.parcels[0]!;
  };
  const cut = async (parcel: string, times: number): Promise<void> => {
    for (let n = 0; n < times; n++)
      await supplier.perform({ type: 'offer', parcel, amount: money('1.00'), to: supplier2.number });
  };
  const before = await issue('100.00');
  const effectiveFrom = '2026-03-04';
  const terms = {
    effectiveFrom,
    tenorMonths: 6,
    basis: 360 as const,
    maxSplits: 2,
    citation: '银发〔2025〕77号',
  };
  await operator.publish({
    kind: 'CERTIFICATE',
    ...terms,
    citation: { zh: '银发〔2025〕77号', en: 'Yinfa [2025] 77' },
  });
  await network.moveTo(parseLegalDate(effectiveFrom));
  const [quiet, loud] = [await issue('200.00'), await issue('300.00')];
  await cut(before, 3);
  await cut(quiet, 2);
  await cut(loud, 3);
  await network.caughtUp();
  const { crowded } = await regulator.http.get('/api/supervision');
  expect(crowded).toEqual([
    {
      billNo: String(BigInt(loud) >> 64n),
      acceptor: expect.objectContaining({ number: coreFirm.number }) as unknown,
      splits: 3,
      expected: 2,
    },
  ]);
});
