import { api } from '#web/api/client.ts';
import type { Instruction } from '#web/api/schema.ts';
import { PagedQuery } from '#web/state/query.svelte.ts';
import { live } from '#web/state/live.svelte.ts';

/** Every act that the member signed, newest first. What was only looked at is no act. */
export class ActivityState {
  readonly list = new PagedQuery<Instruction>((page, signal) =>
    api.instructions({ signed: true, ...page }, signal),
  );

  constructor() {
    $effect(() => live.onact(() => void this.list.refresh()));
  }
}
