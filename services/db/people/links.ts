/** Invitations by link: of use once, and for a while. */
import { sql, type Kysely } from 'kysely';
import { inOrder, type Right } from '#domain/people/rights.ts';
import type { DB } from '../types.ts';
import { newId } from '../wire/ids.ts';
import { json } from '../wire/json.ts';
import { hashOfSecret, newSecret } from './secrets.ts';

/** What the one who opens it gets. `member` null: at the platform. */
export type Offer =
  | { readonly purpose: 'seat'; readonly member: number | null; readonly rights: readonly Right[] }
  | { readonly purpose: 'device'; readonly person: string }
  | { readonly purpose: 'application'; readonly member: number | null; readonly facts: Invited };
/** What the inviting firm knows of the invited. */
export type Invited = {
  readonly name?: string;
  readonly taxId?: string;
  readonly email?: string;
  /** Name in the books of who invites. */
  readonly alias?: string;
};
export type Link = {
  readonly id: string;
  readonly offer: Offer;
  /** For whom, as the one who made it says. */
  readonly note: string | null;
  readonly madeBy: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
};

type NewLink = {
  readonly offer: Offer;
  readonly note?: string | undefined;
  readonly madeBy: string | null;
  readonly expiresAt: Date;
};

/** The secret goes to whom it is for, and is nowhere else. */
export async function makeLink(
  db: Kysely<DB>,
  { offer, note, madeBy, expiresAt }: NewLink,
): Promise<{ id: string; secret: string }> {
  const secret = newSecret();
  const id = newId();
  await db
    .insertInto('app.link')
    .values({
      token_hash: hashOfSecret(secret),
      id,
      purpose: offer.purpose,
      member: offer.purpose === 'device' ? null : offer.member,
      person_id: offer.purpose === 'device' ? offer.person : null,
      rights: offer.purpose === 'seat' ? inOrder(offer.rights) : null,
      facts: json({ note: note ?? null, ...(offer.purpose === 'application' ? offer.facts : {}) }),
      made_by: madeBy,
      expires_at: expiresAt,
    })
    .execute();
  return { id, secret };
}

type Row = {
  id: string;
  purpose: 'seat' | 'device' | 'application';
  member: number | null;
  person_id: string | null;
  rights: string[] | null;
  facts: unknown;
  made_by: string | null;
  created_at: Date;
  expires_at: Date;
  used_at: Date | null;
};
const COLUMNS = [
  'id',
  'purpose',
  'member',
  'person_id',
  'rights',
  'facts',
  'made_by',
  'created_at',
  'expires_at',
  'used_at',
] as const;

function linkOf(row: Row): Link {
  const { note, ...facts } = row.facts as Invited & { note: string | null };
  const { purpose, member, person_id: person, rights } = row;
  const offer: Offer =
    purpose === 'device'
      ? { purpose, person: person! }
      : purpose === 'seat'
        ? { purpose, member, rights: rights as Right[] }
        : { purpose, member, facts };
  return {
    id: row.id,
    offer,
    note,
    madeBy: row.made_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
  };
}

/** One that can still be used. */
export const findLink = async (db: Kysely<DB>, secret: string, now: Date): Promise<Link | undefined> => {
  const row = await db
    .selectFrom('app.link')
    .select(COLUMNS)
    .where('token_hash', '=', hashOfSecret(secret))
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return row && linkOf(row as Row);
};

/** Uses it up. Undefined if somebody was faster, or it is over. */
export const useLink = async (trx: Kysely<DB>, secret: string, now: Date): Promise<Link | undefined> => {
  const row = await trx
    .updateTable('app.link')
    .set({ used_at: now })
    .where('token_hash', '=', hashOfSecret(secret))
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning(COLUMNS)
    .executeTakeFirst();
  return row && linkOf(row as Row);
};

/** Those of a firm (null: of the platform), newest first; without those for devices, which are each person's own. */
export const linksOf = async (db: Kysely<DB>, member: number | null): Promise<Link[]> => {
  const rows = await db
    .selectFrom('app.link')
    .select(COLUMNS)
    .where('member', 'is not distinct from', member)
    .where('purpose', '<>', 'device')
    .orderBy('id', 'desc')
    .limit(200)
    .execute();
  return rows.map((row) => linkOf(row as Row));
};

/** Takes back what nobody has used. */
export const withdrawLink = async (db: Kysely<DB>, member: number | null, id: string): Promise<boolean> => {
  const { numDeletedRows } = await db
    .deleteFrom('app.link')
    .where('id', '=', id)
    .where('member', 'is not distinct from', member)
    .where('purpose', '<>', 'device')
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return numDeletedRows > 0n;
};

/**
 * A new first link for the platform voids those before it. Undefined where somebody has a seat there already.
 *
 * @param isAgain Nobody who has a seat can do anything with it: governance said so.
 */
export const makeFirstLink = (
  db: Kysely<DB>,
  expiresAt: Date,
  { isAgain = false }: { isAgain?: boolean } = {},
): Promise<string | undefined> =>
  db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext('first link'))`.execute(trx);
    const taken = await trx
      .selectFrom('app.seat')
      .select('person_id')
      .where('member', 'is', null)
      .executeTakeFirst();
    if (taken !== undefined && !isAgain) return undefined;
    await trx
      .deleteFrom('app.link')
      .where('purpose', '=', 'seat')
      .where('member', 'is', null)
      .where('made_by', 'is', null)
      .execute();
    const offer = {
      purpose: 'seat',
      member: null,
      rights: ['see', 'prepare', 'sign', 'administer'],
    } as const;
    return (await makeLink(trx, { offer, madeBy: null, expiresAt })).secret;
  });
