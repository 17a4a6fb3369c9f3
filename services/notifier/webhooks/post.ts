/** One POST to a firm's system: no redirects, no more waiting than said, and of the answer the status alone. */
import { request as overHttp } from 'node:http';
import { request as overTls } from 'node:https';
import type { LookupFunction } from 'node:net';
import { faultOfWebhookUrl } from '#domain/notices/webhook-url.ts';
import { AddressRefused, guardedLookup, requireCallable } from './guard.ts';

/** All of it: looking up, connecting, sending, the answer's head (ms). */
const WAIT_MS = 10_000;
/** Of an answer no more is taken in than this (bytes). */
const MOST_HEAD = 16 * 1024;

type Options = {
  readonly isDemo: boolean;
  readonly lookup?: LookupFunction;
  readonly waitMs?: number;
};

/** The status. Throws where none came. */
export function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  { isDemo, lookup = guardedLookup(isDemo), waitMs = WAIT_MS }: Options,
): Promise<number> {
  return new Promise<number>((settle, fail) => {
    if (faultOfWebhookUrl(url, isDemo) !== undefined)
      throw new AddressRefused('the address is not of a form that is called');
    const { protocol, hostname } = new URL(url);
    requireCallable(hostname, isDemo);
    const send = protocol === 'https:' ? overTls : overHttp;
    const sending = send(
      url,
      {
        method: 'POST',
        lookup,
        agent: false,
        maxHeaderSize: MOST_HEAD,
        signal: AbortSignal.timeout(waitMs),
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' },
      },
      (answer) => {
        settle(answer.statusCode ?? 0);
        answer.destroy(); // the body is nobody's concern
      },
    );
    sending.on('error', fail);
    sending.end(body);
  });
}
