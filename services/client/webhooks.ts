/**
 * For who receives webhooks: whether a call is ours, and new. In the manner of Standard Webhooks (standardwebhooks.com), whose libraries
 * read it too. Give it the body as it came, before anything has parsed it.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** How old, or how far ahead, a call may be (seconds). What is repeated within it has the same id: keep the ids for as long. */
export const REPLAY_WINDOW = 300;

export type Webhook = {
  /** The same at each try of the same notice. */
  readonly id: string;
  readonly type: string;
  /** When it happened. */
  readonly timestamp: string;
  readonly member: number;
  /** Amounts are minor units as decimal text, other members are numbers. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly link: string;
};

export class WebhookRefused extends Error {
  readonly code: 'HEADERS_MISSING' | 'TOO_OLD' | 'SIGNATURE_INVALID';
  constructor(code: WebhookRefused['code']) {
    super(`the call is refused: ${code}`);
    this.name = 'WebhookRefused';
    this.code = code;
  }
}

/**
 * @param secrets Those that are good: while one is replaced, the old and the new.
 * @param now Seconds since 1970. Throws {@link WebhookRefused}.
 */
export function verifyWebhook(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  body: string,
  secrets: readonly string[],
  now: number = Math.floor(Date.now() / 1_000),
): Webhook {
  const header = (name: string): string => {
    const value = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
    if (typeof value !== 'string' || value === '') throw new WebhookRefused('HEADERS_MISSING');
    return value;
  };
  const [id, timestamp, given] = [
    header('webhook-id'),
    header('webhook-timestamp'),
    header('webhook-signature'),
  ];
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now - Number(timestamp)) > REPLAY_WINDOW)
    throw new WebhookRefused('TOO_OLD');
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  const signatures = given
    .split(' ')
    .filter((each) => each.startsWith('v1,'))
    .map((each) => each.slice(3));
  const isOurs = secrets.some((secret) => {
    const expected = base64(hmac(sha256, bytesOf(secret), signed));
    return signatures.some((signature) => isSame(signature, expected));
  });
  if (!isOurs) throw new WebhookRefused('SIGNATURE_INVALID');
  return JSON.parse(body) as Webhook;
}

const bytesOf = (secret: string): Uint8Array =>
  Uint8Array.from(atob(secret.replace(/^whsec_/, '')), (sign) => sign.charCodeAt(0));

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** Takes as long wherever they differ. */
function isSame(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let n = 0; n < one.length; n++) difference |= one.charCodeAt(n) ^ other.charCodeAt(n);
  return difference === 0;
}
