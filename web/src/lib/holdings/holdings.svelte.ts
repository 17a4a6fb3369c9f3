import { api } from '#web/api/client.ts';
import type { Holding } from '#web/api/schema.ts';
import { filter } from '#web/state/address.ts';
import { PagedQuery } from '#web/state/query.svelte.ts';

type Show = 'open' | 'paid';
export type Doing = { what: 'pass-on' | 'finance'; holding: Holding };
const SORTS = ['due', '-due', 'amount', '-amount'] as const;

/** What the member holds, as the address filters it, and the form that is open on one piece of it. */
export class HoldingsState {
  readonly list: PagedQuery<Holding>;
  doing = $state.raw<Doing>();

  constructor(show: () => Show) {
    this.list = new PagedQuery(
      (page, signal) => {
        const [acceptor, dueFrom, dueTo] = [filter('acceptor'), filter('from'), filter('to')];
        return api.holdings(
          {
            ...(show() === 'paid' ? { state: 'paid' as const } : { open: true }),
            ...(acceptor ? { acceptor: Number(acceptor) } : {}),
            ...(dueFrom ? { dueFrom } : {}),
            ...(dueTo ? { dueTo } : {}),
            sort: this.sort,
            ...page,
          },
          signal,
        );
      },
      { keep: true },
    );
  }

  get sort(): (typeof SORTS)[number] {
    return SORTS.find((sort) => sort === filter('sort')) ?? 'due';
  }

  get isFiltered(): boolean {
    return ['from', 'to', 'acceptor'].some((name) => filter(name) !== undefined);
  }
}
