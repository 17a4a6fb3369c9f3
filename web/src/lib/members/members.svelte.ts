import type { Role } from '#domain/codes.ts';
import { api } from '#web/api/client.ts';
import type { Member } from '#web/api/schema.ts';
import { filter } from '#web/state/address.ts';
import { PagedQuery } from '#web/state/query.svelte.ts';

/** The members of the network, as the address filters them. */
export class MembersState {
  readonly list = new PagedQuery<Member>(
    (page, signal) => {
      const [q, role] = [filter('q'), filter('role')];
      return api.members({ ...(q ? { q } : {}), ...(role ? { role: role as Role } : {}), ...page }, signal);
    },
    { keep: true },
  );
}
