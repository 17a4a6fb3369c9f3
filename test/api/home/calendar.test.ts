import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money } from '#client/money.ts';
import type { Member } from '#client/member.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { openNetwork, type TestNetwork } from '../../fixtures/network.ts';

type Day = Record<'pay' | 'untaken' | 'receive' | 'paidIn', { amount: string }> & {
  due: string;
  untakenBills: number;
};

describe('what is owed, day by day', () => {
  let network: TestNetwork;
  beforeAll(async () => {
    network = await openNetwork();
  });
  afterAll(() => network?.close());

  const issue = async (payee: Member, amount: string, due: string) => {
    const { makes } = await network.coreFirm.perform({
      type: 'issue',
      bills: [{ payee: payee.number, face: money(amount), due }],
    });
    return { bill: makes.bills[0]!, parcel: makes.parcels[0]! };
  };
  const days = async (who: Member) =>
    (await who.http.list<Day>('/api/calendar')).map(
      ({ due, pay, untaken, untakenBills, receive, paidIn }) => [
        due,
        pay.amount,
        untaken.amount,
        untakenBills,
        receive.amount,
        paidIn.amount,
      ],
    );
  const owed = async () =>
    (
      await network.coreFirm.http.list<{ billNo: string }>('/api/bills', {
        role: 'issued',
        owed: 'true',
        sort: 'due',
      })
    ).map(({ billNo }) => billNo);

  it('has what is issued and not signed for, as long as it can be', async () => {
    const { coreFirm, supplier, supplier2 } = network;
    const taken = await issue(supplier, '100.00', '2026-06-01');
    await supplier.perform({ type: 'take', parcels: [taken.parcel] });
    const untaken = await issue(supplier2, '40.00', '2026-06-01');
    const later = await issue(supplier2, '7.00', '2026-07-01');
    expect(await days(coreFirm)).toEqual([
      ['2026-06-01', '100.00', '40.00', 1, '0.00', '0.00'],
      ['2026-07-01', '0.00', '7.00', 1, '0.00', '0.00'],
    ]);
    expect(await days(supplier2)).toEqual([]);
    expect(await owed()).toEqual([taken.bill, untaken.bill, later.bill]);

    await network.moveTo(parseLegalDate('2026-06-01'));
    expect(await days(coreFirm)).toEqual([
      ['2026-06-01', '100.00', '0.00', 0, '0.00', '0.00'],
      ['2026-07-01', '0.00', '7.00', 1, '0.00', '0.00'],
    ]);
    expect(await owed()).toEqual([taken.bill, later.bill]);

    // Paid in in full and not paid out yet: nobody owes it any more, and it waits for its holder.
    await coreFirm.perform({ type: 'fund', bill: taken.bill, amount: money('60.00') });
    expect(await days(supplier)).toEqual([['2026-06-01', '0.00', '0.00', 0, '100.00', '0.00']]);
    await coreFirm.perform({ type: 'fund', bill: taken.bill, amount: money('40.00') });
    await network.moveTo(parseLegalDate('2026-06-10'));
    expect(await days(supplier)).toEqual([['2026-06-01', '0.00', '0.00', 0, '100.00', '100.00']]);
    expect(await days(coreFirm)).toEqual([['2026-07-01', '0.00', '7.00', 1, '0.00', '0.00']]);
    await supplier.distribute(taken.bill);
    expect(await days(supplier)).toEqual([]);
  });
});
