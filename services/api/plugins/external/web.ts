/** The web app's files. */
import staticFiles from '@fastify/static';
import type { App } from '../../app-types.ts';
import { notFound } from '../app/problems.ts';
import { pageOf, VERIFIER_POLICY } from './security.ts';

/** Addresses that are ours, not the web app's. */
const OURS = /^\/(api|docs|health|ready|metrics)(\/|$|\?)/;

/** What is named after its content stays in caches for good; the page is asked for each time. */
export async function registerWeb(app: App, webRoot: string | undefined): Promise<void> {
  const page = pageOf(webRoot);
  if (webRoot === undefined || page === undefined) {
    app.setNotFoundHandler(notFound);
    return;
  }
  await app.register(staticFiles, {
    root: webRoot,
    index: page,
    cacheControl: false,
    preCompressed: true,
    setHeaders: (reply, file) => {
      if (file.includes('/tallystick-verifier.html'))
        reply.header('content-security-policy', VERIFIER_POLICY);
      const isImmutable = file.includes('/_app/immutable/');
      reply.header('cache-control', isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.setNotFoundHandler((request, reply) => {
    const wantsPage = request.method === 'GET' && !OURS.test(request.url) && !/\.\w+(\?|$)/.test(request.url);
    if (!wantsPage) return notFound(request, reply);
    return reply.header('cache-control', 'no-cache').sendFile(page);
  });
}
