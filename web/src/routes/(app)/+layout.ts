import { redirect } from '@sveltejs/kit';
import { session } from '#web/state/session.svelte.ts';
import type { LayoutLoad } from './$types.js';

/** Nobody sees a page of the app without having entered. */
export const load: LayoutLoad = async ({ url, untrack }) => {
  if (session.current !== undefined || (await session.load())) return;
  const next = untrack(() => url.pathname + url.search);
  redirect(307, next === '/' ? '/enter' : `/enter?next=${encodeURIComponent(next)}`);
};
