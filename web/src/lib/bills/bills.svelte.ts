import { addDays, parseLegalDate } from '#domain/dates.ts';
import { api } from '#web/api/client.ts';
import type { Bill, BillStatus, Member } from '#web/api/schema.ts';
import { filter } from '#web/state/address.ts';
import { PagedQuery, Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';

export const STATUSES = ['offered', 'active', 'matured', 'part_paid', 'settled', 'cancelled'] as const;

/** Each a part of the address, so that every list can be linked to. */
export const FILTERS = [
  'status',
  'q',
  'from',
  'to',
  'open',
  'late',
  'acceptor',
  'holder',
  'member',
  'owed',
] as const;
const SORTS = ['due', '-due', 'face', '-face', 'billNo', '-billNo'] as const;

/** Bills as the address filters them; a core enterprise sees first what it issued. */
export class BillsState {
  readonly #party = new Query<Member | null>((signal) =>
    filter('member') ? api.member(Number(filter('member')), signal) : Promise.resolve(null),
  );
  readonly list = new PagedQuery<Bill>(
    (page, signal) => {
      const [status, q, dueFrom, dueTo] = [filter('status'), filter('q'), filter('from'), filter('to')];
      return api.bills(
        {
          role: this.role,
          ...(filter('open') ? { open: true } : {}),
          ...(filter('owed') ? { owed: true } : {}),
          ...(filter('member') ? { member: Number(filter('member')) } : {}),
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

  /** Whose bills these are: of one member, whatever it was to them. */
  get party(): Member | undefined {
    return this.#party.value ?? undefined;
  }

  get role(): 'issued' | 'held' | 'offered' | 'all' {
    const role = filter('role');
    if (role === 'issued' || role === 'held' || role === 'offered' || role === 'all') return role;
    return session.has('core_enterprise') && !filter('member') ? 'issued' : 'all';
  }

  get sort(): (typeof SORTS)[number] {
    return SORTS.find((sort) => sort === filter('sort')) ?? 'due';
  }

  get isFiltered(): boolean {
    return FILTERS.some((name) => filter(name) !== undefined);
  }
}
