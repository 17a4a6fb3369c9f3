import { api } from '#web/api/client.ts';
import type { Holding } from '#web/api/schema.ts';
import { acts } from '#web/state/acts.svelte.ts';
import { PagedQuery } from '#web/state/query.svelte.ts';

type Filter = 'open' | 'paid';
export type Doing = { what: 'pass-on' | 'finance'; holding: Holding };

/** What the member holds, and the form that is open on one piece of it. */
export class HoldingsState {
  readonly list: PagedQuery<Holding>;
  doing = $state.raw<Doing>();

  constructor(filter: () => Filter) {
    this.list = new PagedQuery((page, signal) =>
      api.holdings(
        { ...(filter() === 'paid' ? { state: 'paid' as const } : { open: true }), ...page },
        signal,
      ),
    );
  }
}

const isFree = ({ parcel, bill }: Holding, today: string): boolean =>
  parcel.state === 'held' && bill.status === 'active' && bill.due > today && !acts.touches(parcel.id);

export const canPassOn = (holding: Holding, today: string): boolean =>
  isFree(holding, today) && !holding.bill.restrictions.includes('not_to_be_passed_on');

export const canFinance = (holding: Holding, today: string): boolean =>
  isFree(holding, today) && !holding.bill.restrictions.includes('not_to_be_financed');
