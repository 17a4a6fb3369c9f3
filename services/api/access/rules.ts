/** Who may use which route. What of the ledger a member then sees is decided in #db/access/access.ts. */
import type { FastifyRequest } from 'fastify';
import { Problem } from '#domain/problems.ts';
import type { MemberPerson, Person } from '../app-types.ts';
import type { RouteName } from './at.ts';
import type { Audience } from './route.ts';

/** Throws UNAUTHENTICATED or FORBIDDEN. */
export function requireAudience(audience: Audience, person: Person): void {
  if (audience === 'everybody') return;
  if (person.kind === 'nobody') throw new Problem('UNAUTHENTICATED');
  if (audience === 'signed in') return;
  if ((audience === 'operator') !== (person.kind === 'operator')) throw new Problem('FORBIDDEN');
}

/** Names the member that a request is for by its number, or `operator`. */
export const MEMBER_HEADER = 'tallystick-member';

/** What is asked to learn or to change who one is. */
const BEFORE_NAMES: ReadonlySet<RouteName> = new Set(['openSession', 'getSession']);
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * All tabs of a browser share one cookie: one that shows a member whose session is over must change nothing for the next. So
 * a request by cookie that changes something names its member. Throws MEMBER_NOT_NAMED, or SESSION_CHANGED if it is another's.
 */
export function requireNamed(
  { person, headers, method }: Pick<FastifyRequest, 'person' | 'headers' | 'method'>,
  route: RouteName,
  isByCookie: boolean,
): void {
  if (person.kind === 'nobody' || BEFORE_NAMES.has(route)) return;
  const named = headers[MEMBER_HEADER];
  if (named === undefined) {
    if (isByCookie && !READS.has(method)) throw new Problem('MEMBER_NOT_NAMED');
    return;
  }
  if (named !== (person.kind === 'member' ? String(person.number) : 'operator')) {
    throw new Problem('SESSION_CHANGED');
  }
}

/** The member who asks, on a route for members. */
export function memberOf({ person }: Pick<FastifyRequest, 'person'>): MemberPerson {
  if (person.kind !== 'member') throw new Problem(person.kind === 'nobody' ? 'UNAUTHENTICATED' : 'FORBIDDEN');
  return person;
}
