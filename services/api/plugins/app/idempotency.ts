/**
 * `Idempotency-Key`: the same key with the same request is answered as the first time and acts once; with another request
 * it is refused. A request that was refused leaves the key free; where the answer is a secret, no key is taken.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { claimKey, giveUpKey, keepAnswer } from '#db/requests/idempotency.ts';
import { canonicalJson } from '#domain/canonical-json.ts';
import { Problem } from '#domain/problems.ts';
import type { App } from '../../app-types.ts';
import type { RouteName } from '../../access/at.ts';

/** Their answers hold a secret, which is never kept: each such request acts by itself. */
export const SECRET_ANSWERS: ReadonlySet<RouteName> = new Set([
  'openSession',
  'finishSignIn',
  'finishRegistration',
  'inviteSomebody',
  'linkDevice',
  'makeApiKey',
  'makeWebhook',
  'rotateWebhook',
  'inviteToApplication',
  'inviteSupplier',
  'inviteImportSuppliers',
]);

const WRITES = new Set(['POST', 'PATCH', 'PUT', 'DELETE']);
/** How long a request waits for its twin that is under way (ms), and how often it looks. */
const PATIENCE_MS = 30_000;
const LOOK = 50;

declare module 'fastify' {
  interface FastifyRequest {
    idempotency?: { subject: string; key: string } | undefined;
  }
}

export function registerIdempotency(app: App): void {
  app.decorateRequest('idempotency', undefined);
  app.addHook('onRoute', (route) => {
    const name = route.config?.route;
    if (!WRITES.has(String(route.method)) || (name !== undefined && SECRET_ANSWERS.has(name))) return;
    route.preHandler = before;
    route.onSend = after;
  });
  const before = async (request: FastifyRequest, reply: FastifyReply) => {
    const key = request.headers['idempotency-key'];
    const { person } = request;
    if (typeof key !== 'string' || person.kind === 'nobody') return undefined;
    const subject =
      person.kind === 'member' ? `member ${person.number}` : `${person.kind} ${person.person ?? ''}`.trim();
    return claim(app, request, reply, { subject, key });
  };
  const after = async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    const { idempotency } = request;
    if (idempotency === undefined) return payload;
    request.idempotency = undefined;
    const { db } = app.services;
    if (reply.statusCode < 300) await keepAnswer(db, idempotency, reply.statusCode, textOf(payload));
    else await giveUpKey(db, idempotency);
    return payload;
  };
}

async function claim(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  key: { subject: string; key: string },
): Promise<FastifyReply | undefined> {
  const hash = requestHash(request);
  for (let waited = 0; ; waited += LOOK) {
    const found = await claimKey(app.services.db, key, hash);
    if (found.kind === 'other request') throw new Problem('IDEMPOTENCY_CONFLICT');
    if (found.kind === 'new') {
      request.idempotency = key;
      return undefined;
    }
    if (found.kind === 'answered') {
      return reply
        .status(found.status)
        .header('idempotency-replayed', 'true')
        .type('application/json; charset=utf-8')
        .serializer((text: unknown) => text as string)
        .send(found.body);
    }
    if (waited >= PATIENCE_MS) throw new Problem('UNAVAILABLE');
    await sleep(LOOK);
  }
}

/** A form's file is a part of the request. */
const requestHash = ({ method, url, body, upload = Buffer.of() }: FastifyRequest): Buffer =>
  createHash('sha256')
    .update(canonicalJson([method, url, body ?? null]))
    .update(upload)
    .digest();

const textOf = (payload: unknown): string =>
  typeof payload === 'string' || Buffer.isBuffer(payload) ? String(payload) : '';
