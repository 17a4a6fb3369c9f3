/** How many requests a minute: by session, by address where there is none, and what anybody may try by route and address. */
import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import type { Route } from '../../access/route.ts';
import { routes } from '../../access/routes.ts';
import type { App } from '../../app-types.ts';

/** One session of a firm's system at work; an address without a session gets a tenth. */
export const REQUESTS_PER_MINUTE = 60_000;

/** Routes that machines ask often, and that ask little of us. */
const FREE = new Set(['/health', '/ready', '/metrics', '/api/status']);

/** What a route allows of tries; undefined: it is nobody's to try. */
const triesAt = ({ routeOptions: { config } }: FastifyRequest): number | undefined =>
  config.route === undefined ? undefined : (routes[config.route] as Route).needs.perMinute;

/**
 * Requests are counted by session, or by address where there is none; where anybody may try to come in, by address even if there is one.
 *
 * @param perMinute Of a session; what may be tried grows and shrinks with it.
 */
export async function registerLimits(app: App, perMinute = REQUESTS_PER_MINUTE): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    timeWindow: 60_000,
    cache: 10_000,
    max: (request) => {
      const tries = triesAt(request);
      if (tries !== undefined) return Math.ceil((tries * perMinute) / REQUESTS_PER_MINUTE);
      return request.person.kind === 'nobody' ? Math.ceil(perMinute / 10) : perMinute;
    },
    keyGenerator: (request) => {
      const { person, ip, routeOptions } = request;
      if (triesAt(request) !== undefined) return `${routeOptions.config.route} ${ip}`;
      return person.kind === 'nobody' ? `address ${ip}` : person.session;
    },
    allowList: ({ routeOptions: { url, config } }) => FREE.has(url ?? '') || config.route === undefined,
    addHeadersOnExceeding: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
    },
  });
  // Before it is asked whether a route is for who asks: who is refused is counted too.
  app.addHook('onRequest', app.rateLimit());
}
