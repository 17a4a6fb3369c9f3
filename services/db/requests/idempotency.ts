import { sql, type Kysely } from 'kysely';
import type { DB } from '../types.ts';

export type Claim =
  /** Nobody has used the key: go on, then {@link keepAnswer} or {@link giveUpKey}. */
  | { readonly kind: 'new' }
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  | { readonly kind: 'under way' }
  | { readonly kind: 'other request' };

/** A request whose process died is taken up again after this (seconds). */
const ABANDONED = 120;
/** Days for which an answer is kept. */
export const KEPT = 30;
/** Older ones that are forgotten with each new answer: more than come, so they run out; few, so nobody waits. */
const FORGOTTEN = 3;

type Key = { readonly subject: string; readonly key: string };

export async function claimKey(db: Kysely<DB>, { subject, key }: Key, requestHash: Buffer): Promise<Claim> {
  const claimed = await db
    .insertInto('app.idempotency_key')
    .values({ subject, key, request_hash: requestHash })
    .onConflict((conflict) =>
      conflict
        .columns(['subject', 'key'])
        .doUpdateSet({ created_at: sql`now()` })
        .where('app.idempotency_key.status', 'is', null)
        .where('app.idempotency_key.request_hash', '=', requestHash)
        .where('app.idempotency_key.created_at', '<', sql<Date>`now() - make_interval(secs => ${ABANDONED})`),
    )
    .returning('key')
    .executeTakeFirst();
  if (claimed !== undefined) return { kind: 'new' };
  const row = await db
    .selectFrom('app.idempotency_key')
    .select(['request_hash', 'status', 'body'])
    .where('subject', '=', subject)
    .where('key', '=', key)
    .executeTakeFirst();
  if (row === undefined) return { kind: 'under way' }; // given up this moment: ask again
  if (!row.request_hash.equals(requestHash)) return { kind: 'other request' };
  return row.status === null
    ? { kind: 'under way' }
    : { kind: 'answered', status: row.status, body: row.body ?? '' };
}

export const keepAnswer = (db: Kysely<DB>, { subject, key }: Key, status: number, body: string) =>
  sql`
    with old as (
      select subject, key from app.idempotency_key where created_at < now() - make_interval(days => ${KEPT})
      order by created_at limit ${FORGOTTEN} for update skip locked),
    forgotten as (
      delete from app.idempotency_key k using old where k.subject = old.subject and k.key = old.key)
    update app.idempotency_key set status = ${status}, body = ${body} where subject = ${subject} and key = ${key}
    `.execute(db);

/** The request did not act: the key may be used again. */
export const giveUpKey = (db: Kysely<DB>, { subject, key }: Key) =>
  db
    .deleteFrom('app.idempotency_key')
    .where('subject', '=', subject)
    .where('key', '=', key)
    .where('status', 'is', null)
    .execute();
