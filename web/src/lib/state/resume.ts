import { api } from '#web/api/client.ts';
import { text } from '#web/format.ts';

/** Follows what was handed in before the page was loaded. */
export async function resume(): Promise<void> {
  const { signal } = new AbortController();
  for (const state of ['submitted', 'sent'] as const) {
    const { items } = await api.instructions({ state, limit: 50 }, signal);
    if (items.length === 0) continue;
    const { flows } = await import('../instructions/flow.svelte.ts');
    for (const each of items) flows.follow(each, { title: text(each.meaning) });
  }
}
