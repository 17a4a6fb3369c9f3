/** Who asks: by the cookie of a session, or by a bearer token (a session's, or a key of a firm's system). */
import { BlockList, isIP } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '#domain/problems.ts';
import { routes } from '../../access/routes.ts';
import { requireAccess, requireNamed } from '../../access/rules.ts';
import type { App, Person } from '../../app-types.ts';

/** Where there is TLS, under a name that no other host and no plain connection can set. */
export const sessionCookie = ({ protocol }: Pick<FastifyRequest, 'protocol'>): string =>
  protocol === 'https' ? '__Host-tallystick' : 'tallystick';

/** The browser forgets the session, and what it kept of our answers. */
export const forgetInBrowser = (request: FastifyRequest, reply: FastifyReply): void =>
  void reply
    .clearCookie(sessionCookie(request), { path: '/', secure: request.protocol === 'https' })
    .header('clear-site-data', '"cache"');

const bearerOf = ({ headers }: FastifyRequest): string | undefined =>
  /^Bearer ([\w-]{20,100})$/.exec(headers.authorization ?? '')?.[1];

export function tokenOf(request: FastifyRequest): string | undefined {
  const bearer = bearerOf(request);
  const { cookie } = request.headers;
  if (bearer !== undefined || cookie === undefined) return bearer;
  return request.server.parseCookie(cookie)[sessionCookie(request)];
}

const NOBODY: Person = { kind: 'nobody' };

export function registerSession(app: App): void {
  app.decorateRequest('person');
  const { visitors } = app.services;
  app.addHook('onRequest', (request, _reply, next) => {
    const token = request.routeOptions.config.route === undefined ? undefined : tokenOf(request);
    request.person = NOBODY;
    if (token === undefined) return next();
    const person = visitors.find(token);
    if (!(person instanceof Promise)) {
      request.person = person ?? NOBODY;
      return next();
    }
    person.then(
      (found) => {
        request.person = found ?? NOBODY;
        next();
      },
      (error: Error) => next(error),
    );
  });
}

/** After {@link registerSession}: refuses who may not use a route, or comes from where the key may not. */
export function registerAccess(app: App): void {
  app.addHook('onRequest', (request, _reply, next) => {
    const { route } = request.routeOptions.config;
    if (route !== undefined) {
      requireNamed(request, route, bearerOf(request) === undefined);
      const { person } = request;
      if (person.kind !== 'nobody' && person.ranges !== undefined && !isWithin(request.ip, person.ranges))
        throw new Problem('ADDRESS_NOT_ALLOWED');
      requireAccess(routes[route], person);
    }
    next();
  });
}

/** @param ranges CIDR. */
export function isWithin(address: string, ranges: readonly string[]): boolean {
  const allowed = new BlockList();
  for (const range of ranges) {
    const [net = '', bits] = range.split('/');
    allowed.addSubnet(net, Number(bits), isIP(net) === 6 ? 'ipv6' : 'ipv4');
  }
  return allowed.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
