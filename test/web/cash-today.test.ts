import { describe, expect, it } from 'vitest';
import type { FinancingRequest, Holding } from '../../web/src/lib/api/schema.ts';
import { cashToday } from '../../web/src/lib/home/cash-today.ts';

const TODAY = '2026-11-21';
const cny = (amount: string) => ({ amount, currency: 'CNY' });
const request = (id: string, parcel: string, due: string, quoted?: [amount: string, net: string]) =>
  ({
    id,
    parcel,
    due,
    proposal: quoted ? { parts: [], amount: cny(quoted[0]), net: cny(quoted[1]), yearlyCost365: '0' } : null,
  }) as unknown as FinancingRequest;
const holding = (id: string, amount: string) =>
  ({ parcel: { id, amount: cny(amount) } }) as unknown as Holding;
const may = () => true;

describe('the cash that a supplier could have today', () => {
  it('is what the best quotes bring, with what they cost in all and a year', () => {
    // 1,000.00 due in 73 days for 990.00: 10 / 990 × 365 / 73.
    const found = cashToday([request('r', 'p', '2027-02-02', ['1000.00', '990.00'])], [], TODAY, may);
    expect(found).toMatchObject({ net: 990_00n, cost: 10_00n, requests: ['r'], free: 0n });
    expect(found.yearlyCost365).toBe(50_505n);
  });

  it('counts a parcel once, at its best, and leaves out requests without a quote', () => {
    const requests = [
      request('worse', 'p', '2027-02-02', ['1000.00', '980.00']),
      request('best', 'p', '2027-02-02', ['1000.00', '990.00']),
      request('none', 'q', '2027-02-02'),
      request('other', 's', '2026-12-01', ['50.00', '49.90']),
    ];
    const found = cashToday(requests, [], TODAY, may);
    expect(found.requests).toEqual(['best', 'other']);
    expect([found.net, found.cost]).toEqual([1_039_90n, 10_10n]);
  });

  it('is besides what nobody quotes for and may be financed', () => {
    const holdings = [holding('p', '1500.00'), holding('q', '200.00'), holding('barred', '9.00')];
    const requests = [request('r', 'p', '2027-02-02', ['1000.00', '990.00'])];
    const found = cashToday(requests, holdings, TODAY, ({ parcel }) => parcel.id !== 'barred');
    expect([found.free, found.freePieces]).toEqual([700_00n, 2]);
    expect(cashToday([], [], TODAY, may)).toMatchObject({ net: 0n, free: 0n, yearlyCost365: undefined });
  });
});
