/** Devices of people: passkeys on P-256. */
import type { Kysely } from 'kysely';
import type { DB } from '../types.ts';
import { tell } from '../notices/tell.ts';

export type Passkey = {
  readonly id: string;
  readonly credentialId: Buffer;
  readonly person: string;
  readonly name: string;
  /** COSE. */
  readonly publicKey: Buffer;
  readonly x: Buffer;
  readonly y: Buffer;
  readonly counter: bigint;
  readonly transports: readonly string[];
  readonly isBackedUp: boolean;
  readonly createdAt: Date;
  readonly usedAt: Date | null;
};

const COLUMNS = [
  'id',
  'credential_id as credentialId',
  'person_id as person',
  'name',
  'public_key as publicKey',
  'x',
  'y',
  'counter',
  'transports',
  'is_backed_up as isBackedUp',
  'created_at as createdAt',
  'used_at as usedAt',
] as const;

type NewPasskey = Omit<Passkey, 'createdAt' | 'usedAt'>;

/** A further one, in a transaction: its owner is told, who may not be the one who adds it. */
export async function addFurtherPasskey(trx: Kysely<DB>, key: NewPasskey): Promise<void> {
  await addPasskey(trx, key);
  const { id, person, name: device } = key;
  await tell(trx, { kind: 'device_added', key: `device_added:${id}`, to: { person }, facts: { device } });
}

export const addPasskey = (db: Kysely<DB>, key: NewPasskey) =>
  db
    .insertInto('app.passkey')
    .values({
      id: key.id,
      credential_id: key.credentialId,
      person_id: key.person,
      name: key.name,
      public_key: key.publicKey,
      x: key.x,
      y: key.y,
      counter: key.counter,
      transports: [...key.transports],
      is_backed_up: key.isBackedUp,
    })
    .execute();

/** Not one that was revoked. */
export const findPasskey = (db: Kysely<DB>, credentialId: Buffer): Promise<Passkey | undefined> =>
  db
    .selectFrom('app.passkey')
    .select(COLUMNS)
    .where('credential_id', '=', credentialId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();

export const passkeysOf = (db: Kysely<DB>, person: string): Promise<Passkey[]> =>
  db
    .selectFrom('app.passkey')
    .select(COLUMNS)
    .where('person_id', '=', person)
    .where('revoked_at', 'is', null)
    .orderBy('created_at')
    .execute();

/** The devices of all who have a seat there: who is who among the signers of a firm's account. */
export const passkeysAt = (
  db: Kysely<DB>,
  member: number | null,
): Promise<(Pick<Passkey, 'id' | 'name' | 'x' | 'y'> & { person: string; personName: string })[]> =>
  db
    .selectFrom('app.passkey as k')
    .innerJoin('app.person as p', 'p.id', 'k.person_id')
    .innerJoin('app.seat as s', 's.person_id', 'p.id')
    .select(['k.id', 'k.name', 'k.x', 'k.y', 'p.id as person', 'p.name as personName'])
    .where('s.member', 'is not distinct from', member)
    .where('k.revoked_at', 'is', null)
    .execute();

export const notePasskeyUsed = (
  db: Kysely<DB>,
  id: string,
  { counter, isBackedUp, at }: { counter: bigint; isBackedUp: boolean; at: Date },
) =>
  db
    .updateTable('app.passkey')
    .set({ counter, is_backed_up: isBackedUp, used_at: at })
    .where('id', '=', id)
    .execute();

export const renamePasskey = async (
  db: Kysely<DB>,
  person: string,
  id: string,
  name: string,
): Promise<boolean> => {
  const { numUpdatedRows } = await db
    .updateTable('app.passkey')
    .set({ name })
    .where('id', '=', id)
    .where('person_id', '=', person)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
};

/** It signs nobody in any more. What an account says of it on chain is another matter. */
export const revokePasskey = async (
  db: Kysely<DB>,
  person: string,
  id: string,
  at: Date,
): Promise<boolean> => {
  const { numUpdatedRows } = await db
    .updateTable('app.passkey')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('person_id', '=', person)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
};
