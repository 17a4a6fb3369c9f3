import { api } from '#web/api/client.ts';
import type { Notice } from '#web/api/schema.ts';
import { PagedQuery } from '#web/state/query.svelte.ts';

/** What was told to who is here, newest first. */
export class NoticesState {
  readonly list = new PagedQuery<Notice>((page, signal) => api.notices(page, signal));

  /** @param ids All if left out. */
  async read(ids?: string[]): Promise<void> {
    await api.readNotices(ids);
    await this.list.refresh();
  }
}
