import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money } from '#scripts/client/types.ts';
import { openNetwork, type TestNetwork } from '../fixtures/network.ts';

describe('the life of a bill through the API', () => {
  let network: TestNetwork;
  beforeAll(async () => {
    network = await openNetwork();
  });
  afterAll(() => network?.close());

  it('is issued, taken, split, discounted, paid in and paid out to the cent', async () => {
    const { coreFirm, supplier, supplier2, bank } = network;
    const issued = await coreFirm.perform({
      type: 'issue',
      bills: [
        {
          payee: supplier.number,
          face: money('1000000.00'),
          due: '2026-06-01',
          invoices: [
            {
              seller: 'TAX-supplier',
              number: 'INV-1',
              total: money('1000000.00'),
              amount: money('1000000.00'),
            },
          ],
        },
      ],
    });
    const bill = issued.makes.bills[0]!;
    const first = issued.makes.parcels[0]!;
    await supplier.perform({ type: 'take', parcels: [first] });
    const offered = await supplier.perform({
      type: 'offer',
      parcel: first,
      amount: money('400000.00'),
      to: supplier2.number,
    });
    await supplier2.perform({ type: 'take', parcels: [offered.makes.parcels[0]!] });
    const request = await supplier.ask({ parcel: first, banks: [bank.number] });
    const quote = await bank.quote({ request, rate: '0.020000' });
    await supplier.perform({ type: 'sell', parcel: first, quote });
    await network.moveTo('2026-06-01' as never);
    await coreFirm.perform({ type: 'fund', bill, amount: money('1000000.00') });
    await supplier2.distribute(bill);
    const { balance } = await supplier.http.get<{ balance: { amount: string } }>('/api/cash');
    expect(balance.amount).toBe('597000.00');
  });
});
