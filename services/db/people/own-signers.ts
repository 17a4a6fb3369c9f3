/** Wallets and UKeys of people: they sign instructions, and sign nobody in. */
import { sql, type Kysely } from 'kysely';
import { PLATFORM_NUMBER } from '../access/access.ts';
import { tell } from '../notices/tell.ts';
import type { DB } from '../types.ts';
import { toBytes, toHex } from '../wire/bytes.ts';

export type OwnSignerType = 'wallet' | 'ukey';
export type OwnSigner = {
  readonly id: string;
  readonly type: OwnSignerType;
  /** ERC-7913, hex. */
  readonly signer: string;
  readonly name: string;
  readonly createdAt: Date;
};

/** In a transaction: its owner is told, who may not be the one who adds it. @returns false where somebody has it already. */
export async function addOwnSigner(
  trx: Kysely<DB>,
  { id, person, type, signer, name }: Omit<OwnSigner, 'createdAt'> & { readonly person: string },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('app.own_signer')
    .values({ id, person_id: person, type, signer: toBytes(signer), name })
    .onConflict((conflict) => conflict.column('signer').where('revoked_at', 'is', null).doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows !== 1n) return false;
  await tell(trx, {
    kind: 'device_added',
    key: `device_added:${id}`,
    to: { person },
    facts: { device: name },
  });
  return true;
}

export const ownSignersOf = async (db: Kysely<DB>, person: string): Promise<OwnSigner[]> => {
  const rows = await db
    .selectFrom('app.own_signer')
    .select(['id', 'type', 'signer', 'name', 'created_at as createdAt'])
    .where('person_id', '=', person)
    .where('revoked_at', 'is', null)
    .orderBy('created_at')
    .execute();
  return rows.map((row) => ({ ...row, type: row.type as OwnSignerType, signer: toHex(row.signer) }));
};

/** Of all who have a seat there. */
export const ownSignersAt = async (
  db: Kysely<DB>,
  member: number | null,
): Promise<(Pick<OwnSigner, 'type' | 'signer' | 'name'> & { person: string })[]> => {
  const rows = await db
    .selectFrom('app.own_signer as k')
    .innerJoin('app.seat as s', 's.person_id', 'k.person_id')
    .select(['k.type', 'k.signer', 'k.name', 'k.person_id as person'])
    .where('s.member', 'is not distinct from', member)
    .where('k.revoked_at', 'is', null)
    .orderBy('k.created_at')
    .execute();
  return rows.map((row) => ({ ...row, type: row.type as OwnSignerType, signer: toHex(row.signer) }));
};

export async function revokeOwnSigner(
  db: Kysely<DB>,
  person: string,
  id: string,
  at: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('app.own_signer')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('person_id', '=', person)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Whose wallet or UKey a signer is, or was last. */
export type SignerHolder = {
  readonly signer: string;
  readonly person: string;
  readonly name: string;
  readonly device: string;
  /** It was not revoked, and its person has a seat there with the right to sign. */
  readonly maySign: boolean;
};

export async function holdersOfSigners(
  db: Kysely<DB>,
  member: number,
  signers: readonly string[],
): Promise<SignerHolder[]> {
  if (signers.length === 0) return [];
  const { rows } = await sql<Omit<SignerHolder, 'signer'> & { signer: Buffer }>`
    select distinct on (k.signer) k.signer, k.person_id as person, p.name, k.name as device,
      k.revoked_at is null and coalesce('sign' = any(s.rights), false) as "maySign"
    from app.own_signer k join app.person p on p.id = k.person_id
    left join app.seat s on s.person_id = p.id and s.member is not distinct from ${member === PLATFORM_NUMBER ? null : member}::integer
    where k.signer = any(${sql.val(signers.map(toBytes))}::bytea[])
    order by k.signer, k.revoked_at desc nulls first`.execute(db);
  return rows.map((row) => ({ ...row, signer: toHex(row.signer) }));
}
