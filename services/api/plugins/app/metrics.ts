import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { queueLengths } from '#db/app/acts.ts';
import { readModelStatus } from '#db/read/status.ts';
import type { App } from '../../app-types.ts';
import { at } from '../../routes/routes.ts';

/** Prometheus metrics of this process and of what it stands on. */
export function registerMetrics(app: App): void {
  const { services } = app;
  const register = new Registry();
  collectDefaultMetrics({ register });
  const seconds = new Histogram({
    name: 'tallystick_http_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
    registers: [register],
  });
  new Gauge({
    name: 'tallystick_block',
    help: 'Newest block: of the chain, indexed, proved',
    labelNames: ['of'],
    registers: [register],
    async collect() {
      const [head, status] = await Promise.all([
        services.provider.getBlockNumber().catch(() => undefined),
        readModelStatus(services.db),
      ]);
      if (head !== undefined) this.set({ of: 'chain' }, head);
      this.set({ of: 'indexed' }, Number(status?.indexed ?? 0n));
      this.set({ of: 'proved' }, Number(status?.proved ?? 0n));
    },
  });
  new Gauge({
    name: 'tallystick_acts_under_way',
    help: 'Acts that are signed and not over yet',
    labelNames: ['state'],
    registers: [register],
    async collect() {
      for (const [state, count] of Object.entries(await queueLengths(services.db)))
        this.set({ state }, count);
    },
  });
  new Gauge({
    name: 'tallystick_live_clients',
    help: 'Open streams of live events',
    registers: [register],
    collect() {
      this.set(services.hub.streams);
    },
  });

  app.addHook('onResponse', async (request, reply) => {
    const { url: route = 'none' } = request.routeOptions;
    seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
  });
  app.route({
    ...at('getMetrics'),
    handler: async (_request, reply) => {
      const text = await register.metrics();
      return reply
        .type(register.contentType)
        .serializer(String)
        .send(text as never);
    },
  });
}
