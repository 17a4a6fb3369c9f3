import { session } from '#web/state/session.svelte.ts';
import type { PageLoad } from './$types.js';

/** The home of whoever entered; the others' are not loaded. */
export const load: PageLoad = async ({ parent }) => {
  await parent();
  if (session.isSeatless) return { Home: (await import('#web/people/Seats.svelte')).default };
  if (session.isOperator) return { Home: (await import('#web/status/Status.svelte')).default };
  if (session.has('regulator'))
    return { Home: (await import('#web/supervision/Supervision.svelte')).default };
  return { Home: (await import('#web/home/Home.svelte')).default };
};
