/** What is owed, and when: sums over the days of the calendar. */
import type { CalendarDay } from '#web/api/schema.ts';
import { minorOf } from '#web/format.ts';

/** As who has to pay, or as who is going to get it. */
export type Side = 'pay' | 'receive';
type Span = { readonly from?: string | undefined; readonly to?: string | undefined };

/** What a bill that nobody has signed for yet will cost is owed too. */
export const amountOf = (day: CalendarDay, side: Side): bigint =>
  side === 'pay' ? minorOf(day.pay) + minorOf(day.untaken) : minorOf(day.receive);

/** What is not paid in, and was due before today. */
const lateOf = (day: CalendarDay, side: Side, today: string): bigint => {
  if (day.due >= today) return 0n;
  return side === 'pay' ? minorOf(day.pay) : minorOf(day.receive) - minorOf(day.paidIn);
};

const added = (days: readonly CalendarDay[], amount: (day: CalendarDay) => bigint): bigint =>
  days.reduce((total, day) => total + amount(day), 0n);

export const total = (days: readonly CalendarDay[], side: Side): bigint =>
  added(days, (day) => amountOf(day, side));

export const untaken = (days: readonly CalendarDay[]): bigint => added(days, (day) => minorOf(day.untaken));

export const late = (days: readonly CalendarDay[], side: Side, today: string): bigint =>
  added(days, (day) => lateOf(day, side, today));

export const isLate = (day: CalendarDay, today: string): boolean =>
  lateOf(day, 'pay', today) + lateOf(day, 'receive', today) > 0n;

/** What falls due from today on, within a span: not what is overdue. */
export const dueIn = (
  days: readonly CalendarDay[],
  side: Side,
  today: string,
  { from = today, to }: Span,
): bigint =>
  total(
    days.filter(({ due }) => due >= today && due >= from && (to === undefined || due <= to)),
    side,
  );
