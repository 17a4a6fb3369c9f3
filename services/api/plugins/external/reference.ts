/** /docs: the OpenAPI document to read and to try, from our own files. */
import reference from '@scalar/fastify-api-reference';
import type { App } from '../../app-types.ts';
import { REFERENCE_POLICY } from './security.ts';

export async function registerReference(app: App): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onSend', async (_request, reply, payload) => {
      void reply.header('content-security-policy', REFERENCE_POLICY);
      return payload;
    });
    await scope.register(reference, {
      routePrefix: '/docs',
      configuration: {
        title: 'Tallystick',
        // Nothing that would send a reader, or what he tries, to another server.
        withDefaultFonts: false,
        telemetry: false,
        showDeveloperTools: 'never',
        hideClientButton: true,
        agent: { disabled: true },
        mcp: { disabled: true },
      },
    });
  });
}
