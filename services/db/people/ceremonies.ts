/** Challenges that devices have been given and have not answered yet; each is answered once. */
import type { Kysely } from 'kysely';
import type { DB } from '../types.ts';
import { json } from '../wire/json.ts';
import { hashOfSecret } from './secrets.ts';

export type Purpose = 'enter' | 'register' | 'device';

/** How long somebody may look for his finger (ms). */
export const CEREMONY_LASTS = 5 * 60_000;
/** Old ones that are forgotten with each new one: more than come, so they run out. */
const FORGOTTEN = 5;

export async function beginCeremony(
  db: Kysely<DB>,
  purpose: Purpose,
  challenge: Uint8Array,
  facts: unknown,
  now: Date,
): Promise<void> {
  const old = db
    .selectFrom('app.ceremony')
    .select('challenge_hash')
    .where('expires_at', '<', now)
    .orderBy('expires_at')
    .limit(FORGOTTEN)
    .forUpdate()
    .skipLocked();
  await db
    .with('forgotten', (cte) => cte.deleteFrom('app.ceremony').where('challenge_hash', 'in', old))
    .insertInto('app.ceremony')
    .values({
      challenge_hash: hashOfSecret(challenge),
      purpose,
      facts: json(facts),
      expires_at: new Date(now.getTime() + CEREMONY_LASTS),
    })
    .execute();
}

/** What was noted when it began; undefined for one that is over, was answered, or never was. */
export const endCeremony = async (
  db: Kysely<DB>,
  purpose: Purpose,
  challenge: Uint8Array,
  now: Date,
): Promise<unknown> => {
  const row = await db
    .deleteFrom('app.ceremony')
    .where('challenge_hash', '=', hashOfSecret(challenge))
    .where('purpose', '=', purpose)
    .where('expires_at', '>', now)
    .returning('facts')
    .executeTakeFirst();
  return row?.facts;
};
