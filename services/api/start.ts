/** Starts and stops the API. */
import { buildApp } from './app.ts';
import type { ApiConfig } from './config.ts';
import { enrolAnew } from './operator/enrolment.ts';
import { openServices } from './services.ts';

export type { ApiConfig } from './config.ts';

/** What has begun may take so long to finish when the API is closed (milliseconds). */
const PATIENCE_MS = 10_000;

/** Answers requests until it is closed; several processes can do so side by side. Throws if it cannot listen. */
export async function start(config: ApiConfig): Promise<{ url: string; close(): Promise<void> }> {
  const services = await openServices(config);
  try {
    const { host, port, log } = config;
    const app = await buildApp(services, config);
    await app.listen({ host, port });
    const address = app.server.address();
    const chosen = typeof address === 'object' && address !== null ? address.port : port;
    services.site.listensAt(chosen);
    await enrolAnew(services).catch((error: unknown) =>
      log.error({ err: error }, 'people are not the operator yet: see to it, and start again'),
    );
    return {
      url: `http://${host.includes(':') ? `[${host}]` : host}:${chosen}`,
      close: async () => {
        const deadline = setTimeout(() => app.server.closeAllConnections(), PATIENCE_MS);
        await app.close().finally(() => clearTimeout(deadline));
        await services.close();
      },
    };
  } catch (error) {
    await services.close();
    throw error;
  }
}
