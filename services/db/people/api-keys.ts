/** Keys of a firm's systems: shown once, kept as hashes. */
import type { Kysely } from 'kysely';
import { inOrder, type Right } from '#domain/people/rights.ts';
import type { DB } from '../types.ts';
import { newId } from '../wire/ids.ts';
import { noticePeople } from '../instructions/notices.ts';
import { tell } from '../notices/tell.ts';
import { hashOfSecret, newSecret } from './secrets.ts';

export const KEY_PREFIX = 'tsk_';

export type ApiKey = {
  readonly id: string;
  readonly name: string;
  readonly rights: readonly Right[];
  /** CIDR; none: from anywhere. */
  readonly ranges: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
};
type NewKey = Pick<ApiKey, 'name' | 'rights' | 'ranges' | 'expiresAt'>;

const COLUMNS = [
  'id',
  'name',
  'rights',
  'ranges',
  'created_at as createdAt',
  'expires_at as expiresAt',
  'used_at as usedAt',
] as const;

/** In a transaction: who administers the firm is told of it. */
export async function makeApiKey(
  trx: Kysely<DB>,
  member: number,
  madeBy: string | null,
  key: NewKey,
): Promise<{ secret: string; key: ApiKey }> {
  const secret = newSecret(KEY_PREFIX);
  const row = await trx
    .insertInto('app.api_key')
    .values({
      id: newId(),
      secret_hash: hashOfSecret(secret),
      member,
      made_by: madeBy,
      name: key.name,
      rights: inOrder(key.rights),
      ranges: [...key.ranges],
      expires_at: key.expiresAt,
    })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
  const maker =
    madeBy === null
      ? undefined
      : await trx.selectFrom('app.person').select('name').where('id', '=', madeBy).executeTakeFirst();
  await tell(trx, {
    kind: 'api_key_made',
    key: `api_key_made:${row.id}`,
    to: { member },
    facts: { name: row.name, by: maker?.name ?? '' },
  });
  return { secret, key: row as ApiKey };
}

export const apiKeysOf = async (db: Kysely<DB>, member: number): Promise<ApiKey[]> =>
  (await db
    .selectFrom('app.api_key')
    .select(COLUMNS)
    .where('member', '=', member)
    .where('revoked_at', 'is', null)
    .orderBy('id')
    .execute()) as ApiKey[];

export async function revokeApiKey(db: Kysely<DB>, member: number, id: string, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('app.api_key')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('member', '=', member)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  await noticePeople(db);
  return numUpdatedRows > 0n;
}
