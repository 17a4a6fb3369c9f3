/** Security headers, and what may be cached. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import path from 'node:path';
import helmet from 'helmet';
import type { App } from '../../app-types.ts';
import { refused } from '../../problems/refused.ts';

/** The page of the web app; it is served for every address that is not a file. */
export const pageOf = (webRoot: string | undefined): string | undefined =>
  webRoot === undefined
    ? undefined
    : ['index.html', '200.html'].find((name) => existsSync(path.join(webRoot, name)));

/** What helmet says does not depend on the request, so it is asked once. */
export function registerSecurity(app: App, webRoot: string | undefined): void {
  const page = pageOf(webRoot);
  const headers = headersOf(page === undefined ? '' : readFileSync(path.join(webRoot!, page), 'utf8'));
  app.addHook('onRequest', (request, reply, next) => {
    void reply.headers(headers);
    // What is a member's is kept by no cache on its way.
    if (request.routeOptions.config.route !== undefined) void reply.header('cache-control', 'no-store');
    requireOneHost(request.raw.rawHeaders);
    next();
  });
}

/** Of two, a proxy and we might believe different ones. Throws REQUEST_INVALID. */
function requireOneHost(rawHeaders: readonly string[]): void {
  const hosts = rawHeaders.filter((name, n) => n % 2 === 0 && name.length === 4 && /^host$/i.test(name));
  if (hosts.length > 1) throw refused('HOST_TWICE');
}

/** Inline scripts of the app's page are allowed by their hashes: nothing else that is inline runs. */
function headersOf(html: string) {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  const apply = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", ...inlineHashes(html)],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        // Bridges to UKeys on the machine of who looks at the page: BRIDGE_URL of the client.
        connectSrc: ["'self'", 'http://127.0.0.1:17913'],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: false,
    strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: true },
  });
  apply(response.req, response, (error) => {
    if (error !== undefined) throw error;
  });
  return response.getHeaders();
}

const inlineHashes = (html: string): string[] =>
  [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script]) => `'sha256-${createHash('sha256').update(script!).digest('base64')}'`,
  );

/** The page that verifies exports has all in itself; its own policy names its one script by its hash. */
export const VERIFIER_POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The reference of the API brings a page of its own, with a script in it. */
export const REFERENCE_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
