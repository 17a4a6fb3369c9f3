import { buildApp } from './app.ts';
import type { ApiConfig } from './config.ts';
import { openServices } from './services.ts';

export type { ApiConfig } from './config.ts';

/** Answers requests until it is closed; several processes can do so side by side. Throws if it cannot listen. */
export async function start(config: ApiConfig): Promise<{ url: string; close(): Promise<void> }> {
  const services = await openServices(config);
  try {
    const { webRoot, requestsPerMinute, host, port } = config;
    const app = await buildApp(services, { webRoot, requestsPerMinute });
    await app.listen({ host, port });
    const address = app.server.address();
    const chosen = typeof address === 'object' && address !== null ? address.port : port;
    return {
      url: `http://${host.includes(':') ? `[${host}]` : host}:${chosen}`,
      close: async () => {
        await app.close();
        await services.close();
      },
    };
  } catch (error) {
    await services.close();
    throw error;
  }
}
