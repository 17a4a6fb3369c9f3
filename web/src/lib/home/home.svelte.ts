import { addMonths, parseLegalDate } from '#domain/dates.ts';
import { api } from '#web/api/client.ts';
import type { CalendarDay, Cash, Line, SettlementBook } from '#web/api/schema.ts';
import { buckets, meanDays, monthsFrom } from '#web/charts/scale.ts';
import { amountOf, dueIn, late, total, untaken, type Side } from '#web/calendar/sums.ts';
import { sum } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';
import { PagedQuery, Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';

const MONTHS = 7;
const ALL = { limit: 200 };
export type { Side };

/** The rows behind a sum: what falls due between two dates. */
export const rowsBehind = (side: Side, from: string | undefined, to: string | undefined): string => {
  const dates = [from && `from=${from}`, to && `to=${to}`].filter(Boolean).join('&');
  return side === 'pay' ? `/bills?role=issued&owed=true&${dates}` : `/holdings?${dates}`;
};

/** What the member has to know at a glance: what waits, what is owed to it and by it, its cash and lines. */
export class HomeState {
  readonly cash = new Query<Cash | null>((signal) =>
    session.has('regulator') ? Promise.resolve(null) : api.cash(signal),
  );
  readonly calendar = new PagedQuery<CalendarDay>((page, signal) =>
    api.calendar({ ...page, ...ALL }, signal),
  );
  readonly book = new Query<SettlementBook | null>((signal) =>
    session.has('settlement_bank') ? api.settlement(signal) : Promise.resolve(null),
  );
  readonly lines = new PagedQuery<Line>((page, signal) =>
    session.has('bank') ? api.lines({ ...page, ...ALL }, signal) : Promise.resolve({ items: [], next: null }),
  );

  get toPay(): bigint {
    return total(this.calendar.rows, 'pay');
  }

  get toReceive(): bigint {
    return total(this.calendar.rows, 'receive');
  }

  /** Of what is to be paid, issued and not signed for yet. */
  get untaken(): bigint {
    return untaken(this.calendar.rows);
  }

  /** What was due before today, and nobody has paid in. */
  late(side: Side): bigint {
    return late(this.calendar.rows, side, session.today);
  }

  /** Due from today on, within the next month. */
  dueSoon(side: Side): bigint {
    const to = addMonths(parseLegalDate(session.today), 1);
    return dueIn(this.calendar.rows, side, session.today, { to });
  }

  get lineUsed(): bigint {
    return sum(this.lines.rows.map((line) => line.used));
  }

  get lineLimit(): bigint {
    return sum(this.lines.rows.map((line) => line.limit));
  }

  /** What falls due in this month and the following ones; what is late stands before them. */
  ladder(side: Side) {
    const { today } = session;
    const late = {
      key: 'late',
      label: m.overdue(),
      amount: this.late(side),
      href: rowsBehind(side, undefined, buckets(today)[0]!.to),
      bad: true,
    };
    const months = monthsFrom(today, MONTHS).map(({ month, label, from, to }) => ({
      key: month,
      label,
      amount: dueIn(this.calendar.rows, side, today, { from, to }),
      href: rowsBehind(side, from < today ? today : from, to),
    }));
    return late.amount > 0n ? [late, ...months] : months;
  }

  /** How long the money is still outstanding. */
  outstanding(side: Side) {
    const { today } = session;
    return buckets(today).map((bucket) => ({
      key: bucket.key,
      label: bucket.key === 'late' ? m.overdue() : bucket.key,
      amount: bucket.key === 'late' ? this.late(side) : dueIn(this.calendar.rows, side, today, bucket),
      href: rowsBehind(side, bucket.from, bucket.to),
      bad: bucket.key === 'late',
    }));
  }

  /** Mean days until it is due; what is late counts with minus. */
  meanDays(side: Side): number | undefined {
    const entries = this.calendar.rows.map((day) => ({ due: day.due, amount: amountOf(day, side) }));
    return meanDays(entries, session.today);
  }
}
