/** Who may use which route. What of the ledger a member then sees is decided in #db/access/access.ts. */
import type { FastifyRequest } from 'fastify';
import { Problem } from '#domain/problems.ts';
import type { KnownPerson, MemberPerson, Person } from '../app-types.ts';
import type { RouteName } from './at.ts';
import { rightFor, type Audience, type Route } from './route.ts';

/** For so long after signing in one may change who else may (ms). */
export const FRESH_MS = 10 * 60_000;

/** Throws UNAUTHENTICATED, FORBIDDEN, RIGHT_REQUIRED or SIGN_IN_AGAIN. */
export function requireAccess(route: Route, person: Person): void {
  const { audience, needs } = route;
  if (audience === 'everybody') return;
  if (person.kind === 'nobody') throw new Problem('UNAUTHENTICATED');
  if (!isOf(audience, person)) throw new Problem('FORBIDDEN');
  const right = rightFor(route);
  if (right !== undefined && !person.rights.includes(right)) throw new Problem('RIGHT_REQUIRED');
  if (needs.isFresh === true && person.person !== undefined && !isFresh(person))
    throw new Problem('SIGN_IN_AGAIN');
}

export const isFresh = ({ openedAt }: KnownPerson): boolean => openedAt.getTime() + FRESH_MS > Date.now();

function isOf(audience: Audience, person: KnownPerson): boolean {
  switch (audience) {
    case 'everybody':
    case 'known':
      return true;
    case 'people':
      return person.person !== undefined;
    case 'signed in':
      return person.kind !== 'person';
    case 'members':
      return person.kind === 'member';
    case 'operator':
      return person.kind === 'operator';
  }
}

/** Names the member that a request is for by its number, or `operator`, or `person` for one without a seat. */
export const MEMBER_HEADER = 'tallystick-member';

/** What is asked to learn or to change who one is. */
const BEFORE_NAMES: ReadonlySet<RouteName> = new Set([
  'openSession',
  'getSession',
  'beginSignIn',
  'finishSignIn',
  'lookAtLink',
  'beginRegistration',
  'finishRegistration',
  'chooseSeat',
]);
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
  if (named !== (person.kind === 'member' ? String(person.number) : person.kind)) {
    throw new Problem('SESSION_CHANGED');
  }
}

/** The member who asks, on a route for members. */
export function memberOf({ person }: Pick<FastifyRequest, 'person'>): MemberPerson {
  if (person.kind !== 'member') throw new Problem(person.kind === 'nobody' ? 'UNAUTHENTICATED' : 'FORBIDDEN');
  return person;
}

/** The seat that is taken: the member's number, null for the platform. On a route that is for both. */
export function placeOf({ person }: Pick<FastifyRequest, 'person'>): number | null {
  if (person.kind === 'operator') return null;
  if (person.kind === 'member') return person.number;
  throw new Problem(person.kind === 'nobody' ? 'UNAUTHENTICATED' : 'FORBIDDEN');
}

/** The person who asks, on a route for people. */
export function personOf({ person }: Pick<FastifyRequest, 'person'>): KnownPerson & { person: string } {
  if (person.kind === 'nobody') throw new Problem('UNAUTHENTICATED');
  if (person.person === undefined) throw new Problem('FORBIDDEN');
  return person as KnownPerson & { person: string };
}
