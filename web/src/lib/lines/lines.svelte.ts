import { api } from '#web/api/client.ts';
import type { Line } from '#web/api/schema.ts';
import { PagedQuery } from '#web/state/query.svelte.ts';

/** Credit lines, and the one that is being set. */
export class LinesState {
  readonly list = new PagedQuery<Line>((page, signal) => api.lines(page, signal));
  setting = $state.raw<Line | 'new'>();
}
