import { addMonths, parseLegalDate } from '#domain/dates.ts';
import { api } from '#web/api/client.ts';
import type { CalendarDay, Cash, Line } from '#web/api/schema.ts';
import { minorOf, sum } from '#web/format.ts';
import { PagedQuery, Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';

const MONTHS = 6;
const ALL = { limit: 200 };

/** What the member has to know at a glance: what waits, what is owed to it and by it, its cash and lines. */
export class HomeState {
  readonly cash = new Query<Cash | null>((signal) =>
    session.has('regulator') ? Promise.resolve(null) : api.cash(signal),
  );
  readonly calendar = new PagedQuery<CalendarDay>((page, signal) =>
    api.calendar({ ...page, ...ALL }, signal),
  );
  readonly lines = new PagedQuery<Line>((page, signal) =>
    session.has('bank') ? api.lines({ ...page, ...ALL }, signal) : Promise.resolve({ items: [], next: null }),
  );

  get toPay(): bigint {
    return sum(this.calendar.rows.map((day) => day.pay));
  }

  get toReceive(): bigint {
    return sum(this.calendar.rows.map((day) => day.receive));
  }

  /** Due today or before, or within the next thirty days. */
  dueSoon(side: 'pay' | 'receive'): bigint {
    const until = addMonths(parseLegalDate(session.today), 1);
    return sum(this.calendar.rows.filter((day) => day.due <= until).map((day) => day[side]));
  }

  get lineUsed(): bigint {
    return sum(this.lines.rows.map((line) => line.used));
  }

  get lineLimit(): bigint {
    return sum(this.lines.rows.map((line) => line.limit));
  }

  /** What falls due in this month and the following ones; what is late counts to this month. */
  ladder(side: 'pay' | 'receive'): { key: string; label: string; amount: bigint }[] {
    const today = parseLegalDate(session.today);
    const months = Array.from({ length: MONTHS + 1 }, (_, step) =>
      addMonths(parseLegalDate(`${today.slice(0, 7)}-01`), step).slice(0, 7),
    );
    return months.map((month) => ({
      key: month,
      label: month.slice(2).replace('-', '/'),
      amount: this.calendar.rows
        .filter((day) => (day.due < today ? months[0]! : day.due.slice(0, 7)) === month)
        .reduce((total, day) => total + minorOf(day[side]), 0n),
    }));
  }
}
