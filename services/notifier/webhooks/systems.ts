/** Sends to the systems of firms, in the manner of Standard Webhooks. */
import { createHmac } from 'node:crypto';
import type { Logger } from 'pino';
import {
  claimForSystems,
  disableWebhook,
  failedForSystem,
  sentToSystem,
  type ToSystem,
} from '#db/notices/outbox.ts';
import { unseal } from '#db/notices/sealed.ts';
import { tell } from '#db/notices/tell.ts';
import type { Database } from '#db/wire/connect.ts';
import { pathOf } from '#domain/notices/notices.ts';
import { nextTry } from '../pauses.ts';
import { post } from './post.ts';

type Wanted = {
  readonly db: Database;
  readonly key: Buffer;
  readonly origin: string;
  readonly isDemo: boolean;
  readonly now: () => Date;
  readonly log: Logger;
};

/** @returns whether anything was tried, so that there may be more. */
export async function sendToSystems(wanted: Wanted): Promise<boolean> {
  const due = await claimForSystems(wanted.db, wanted.now());
  await Promise.all(due.map((each) => sendOne(wanted, each)));
  return due.length > 0;
}

async function sendOne(wanted: Wanted, delivery: ToSystem): Promise<void> {
  const { db, now, isDemo, log } = wanted;
  const outcome = await attempt(wanted, delivery, isDemo);
  if ('status' in outcome && outcome.status >= 200 && outcome.status < 300)
    return sentToSystem(db, delivery, outcome.status, now());
  const failure =
    'status' in outcome
      ? { status: outcome.status, error: `answered ${outcome.status}` }
      : { error: outcome.error.slice(0, 500) };
  const next = nextTry(delivery.attempts, now());
  const isGone = failure.status === 410;
  log.info({ webhook: delivery.webhook, ...failure, next: isGone ? undefined : next }, 'a webhook failed');
  if (next !== undefined && !isGone) return failedForSystem(db, delivery, failure, next);
  const why = isGone ? 'gone' : 'failing';
  await disableWebhook(db, delivery, why, failure, now(), (trx, member) =>
    tell(trx, {
      kind: 'webhook_disabled',
      key: `webhook_disabled:${delivery.webhook}:${now().toISOString()}`,
      to: { member },
      facts: { host: new URL(delivery.url).host, why },
    }),
  );
}

type Outcome = { readonly status: number } | { readonly error: string };

async function attempt(wanted: Wanted, delivery: ToSystem, isDemo: boolean): Promise<Outcome> {
  const { key, origin, now } = wanted;
  const { notice, kind, member, facts, at, webhook, url, secret, previous } = delivery;
  try {
    const link = `${origin}${pathOf({ kind, facts })}`;
    const body = JSON.stringify({
      id: notice,
      type: kind,
      timestamp: at.toISOString(),
      member,
      data: facts,
      link,
    });
    const secrets = [secret, ...(previous === null ? [] : [previous])].map((each) =>
      unseal(key, webhook, each),
    );
    const headers = signed(notice, Math.floor(now().getTime() / 1_000), body, secrets);
    return { status: await post(url, headers, body, { isDemo }) };
  } catch (error) {
    return { error: (error as Error).message || (error as Error).name };
  }
}

/** Signed by each secret that is good: whoever rotates one misses nothing. */
export const signed = (id: string, timestamp: number, body: string, secrets: readonly string[]) => ({
  'content-type': 'application/json',
  'user-agent': 'tallystick-webhooks/1',
  'webhook-id': id,
  'webhook-timestamp': String(timestamp),
  'webhook-signature': secrets
    .map((secret) => `v1,${signatureOf(secret, `${id}.${timestamp}.${body}`)}`)
    .join(' '),
});

const signatureOf = (secret: string, text: string): string =>
  createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(text)
    .digest('base64');
