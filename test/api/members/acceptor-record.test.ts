import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money } from '#client/money.ts';
import type { Member } from '#client/member.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { openNetwork, type TestNetwork } from '../../fixtures/network.ts';

type Sum = { amount: string };
type Told = {
  open: Sum;
  openBills: number;
  untaken: Sum;
  overdue: Sum;
  overdueBills: number;
  paidLate: Sum;
  paidLateBills: number;
  since: string;
};

describe('what a bank sees of an acceptor', () => {
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
    await payee.perform({ type: 'take', parcels: makes.parcels });
    return { bill: makes.bills[0]!, parcel: makes.parcels[0]! };
  };
  const told = async (who: Member) => {
    const path = `/api/members/${network.coreFirm.number}/record`;
    const { record } = await who.http.get<{ record: Told | null }>(path);
    return (
      record && {
        open: [record.open.amount, record.openBills],
        untaken: record.untaken.amount,
        overdue: [record.overdue.amount, record.overdueBills],
        late: [record.paidLate.amount, record.paidLateBills],
        since: record.since,
      }
    );
  };

  it('is what it owes, what of it is overdue, what it paid late, and through whose hands the piece came', async () => {
    const { coreFirm, supplier, supplier2, bank, bank2, regulator } = network;
    const late = await issue(supplier, '100.00', '2026-03-10');
    const inTime = await issue(supplier, '20.00', '2026-03-11');
    const asked = await issue(supplier, '500.00', '2026-08-01');
    await coreFirm.perform({
      type: 'issue',
      bills: [{ payee: supplier.number, face: money('3.00'), due: '2026-08-01' }],
    });
    const part = await supplier.perform({
      type: 'offer',
      parcel: asked.parcel,
      amount: money('200.00'),
      to: supplier2.number,
    });
    await supplier2.perform({ type: 'take', parcels: part.makes.parcels });
    expect(await told(bank)).toBeNull();
    const request = await supplier2.ask({ parcel: part.makes.parcels[0]!, banks: [bank.number] });
    const now = { untaken: '3.00', late: ['0.00', 0], since: '2025-03-03' };
    expect(await told(bank)).toEqual({ open: ['620.00', 3], overdue: ['0.00', 0], ...now });
    expect(await told(bank2)).toBeNull();
    const { hands } = await bank.http.get<{ hands: { member: { number: number } }[] }>(
      `/api/financing-requests/${request}`,
    );
    expect(hands.map(({ member }) => member.number)).toEqual([supplier.number, supplier2.number]);

    // Paid in on the day is in time; the day after it is overdue, and what comes then is late.
    await network.moveTo(parseLegalDate('2026-03-11'));
    await coreFirm.perform({ type: 'fund', bill: inTime.bill, amount: money('20.00') });
    expect(await told(supplier)).toMatchObject({ overdue: ['100.00', 1], late: ['0.00', 0] });
    await coreFirm.perform({ type: 'fund', bill: late.bill, amount: money('40.00') });
    await coreFirm.perform({ type: 'fund', bill: late.bill, amount: money('10.00') });
    const after = { open: ['550.00', 2], overdue: ['50.00', 1], late: ['50.00', 1] };
    for (const who of [bank, supplier, supplier2, coreFirm, regulator])
      expect(await told(who)).toMatchObject(after);

    // What was late more than a year ago does not count; who is not asked any more is not told.
    await supplier2.http.post(`/api/financing-requests/${request}/cancel`);
    expect(await told(bank)).toBeNull();
    await network.moveTo(parseLegalDate('2027-03-12'));
    expect(await told(coreFirm)).toMatchObject({ late: ['0.00', 0], since: '2026-03-12' });
  });
});
