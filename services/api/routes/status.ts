import { legalDateOf } from '#domain/dates.ts';
import { readModelStatus } from '#db/read/status.ts';
import type { App } from '../app-types.ts';
import { isoOf } from '../clock.ts';
import { lookAt, requireReady } from '../health.ts';
import { API_VERSION } from '../plugins/external/swagger.ts';
import { at } from './routes.ts';

export function statusRoutes(app: App): void {
  const { db, provider, deployment, clock, demo } = app.services;

  app.route({
    ...at('getStatus'),
    handler: async () => {
      const [chainHead, now, status] = await Promise.all([
        provider.getBlockNumber(),
        clock.now(),
        readModelStatus(db),
      ]);
      return {
        chainId: deployment.chainId,
        chainHead,
        indexed: Number(status?.indexed ?? 0n),
        proved: status?.proved == null ? null : Number(status.proved),
        stopped: status?.stopped != null,
        clock: legalDateOf(now),
        now: isoOf(now),
        currency: deployment.currency,
        demo,
        version: API_VERSION,
      };
    },
  });

  app.route({ ...at('getHealth'), handler: () => ({ status: 'ok' as const }) });

  app.route({
    ...at('getReady'),
    handler: async () => {
      return { status: 'ready' as const, ...requireReady(await lookAt(app.services)) };
    },
  });
}
