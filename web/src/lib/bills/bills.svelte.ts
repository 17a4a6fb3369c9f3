import { addDays, parseLegalDate } from '#domain/dates.ts';
import { api } from '#web/api/client.ts';
import type { Bill, BillStatus } from '#web/api/schema.ts';
import { filter } from '#web/state/address.ts';
import { PagedQuery } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';

export const STATUSES = ['offered', 'active', 'matured', 'part_paid', 'settled', 'cancelled'] as const;

/** Each a part of the address, so that every list can be linked to. */
export const FILTERS = ['status', 'q', 'from', 'to', 'open', 'late', 'acceptor', 'holder'] as const;
const SORTS = ['due', '-due', 'face', '-face', 'billNo', '-billNo'] as const;

/** Bills as the address filters them; a core enterprise sees first what it issued. */
export class BillsState {
  readonly list = new PagedQuery<Bill>(
    (page, signal) => {
      const [status, q, dueFrom, dueTo] = [filter('status'), filter('q'), filter('from'), filter('to')];
      return api.bills(
        {
          role: this.role,
          ...(filter('open') ? { open: true } : {}),
          ...(filter('acceptor') ? { acceptor: Number(filter('acceptor')) } : {}),
          ...(filter('holder') ? { holder: Number(filter('holder')) } : {}),
          ...(status ? { status: status as BillStatus } : {}),
          ...(q ? { q } : {}),
          ...(dueFrom ? { dueFrom } : {}),
          ...(dueTo
            ? { dueTo }
            : filter('late')
              ? { dueTo: addDays(parseLegalDate(session.today), -1) }
              : {}),
          sort: this.sort,
          ...page,
        },
        signal,
      );
    },
    { keep: true },
  );

  get role(): 'issued' | 'held' | 'offered' | 'all' {
    const role = filter('role');
    if (role === 'issued' || role === 'held' || role === 'offered' || role === 'all') return role;
    return session.has('core_enterprise') ? 'issued' : 'all';
  }

  get sort(): (typeof SORTS)[number] {
    return SORTS.find((sort) => sort === filter('sort')) ?? 'due';
  }

  get isFiltered(): boolean {
    return FILTERS.some((name) => filter(name) !== undefined);
  }
}
