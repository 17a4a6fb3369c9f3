/** Whose request it is, and where it came in: what the audit trail says of it. */
import type { FastifyRequest } from 'fastify';
import type { Origin } from '#db/audit/write.ts';

export function originOf({
  person,
  id,
  ip,
  routeOptions,
}: Pick<FastifyRequest, 'person' | 'id' | 'ip' | 'routeOptions'>): Origin {
  return {
    person: person.kind === 'nobody' ? undefined : person.person,
    member: person.kind === 'member' ? person.number : null,
    isOperator: person.kind === 'operator',
    route: routeOptions.config.route,
    requestId: id,
    ip,
  };
}
