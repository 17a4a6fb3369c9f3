import { goto } from '$app/navigation';
import { page } from '$app/state';

/** Filters live in the address, so that they can be linked to and the back button undoes them. */
export function filterBy(changes: Record<string, string | undefined>): Promise<void> {
  const params = new URLSearchParams(page.url.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') params.delete(name);
    else params.set(name, value);
  }
  const query = params.toString();
  return goto(`${page.url.pathname}${query ? `?${query}` : ''}`, { replace: true, reset: false });
}

export const filter = (name: string): string | undefined => page.url.searchParams.get(name) ?? undefined;
