import { api } from '#web/api/client.ts';
import { Query } from './query.svelte.ts';

/** How many notices were not read yet: counted beside the place. Read as long as the app is open. */
class UnreadState {
  query = $state.raw<Query<{ unread: number }>>();

  /** While a component starts. */
  open(): void {
    this.query = new Query((signal) => api.unreadNotices(signal), { keep: true });
  }

  /** Counted to a hundred. */
  get count(): number {
    return this.query?.value?.unread ?? 0;
  }

  async refresh(): Promise<void> {
    await this.query?.refresh();
  }
}

export const unread = new UnreadState();
