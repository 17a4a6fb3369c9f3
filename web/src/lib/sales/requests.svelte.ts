import { api } from '#web/api/client.ts';
import type { FinancingRequest, Quote } from '#web/api/schema.ts';
import { PagedQuery } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';

export type Show = 'mine' | 'invited' | 'quotes';

/** A supplier asks, a bank is asked; a bank that sells on does both. */
export const showOf = (wanted: string | null): Show => {
  if (wanted === 'mine' || wanted === 'invited' || wanted === 'quotes') return wanted;
  return session.has('bank') ? 'invited' : 'mine';
};

export class RequestsState {
  readonly requests: PagedQuery<FinancingRequest>;
  readonly quotes: PagedQuery<Quote>;

  constructor(show: () => Show) {
    const none = { items: [], next: null };
    this.requests = new PagedQuery(async (page, signal) => {
      const direction = show();
      return direction === 'quotes' ? none : api.requests({ direction, ...page }, signal);
    });
    this.quotes = new PagedQuery(async (page, signal) =>
      show() === 'quotes' ? api.quotes({ signed: true, ...page }, signal) : none,
    );
  }
}
