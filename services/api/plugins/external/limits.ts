import { Problem } from '#domain/problems.ts';
import type { App } from '../../app-types.ts';

/** One session of a firm's system at work; an address without a session gets a tenth. */
export const REQUESTS_PER_MINUTE = 60_000;

const MINUTE = 60_000;
/** Sessions and addresses that are counted at most; beyond, the count that began first is given up. */
const MOST = 10_000;

/** Routes that machines ask often, and that ask little of us. */
const FREE = new Set(['/health', '/ready', '/metrics', '/api/status']);

type Count = { requests: number; readonly until: number };

/** Requests are counted by session, or by address where there is none, for a minute from the first. */
export function registerLimits(app: App, perMinute = REQUESTS_PER_MINUTE): void {
  const counts = new Map<string, Count>();
  const countOf = (key: string): Count => {
    const now = Date.now();
    const known = counts.get(key);
    if (known !== undefined && known.until > now) return known;
    counts.delete(key);
    if (counts.size >= MOST) counts.delete(counts.keys().next().value!);
    const count = { requests: 0, until: now + MINUTE };
    counts.set(key, count);
    return count;
  };
  app.addHook('onRequest', (request, reply, next) => {
    const { config, url = '' } = request.routeOptions;
    if (config.route === undefined || FREE.has(url)) return next();
    const { person } = request;
    const isKnown = person.kind !== 'nobody';
    const count = countOf(isKnown ? person.session : `address ${request.ip}`);
    count.requests++;
    if (count.requests <= (isKnown ? perMinute : Math.ceil(perMinute / 10))) return next();
    void reply.header('retry-after', Math.ceil((count.until - Date.now()) / 1_000));
    next(new Problem('RATE_LIMITED'));
  });
}
