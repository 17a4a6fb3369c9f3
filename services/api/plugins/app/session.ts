/** Who asks. Real sign-in will stand here; until then a visitor of the demonstration says who he is. */
import type { FastifyRequest } from 'fastify';
import { routes } from '../../access/routes.ts';
import { requireAudience, requireNamed } from '../../access/rules.ts';
import type { App, Person } from '../../app-types.ts';

export const SESSION_COOKIE = 'tallystick';

const bearerOf = ({ headers }: FastifyRequest): string | undefined =>
  /^Bearer ([\w-]{20,100})$/.exec(headers.authorization ?? '')?.[1];

export function tokenOf(request: FastifyRequest): string | undefined {
  const bearer = bearerOf(request);
  const { cookie } = request.headers;
  if (bearer !== undefined || cookie === undefined) return bearer;
  return request.server.parseCookie(cookie)[SESSION_COOKIE];
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

/** After {@link registerSession}: refuses who is not of a route's audience. */
export function registerAccess(app: App): void {
  app.addHook('onRequest', (request, _reply, next) => {
    const { route } = request.routeOptions.config;
    if (route !== undefined) {
      requireNamed(request, route, bearerOf(request) === undefined);
      requireAudience(routes[route].audience, request.person);
    }
    next();
  });
}
