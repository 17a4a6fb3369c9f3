/** Whether a person reads the mail of the address that it gave: nothing else is sent there before. */
import { sql, type Kysely } from 'kysely';
import { hashOfSecret, newSecret } from '../people/secrets.ts';
import type { DB } from '../types.ts';
import { newId } from '../wire/ids.ts';
import { tell } from './tell.ts';

/** How long a link in such a mail works (ms). */
export const PROOF_LASTS = 24 * 3_600_000;
/** Such mails within an hour: of one person, and to one address, whoever asks for them. */
const MOST_AN_HOUR = 5;

/** In the transaction that gives the address, or when it is asked for again. False: too often. */
export async function askForProof(
  trx: Kysely<DB>,
  person: string,
  address: string,
  now: Date,
): Promise<boolean> {
  const since = new Date(now.getTime() - 3_600_000);
  const { rows } = await sql<{ many: boolean }>`
    select (select count(*) from app.notice where kind = 'email_check' and person_id = ${person} and at > ${since})
        >= ${MOST_AN_HOUR}
      or (select count(*) from app.email_proof where address = ${address} and created_at > ${since})
        >= ${MOST_AN_HOUR} as many`.execute(trx);
  if (rows[0]!.many) return false;
  await tell(trx, {
    kind: 'email_check',
    key: `email_check:${newId()}`,
    to: { person },
    facts: { address },
    at: now,
  });
  return true;
}

/** Another address counts when it is confirmed; the one before it, if it was, hears that it is left. */
export async function changeEmail(
  trx: Kysely<DB>,
  person: string,
  address: string | null,
  now: Date,
): Promise<void> {
  const before = await trx
    .selectFrom('app.person')
    .select(['email', 'email_verified_at'])
    .where('id', '=', person)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (before.email === address) return;
  await trx
    .updateTable('app.person')
    .set({ email: address, email_verified_at: null })
    .where('id', '=', person)
    .execute();
  await trx
    .deleteFrom('app.email_proof')
    .where('person_id', '=', person)
    .where('address', '<>', address ?? '')
    .execute();
  if (before.email !== null && before.email_verified_at !== null)
    await tell(trx, {
      kind: 'email_changed',
      key: `email_changed:${newId()}`,
      to: { person },
      facts: { address: before.email },
      at: now,
    });
  if (address !== null) await askForProof(trx, person, address, now);
}

/** The secret of a link, when the mail is sent: it stands in no table. */
export async function makeProof(db: Kysely<DB>, person: string, address: string, now: Date): Promise<string> {
  const secret = newSecret();
  await db
    .insertInto('app.email_proof')
    .values({
      secret_hash: hashOfSecret(secret),
      person_id: person,
      address,
      created_at: now,
      expires_at: new Date(now.getTime() + PROOF_LASTS),
    })
    .execute();
  return secret;
}

/** Uses it up, with all others of the person. False: unknown, used, over, or for an address that is the person's no more. */
export const proveEmail = (db: Kysely<DB>, secret: string, now: Date): Promise<boolean> =>
  db.transaction().execute(async (trx) => {
    const proof = await trx
      .deleteFrom('app.email_proof')
      .where('secret_hash', '=', hashOfSecret(secret))
      .returning(['person_id', 'address', 'expires_at'])
      .executeTakeFirst();
    if (proof === undefined || proof.expires_at <= now) return false;
    const { numUpdatedRows } = await trx
      .updateTable('app.person')
      .set({ email_verified_at: now })
      .where('id', '=', proof.person_id)
      .where('email', '=', proof.address)
      .executeTakeFirst();
    await trx.deleteFrom('app.email_proof').where('person_id', '=', proof.person_id).execute();
    return numUpdatedRows > 0n;
  });
