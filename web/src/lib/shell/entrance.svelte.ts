import type { Role } from '#domain/codes.ts';
import { api } from '#web/api/client.ts';
import type { SessionMember } from '#web/api/schema.ts';
import { ROLE_NAMES } from '#web/roles.ts';
import { PagedQuery } from '#web/state/query.svelte.ts';

const ORDER: Role[] = [
  'core_enterprise',
  'supplier',
  'bank',
  'settlement_bank',
  'guarantor',
  'warehouse',
  'regulator',
];

/** The members of the demonstration, each under the first of its roles. */
export class EntranceState {
  readonly members = new PagedQuery((page, signal) => api.sessionMembers({ ...page, limit: 200 }, signal), {
    live: false,
  });

  get groups(): { role: Role; label: string; members: SessionMember[] }[] {
    const firstRole = (member: SessionMember): Role | undefined =>
      ORDER.find((role) => member.roles.includes(role));
    return ORDER.map((role) => ({
      role,
      label: ROLE_NAMES[role](),
      members: this.members.rows.filter((member) => member.hasDemoKey && firstRole(member) === role),
    })).filter((group) => group.members.length > 0);
  }
}
