/** Metrics for Prometheus. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { App } from '../../app-types.ts';
import { Problem } from '#domain/problems.ts';
import { ageOf, lookAt, queueOf } from '../../status/health.ts';
import { at } from '../../access/at.ts';

/**
 * Milliseconds between two samples of how late the event loop is, which the percentiles of nodejs_eventloop_lag contain. Each
 * sample wakes the process up: at 10, the default, that alone is 1 % of a processor.
 */
const LAG_EVERY = 100;

/** Prometheus metrics of this process and of what it stands on. */
export function registerMetrics(app: App, token: string | undefined): void {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: LAG_EVERY });
  const seconds = new Histogram({
    name: 'tallystick_http_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
    registers,
  });
  const look = gaugesOf(app, registers);
  countActs(app, registers);

  /** Looking labels up costs more than counting: as many as there are routes and statuses. */
  const known = new Map<string, Histogram.Internal<string>>();
  app.addHook('onResponse', (request, reply, next) => {
    const { method, routeOptions } = request;
    const { url: route = 'none' } = routeOptions;
    const status = reply.statusCode;
    const key = `${status} ${method} ${route}`;
    let series = known.get(key);
    if (series === undefined) known.set(key, (series = seconds.labels({ method, route, status })));
    series.observe(reply.elapsedTime / 1_000);
    next();
  });
  app.route({
    ...at('getMetrics'),
    onRequest: (request, _reply, next) => {
      if (!mayLook(request, token)) throw new Problem('FORBIDDEN');
      next();
    },
    handler: async (_request, reply) => {
      await look();
      const text = await register.metrics();
      return reply
        .type(register.contentType)
        .serializer(String)
        .send(text as never);
    },
  });
}

/** With a token, who shows it; else this machine itself, but not what a proxy on it passes on for others. */
function mayLook({ headers, ip }: FastifyRequest, token: string | undefined): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  if (token !== undefined)
    return timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`));
  const isPassedOn = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => name in headers);
  return !isPassedOn && /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(ip);
}

/** Returns how to bring them up to date. What cannot be known has no value, rather than an old one. */
function gaugesOf({ services }: App, registers: Registry[]): () => Promise<void> {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name: `tallystick_${name}`, help, labelNames, registers });
  const reachable = gauge('reachable', 'Whether a part answers: node, database', 'part');
  const block = gauge('block', 'Newest block: of the chain, indexed, proved', 'of');
  const behind = gauge('behind_blocks', 'Blocks behind the chain: indexed, proved', 'what');
  const age = gauge('block_age_seconds', 'How long ago the newest block of the chain was made');
  const stopped = gauge('indexer_stopped', 'Whether the indexer has met what it does not know and stopped');
  const underWay = gauge('acts_under_way', 'Acts that are signed and not over yet', 'state');
  const oldest = gauge('oldest_act_seconds', 'How long the oldest act that is not over waits');
  const clients = gauge('live_clients', 'Open streams of live events');

  return async () => {
    const [{ head, madeAt, readModel }, queue] = await Promise.all([lookAt(services), queueOf(services)]);
    for (const each of [block, behind, underWay]) each.reset();
    for (const each of [age, stopped, oldest]) each.remove(); // a reset would say 0
    reachable.set({ part: 'node' }, head === undefined ? 0 : 1);
    reachable.set({ part: 'database' }, readModel === undefined ? 0 : 1);
    if (head !== undefined) block.set({ of: 'chain' }, head);
    if (madeAt !== undefined) age.set(ageOf(madeAt));
    for (const what of ['indexed', 'proved'] as const) {
      const number = readModel?.[what];
      if (number == null) continue;
      block.set({ of: what }, Number(number));
      if (head !== undefined) behind.set({ what }, Math.max(0, head - Number(number)));
    }
    if (readModel != null) stopped.set(readModel.stopped === null ? 0 : 1);
    for (const [state, count] of Object.entries(queue?.lengths ?? {})) underWay.set({ state }, count);
    if (queue !== undefined) oldest.set(queue.oldest);
    clients.set(services.announcements.streams);
  };
}

/** From the notices of the database: every process of the API counts every act. */
function countActs({ services }: App, registers: Registry[]): void {
  const acts = new Counter({
    name: 'tallystick_acts_total',
    help: 'Acts that ended since this process began: done, failed',
    labelNames: ['state'],
    registers,
  });
  for (const state of ['done', 'failed']) acts.inc({ state }, 0);
  services.announcements.subscribe((event) => {
    if (event.type === 'instruction' && ['done', 'failed'].includes(event.state))
      acts.inc({ state: event.state });
  });
}
