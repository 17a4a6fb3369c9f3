/**
 * Answers travel compressed. The files of the web app lie compressed on the disk (see web/vite.config.ts), so the answers of
 * the API remain: JSON above a kilobyte, for a client that accepts gzip.
 */
import compress from '@fastify/compress';
import type { App } from '../../app-types.ts';
import type { RouteName } from '../../access/at.ts';
import { SECRET_ANSWERS } from '../app/idempotency.ts';

/**
 * Their answers hold a token or a key. Who sees how long a compressed answer is can find out such a secret byte by byte, if he
 * can have it sent beside text of his own (BREACH). No answer does that today; these are left out because a later one might.
 */
export const NEVER_COMPRESSED: ReadonlySet<RouteName> = new Set([...SECRET_ANSWERS, 'getSessionSigner']);

/** After the idempotency keys, which keep an answer as a text. */
export async function registerCompression(app: App): Promise<void> {
  app.addHook('onRoute', (route) => {
    const name = route.config?.route;
    if (name === undefined || NEVER_COMPRESSED.has(name)) route.compress = false;
  });
  await app.register(compress, {
    threshold: 1_000,
    encodings: ['gzip'],
    // A compressed request could become far larger than the limit of a body.
    globalDecompression: false,
  });
}
