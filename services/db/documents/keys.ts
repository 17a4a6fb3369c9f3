/** Keys of members for documents, and who holds them. What is private of them is here only wrapped for somebody. */
import { sql, type Kysely, type Selectable } from 'kysely';
import { ask, type Query, type Trx, type Viewer } from '../access/access.ts';
import type { AppDocumentKey, AppDocumentKeyHolder, DB } from '../types.ts';

export type DocumentKeyRow = Pick<
  Selectable<AppDocumentKey>,
  'id' | 'member' | 'account' | 'public_key' | 'signer' | 'signature' | 'created_at'
>;
export type HolderRow = Omit<Selectable<AppDocumentKeyHolder>, 'key_id' | 'member' | 'passkey_id'> & {
  readonly person: string | null;
};

/** Of all that a member may have asked for and nobody has wrapped yet. */
export const MAX_HOLDERS = 100;

const COLUMNS = ['id', 'member', 'account', 'public_key', 'signer', 'signature', 'created_at'] as const;

/** Those in force. They are no secret. */
export const currentKeys = (db: Kysely<DB>, members: readonly number[]): Promise<DocumentKeyRow[]> =>
  db
    .selectFrom('app.document_key')
    .select(COLUMNS)
    .where(sql<boolean>`member = any(${sql.val([...members])}::integer[])`)
    .where('replaced_at', 'is', null)
    .execute();

/** Also such as were replaced. */
export const keysById = (db: Kysely<DB>, ids: readonly string[]): Promise<DocumentKeyRow[]> =>
  db
    .selectFrom('app.document_key')
    .select(COLUMNS)
    .where(sql<boolean>`id = any(${sql.val([...ids])}::uuid[])`)
    .execute();

const holders = (key: string): Query<HolderRow[]> => ({
  statement: sql`
    select h.id, h.kind, h.name, h.public_key, h.wrapped, h.created_at, h.person_id, p.name as person
    from app.document_key_holder h left join app.person p on p.id = h.person_id
    where h.key_id = ${key} order by h.created_at, h.id`,
  answer: (rows) => rows,
});

/** Of the viewer's own key. */
export const holdersOf = async (db: Kysely<DB>, viewer: Viewer, key: string): Promise<HolderRow[]> =>
  (await ask(db, viewer, holders(key)))[0];

/** One change of a member's key after the other. */
export const lockKeyOf = async (trx: Trx, member: number): Promise<string | undefined> => {
  await sql`select pg_advisory_xact_lock(hashtext('app.document_key'), ${member})`.execute(trx);
  return (await currentKeys(trx, [member]))[0]?.id;
};

export type NewHolder = Pick<
  Selectable<AppDocumentKeyHolder>,
  'id' | 'kind' | 'name' | 'public_key' | 'passkey_id'
> & {
  readonly wrapped: Buffer | null;
};
type Owner = { readonly member: number; readonly person: string | undefined };

/** In place of the one before, if there is one; its holders hold nothing any more. */
export async function insertKey(
  trx: Trx,
  { member, person }: Owner,
  key: Omit<DocumentKeyRow, 'member' | 'created_at'>,
): Promise<void> {
  await trx
    .updateTable('app.document_key')
    .set({ replaced_at: sql<Date>`now()` })
    .where('member', '=', member)
    .where('replaced_at', 'is', null)
    .execute();
  await trx.deleteFrom('app.document_key_holder').where('member', '=', member).execute();
  await trx
    .insertInto('app.document_key')
    .values({ ...key, member, made_by: person ?? null })
    .execute();
}

/** 'known' for a public key that is there already, 'many' where there are enough. */
export async function insertHolder(
  trx: Trx,
  { member, person }: Owner,
  key: string,
  holder: NewHolder,
): Promise<'added' | 'known' | 'many'> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::integer as n from app.document_key_holder where key_id = ${key}`.execute(trx);
  if (rows[0]!.n >= MAX_HOLDERS) return 'many';
  const { numInsertedOrUpdatedRows: added } = await trx
    .insertInto('app.document_key_holder')
    .values({
      ...holder,
      key_id: key,
      member,
      person_id: holder.kind === 'recovery' ? null : (person ?? null),
    })
    .onConflict((conflict) => conflict.columns(['key_id', 'public_key']).doNothing())
    .executeTakeFirst();
  return added === 1n ? 'added' : 'known';
}

/** A holder that waits gets the key. False where none does. */
export async function giveKeyTo(trx: Trx, key: string, id: string, wrapped: Buffer): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('app.document_key_holder')
    .set({ wrapped })
    .where('id', '=', id)
    .where('key_id', '=', key)
    .where('wrapped', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** A further code replaces the one before. */
export const removeCodes = (trx: Trx, key: string) =>
  trx
    .deleteFrom('app.document_key_holder')
    .where('key_id', '=', key)
    .where('kind', '=', 'recovery')
    .execute();

/** @param person Whose it has to be; undefined: anybody's of the member. */
export async function removeHolder(
  trx: Trx,
  key: string,
  id: string,
  person: string | undefined,
): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom('app.document_key_holder')
    .where('id', '=', id)
    .where('key_id', '=', key)
    .$if(person !== undefined, (query) => query.where('person_id', '=', person!))
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
