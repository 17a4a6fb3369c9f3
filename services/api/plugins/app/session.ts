/** Who asks. Real sign-in will stand here; until then a visitor of the demonstration says who he is. */
import type { FastifyRequest } from 'fastify';
import { ROLE_BITS } from '#domain/codes.ts';
import { toHex } from '#db/bytes.ts';
import { getAddress } from 'ethers';
import { AUDIENCES, requireAudience } from '../../access/rules.ts';
import type { App, Person } from '../../app-types.ts';

export const SESSION_COOKIE = 'tallystick';

export function tokenOf(request: FastifyRequest): string | undefined {
  const bearer = /^Bearer ([\w-]{20,100})$/.exec(request.headers.authorization ?? '')?.[1];
  return bearer ?? request.cookies[SESSION_COOKIE];
}

export function registerSession(app: App): void {
  app.decorateRequest('person');
  app.addHook('onRequest', async (request) => {
    const { route } = request.routeOptions.config;
    request.person = route === undefined ? { kind: 'nobody' } : await personOf(app, request);
    if (route !== undefined) requireAudience(AUDIENCES[route], request.person);
  });
}

/** A token that is unknown or over counts as none. */
async function personOf({ services }: App, request: FastifyRequest): Promise<Person> {
  const token = tokenOf(request);
  const visitor = token === undefined ? undefined : await services.visitors.find(token);
  if (visitor === undefined) return { kind: 'nobody' };
  const { member: number, expiresAt, roles, account, isSuspended } = visitor;
  if (number === null) return { kind: 'operator', expiresAt };
  if (roles === null || account === null) return { kind: 'nobody' };
  return {
    kind: 'member',
    number,
    roles,
    account: getAddress(toHex(account)),
    viewer: { member: number, seesAll: (roles & ROLE_BITS.regulator) !== 0 && !isSuspended },
    expiresAt,
  };
}
