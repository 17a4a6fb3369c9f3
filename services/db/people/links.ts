/** Invitations by link: of use once, and for a while. */
import { sql, type Kysely } from 'kysely';
import type { Level } from '#domain/applications/form.ts';
import { inOrder, type Right } from '#domain/people/rights.ts';
import type { DB } from '../types.ts';
import { newId } from '../wire/ids.ts';
import { json } from '../wire/json.ts';
import { hashOfSecret, newSecret } from './secrets.ts';

/** What the one who opens it gets. `member` null: at the platform. */
export type Offer =
  | {
      readonly purpose: 'seat';
      readonly member: number | null;
      readonly rights: readonly Right[];
      /** Account of the branch at which the seat is (hex); left out: at the head office. */
      readonly branch?: string | null;
    }
  | { readonly purpose: 'device'; readonly person: string }
  | { readonly purpose: 'application'; readonly member: number | null; readonly facts: Invited }
  | {
      readonly purpose: 'application_seat';
      readonly application: string;
      readonly rights: readonly Right[];
      /** null: does not sign. */
      readonly level: Level | null;
    };
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
      member: 'member' in offer ? offer.member : null,
      person_id: offer.purpose === 'device' ? offer.person : null,
      application_id: offer.purpose === 'application_seat' ? offer.application : null,
      rights: 'rights' in offer ? inOrder(offer.rights) : null,
      facts: json({ note: note ?? null, ...factsOf(offer) }),
      made_by: madeBy,
      expires_at: expiresAt,
    })
    .execute();
  return { id, secret };
}

const factsOf = (offer: Offer): object =>
  offer.purpose === 'application'
    ? offer.facts
    : offer.purpose === 'application_seat'
      ? { level: offer.level }
      : offer.purpose === 'seat'
        ? { branch: offer.branch ?? null }
        : {};

type Row = {
  id: string;
  purpose: Offer['purpose'];
  member: number | null;
  person_id: string | null;
  application_id: string | null;
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
  'application_id',
  'rights',
  'facts',
  'made_by',
  'created_at',
  'expires_at',
  'used_at',
] as const;

function offerOf({ purpose, member, person_id, application_id, rights, facts }: Row): Offer {
  switch (purpose) {
    case 'device':
      return { purpose, person: person_id! };
    case 'seat': {
      const { branch } = facts as { branch?: string | null };
      return { purpose, member, rights: rights as Right[], branch: branch ?? null };
    }
    case 'application_seat': {
      const { level } = facts as { level: Level | null };
      return { purpose, application: application_id!, rights: rights as Right[], level };
    }
    case 'application': {
      const { note: _note, ...invited } = facts as Invited & { note: unknown };
      return { purpose, member, facts: invited };
    }
  }
}

function linkOf(row: Row): Link {
  const { note } = row.facts as { note: string | null };
  return {
    id: row.id,
    offer: offerOf(row),
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

export const noteLinkUser = (trx: Kysely<DB>, id: string, person: string) =>
  trx.updateTable('app.link').set({ used_by: person }).where('id', '=', id).execute();

/** Those of a firm (null: of the platform), newest first; without those of a person or of an application. */
export const linksOf = async (db: Kysely<DB>, member: number | null): Promise<Link[]> => {
  const rows = await db
    .selectFrom('app.link')
    .select(COLUMNS)
    .where('member', 'is not distinct from', member)
    .where('purpose', 'in', ['seat', 'application'])
    .orderBy('id', 'desc')
    .limit(200)
    .execute();
  return rows.map((row) => linkOf(row as Row));
};

/** Takes back what nobody has used. */
export const withdrawLink = async (
  db: Kysely<DB>,
  member: number | null,
  id: string,
  purposes: readonly Link['offer']['purpose'][] = ['seat', 'application'],
): Promise<boolean> => {
  const { numDeletedRows } = await db
    .deleteFrom('app.link')
    .where('id', '=', id)
    .where('member', 'is not distinct from', member)
    .where('purpose', 'in', [...purposes])
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return numDeletedRows > 0n;
};

/** Links for colleagues of an application that can still be used, oldest first. */
export const linksOfApplication = async (db: Kysely<DB>, application: string, now: Date): Promise<Link[]> => {
  const rows = await db
    .selectFrom('app.link')
    .select(COLUMNS)
    .where('application_id', '=', application)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('id')
    .execute();
  return rows.map((row) => linkOf(row as Row));
};

export const withdrawLinkOfApplication = async (
  db: Kysely<DB>,
  application: string,
  id: string,
): Promise<boolean> => {
  const { numDeletedRows } = await db
    .deleteFrom('app.link')
    .where('id', '=', id)
    .where('application_id', '=', application)
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
