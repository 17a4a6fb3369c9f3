import { api } from '#web/api/client.ts';
import type { Inbox } from '#web/api/schema.ts';
import { Query } from './query.svelte.ts';

/** What waits for the member: shown on the home page, counted beside the places. Read as long as the app is open. */
class InboxState {
  query = $state.raw<Query<Inbox>>();

  /** While a component starts. */
  open(): void {
    this.query = new Query((signal) => api.inbox(signal));
  }

  get offers(): number {
    const counts = this.query?.value?.counts;
    return counts ? counts.sign_for_bill + counts.take_parcel : 0;
  }

  get financing(): number {
    const counts = this.query?.value?.counts;
    return counts ? counts.quote_request + counts.choose_quote : 0;
  }
}

export const inbox = new InboxState();
