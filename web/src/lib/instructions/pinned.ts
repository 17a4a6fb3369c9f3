import { ApiProblem } from '#web/api/problem.ts';
import { m } from '#web/paraglide/messages.js';

/** What was seen first stays: a platform that comes with other contracts or another account later is refused. */
export function pinned<T>(name: string, seen: T): T {
  const kept = localStorage.getItem(name);
  if (kept === null) localStorage.setItem(name, JSON.stringify(seen));
  else if (kept !== JSON.stringify(seen))
    throw new ApiProblem(409, { code: 'INSTRUCTION_ALTERED', detail: m.pin_changed() });
  return seen;
}
