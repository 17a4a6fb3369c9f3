/** Whose inbox a request is for. */
import type { FastifyRequest } from 'fastify';
import type { Reader } from '#db/notices/read.ts';
import { Problem } from '#domain/problems.ts';

/** What is the firm's is for seats that may see; what is one's own, always. */
export function readerOf({ person }: Pick<FastifyRequest, 'person'>): Reader {
  if (person.kind === 'nobody') throw new Problem('UNAUTHENTICATED');
  const seat = person.kind === 'member' ? person.number : person.kind === 'operator' ? null : undefined;
  return {
    person: person.person ?? null,
    place: person.rights.includes('see') ? seat : undefined,
    branch: person.kind === 'member' ? person.branch : undefined,
  };
}
