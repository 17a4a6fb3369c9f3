import { createHash } from 'node:crypto';
import rateLimit from '@fastify/rate-limit';
import type { App } from '../../app-types.ts';
import { tokenOf } from '../app/session.ts';

/** One session of a firm's system at work; an address without a session gets a tenth. */
export const REQUESTS_PER_MINUTE = 60_000;

/** Routes that machines ask often, and that ask little of us. */
const FREE = new Set(['/health', '/ready', '/metrics', '/api/status']);

/** Requests are counted by session, or by address where there is none. */
export async function registerLimits(app: App, perMinute = REQUESTS_PER_MINUTE): Promise<void> {
  await app.register(rateLimit, {
    timeWindow: 60_000,
    cache: 10_000,
    max: (_request, key) => (key.startsWith('session') ? perMinute : Math.ceil(perMinute / 10)),
    keyGenerator: (request) => {
      const token = tokenOf(request);
      return token === undefined
        ? `address ${request.ip}`
        : `session ${createHash('sha256').update(token).digest('base64url')}`;
    },
    allowList: (request) =>
      FREE.has(request.routeOptions.url ?? '') || request.routeOptions.config.route === undefined,
    addHeadersOnExceeding: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
    },
  });
}
