/** How many requests a minute, by session. */
import rateLimit from '@fastify/rate-limit';
import type { App } from '../../app-types.ts';

/** One session of a firm's system at work; an address without a session gets a tenth. */
export const REQUESTS_PER_MINUTE = 60_000;

/** Routes that machines ask often, and that ask little of us. */
const FREE = new Set(['/health', '/ready', '/metrics', '/api/status']);

/** Requests are counted by session, or by address where there is none. */
export async function registerLimits(app: App, perMinute = REQUESTS_PER_MINUTE): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    timeWindow: 60_000,
    cache: 10_000,
    max: ({ person }) => (person.kind === 'nobody' ? Math.ceil(perMinute / 10) : perMinute),
    keyGenerator: ({ person, ip }) => (person.kind === 'nobody' ? `address ${ip}` : person.session),
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
