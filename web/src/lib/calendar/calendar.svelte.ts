import { api } from '#web/api/client.ts';
import type { Bill, CalendarDay, Holding } from '#web/api/schema.ts';
import { PagedQuery, Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';
import { amountOf, total } from './sums.ts';

type Month = { month: string; pay: bigint; receive: bigint; days: CalendarDay[] };

/** What falls due when, as payer and as receiver; a day opens to what stands behind its sums. */
export class CalendarState {
  readonly days = new PagedQuery<CalendarDay>((page, signal) =>
    api.calendar({ ...page, limit: 200 }, signal),
  );
  readonly day: () => string | undefined;
  readonly bills: Query<Bill[]>;
  readonly holdings: Query<Holding[]>;
  paying = $state.raw<Bill>();

  constructor(day: () => string | undefined) {
    this.day = day;
    const only = { limit: 200 } as const;
    this.bills = new Query(async (signal) => {
      const due = day();
      if (due === undefined || !session.has('core_enterprise')) return [];
      const { items } = await api.bills({ role: 'issued', dueFrom: due, dueTo: due, ...only }, signal);
      // What nobody signed for in time is not owed.
      return items.filter(
        ({ status }) => status !== 'cancelled' && (status !== 'offered' || due > session.today),
      );
    });
    this.holdings = new Query(async (signal) => {
      const due = day();
      if (due === undefined) return [];
      return (await api.holdings({ dueFrom: due, dueTo: due, ...only }, signal)).items;
    });
  }

  /** Whether anything at all is to be paid, or received. */
  has(side: 'pay' | 'receive'): boolean {
    return this.days.rows.some((day) => amountOf(day, side) > 0n);
  }

  get months(): Month[] {
    const months = Map.groupBy(this.days.rows, (day) => day.due.slice(0, 7));
    return [...months].map(([month, days]) => ({
      month,
      days,
      pay: total(days, 'pay'),
      receive: total(days, 'receive'),
    }));
  }
}
