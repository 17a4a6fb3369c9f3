import { api } from '#web/api/client.ts';
import type { Act } from '#web/api/schema.ts';
import { PagedQuery } from '#web/state/query.svelte.ts';
import { live } from '#web/state/live.svelte.ts';

/** Every act of the member, newest first: also those that were left before they were done. */
export class ActivityState {
  readonly list = new PagedQuery<Act>((page, signal) => api.acts(page, signal));

  constructor() {
    $effect(() => live.onact(() => void this.list.refresh()));
  }
}
