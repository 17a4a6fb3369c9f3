import { describe, expect, it } from 'vitest';
import { isOverdue } from '#domain/bills/status.ts';
import type { CalendarDay } from '../../web/src/lib/api/schema.ts';
import { amountOf, dueIn, isLate, late, total, untaken } from '../../web/src/lib/calendar/sums.ts';

const TODAY = '2026-11-21';
const amount = (value: string) => ({ amount: value, currency: 'CNY' });
const day = (
  due: string,
  of: Partial<Record<'pay' | 'untaken' | 'receive' | 'paidIn', string>>,
): CalendarDay => ({
  due,
  pay: amount(of.pay ?? '0.00'),
  payBills: 1,
  untaken: amount(of.untaken ?? '0.00'),
  untakenBills: 0,
  receive: amount(of.receive ?? '0.00'),
  receiveParcels: 1,
  paidIn: amount(of.paidIn ?? '0.00'),
});
const days = [
  day('2026-11-11', { pay: '1.00', receive: '10.00', paidIn: '7.00' }),
  day('2026-11-12', { receive: '2.00', paidIn: '2.00' }),
  day(TODAY, { pay: '5.00' }),
  day('2026-12-01', { pay: '20.00', untaken: '30.00', receive: '4.00' }),
  day('2027-03-01', { untaken: '100.00' }),
];

describe('what is owed', () => {
  it('has what is issued and not signed for yet', () => {
    expect(total(days, 'pay')).toBe(156_00n);
    expect(untaken(days)).toBe(130_00n);
    expect(amountOf(days[3]!, 'pay')).toBe(50_00n);
  });

  it('within a month is not what is overdue', () => {
    expect(dueIn(days, 'pay', TODAY, { to: '2026-12-21' })).toBe(55_00n);
    expect(dueIn(days, 'pay', TODAY, { from: '2026-11-01', to: '2026-11-30' })).toBe(5_00n);
    expect(dueIn(days, 'receive', TODAY, {})).toBe(4_00n);
  });

  it('is overdue the day after it was due, unless it is paid in', () => {
    expect(late(days, 'pay', TODAY)).toBe(1_00n);
    expect(late(days, 'receive', TODAY)).toBe(3_00n);
    expect(days.map((each) => isLate(each, TODAY))).toEqual([true, false, false, false, false]);
  });

  it('is overdue of a bill that is not paid in full, and of no other', () => {
    const states = ['offered', 'active', 'matured', 'part_paid', 'settled', 'cancelled'] as const;
    const overdue = states.filter((status) => isOverdue({ status, due: '2026-11-11' }, TODAY));
    expect(overdue).toEqual(['matured', 'part_paid']);
    expect(states.filter((status) => isOverdue({ status, due: TODAY }, TODAY))).toEqual([]);
  });
});
