import { parseRate } from '#domain/money.ts';
import { api } from '#web/api/client.ts';
import type { Deal } from '#web/api/schema.ts';
import { minorOf, sum } from '#web/format.ts';
import { PagedQuery } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';

export type Side = 'sold' | 'bought';

/** What money cost (or brought) in each deal, all in. */
export class DealsState {
  readonly list: PagedQuery<Deal>;

  constructor(side: () => Side = () => (session.has('bank') ? 'bought' : 'sold')) {
    this.list = new PagedQuery((page, signal) => api.deals({ side: side(), ...page }, signal));
  }

  get amount(): bigint {
    return sum(this.list.rows.map((deal) => deal.amount));
  }

  get net(): bigint {
    return sum(this.list.rows.map((deal) => deal.price));
  }

  /** Interest and fees of all deals that were read. */
  get cost(): bigint {
    return this.amount - this.net;
  }

  /** The yearly cost of all of it together: what was paid for each cent and day of money. ppm. */
  get yearly(): bigint | undefined {
    const days = this.list.rows.reduce((total, { price, days }) => total + minorOf(price) * BigInt(days), 0n);
    return days === 0n ? undefined : (this.cost * 365n * 1_000_000n) / days;
  }
}

/** In per cent a year, for drawing. */
export const percentOf = (deal: Deal): number => Number(parseRate(deal.yearlyCost365)) / 10_000;
