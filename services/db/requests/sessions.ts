/** Who stands behind a token: a session of a person, of a visitor of the demonstration, or a key of a firm's system. */
import { sql, type Kysely } from 'kysely';
import { RIGHTS, type Right } from '#domain/people/rights.ts';
import { KEY_PREFIX } from '../people/api-keys.ts';
import { hashOfSecret, newSecret } from '../people/secrets.ts';
import type { DB } from '../types.ts';
import { newId } from '../wire/ids.ts';
import { noticePeople, noticeSession } from '../instructions/notices.ts';

/** The seat that is taken. */
export type Place = { readonly member: number | null; readonly isOperator: boolean };

export type NewSession = Place & {
  /** null: a visitor of the demonstration. */
  readonly person: string | null;
  readonly expiresAt: Date;
  /** What the browser calls itself. */
  readonly device?: string | undefined;
  readonly address?: string | undefined;
};

/** Without a request for so long a person's session is over (ms). A visitor of the demonstration has nothing to lose. */
export const IDLE_MS = 30 * 60_000;

/** Sessions that a person has at most: with one more the one that was used least lately is over. */
const MAX_SESSIONS = 20;

/** A name for a session that enters nowhere (base64). */
export const sessionOf = (token: string): string => hashOfSecret(token).toString('base64');

export async function openSession(
  db: Kysely<DB>,
  { person, member, isOperator, expiresAt, device, address }: NewSession,
): Promise<{ token: string; id: string }> {
  const token = newSecret();
  const id = newId();
  await db
    .insertInto('app.session')
    .values({
      token_hash: hashOfSecret(token),
      id,
      person_id: person,
      member,
      is_operator: isOperator,
      device: device?.slice(0, 300) ?? null,
      address: address ?? null,
      expires_at: expiresAt,
    })
    .execute();
  if (person !== null) await closeBeyond(db, person);
  return { token, id };
}

async function closeBeyond(db: Kysely<DB>, person: string): Promise<void> {
  const { numAffectedRows } = await sql`
    delete from app.session where id in (
      select id from app.session where person_id = ${person} order by seen_at desc, id desc offset ${MAX_SESSIONS})`.execute(
    db,
  );
  if ((numAffectedRows ?? 0n) > 0n) await noticePeople(db);
}

/** Sessions of a demonstration have no place where there is none: the same data may be served either way. */
export async function closeDemoSessions(db: Kysely<DB>): Promise<void> {
  const { numDeletedRows } = await db
    .deleteFrom('app.session')
    .where('person_id', 'is', null)
    .executeTakeFirst();
  if (numDeletedRows > 0n) await noticePeople(db);
}

/** What a request has to know of who makes it. */
export type Visitor = {
  /** undefined: a system with a key. */
  readonly id: string | undefined;
  readonly person: string | null;
  readonly member: number | null;
  readonly isOperator: boolean;
  /** On the seat that is taken; none where the seat was taken away. */
  readonly rights: readonly Right[];
  /** At which the seat is (an account); null: at the head office. */
  readonly branch: Buffer | null;
  readonly openedAt: Date;
  readonly seenAt: Date;
  readonly expiresAt: Date;
  readonly roles: number | null;
  readonly account: Buffer | null;
  readonly isSuspended: boolean;
  /** CIDR; undefined: from anywhere. */
  readonly ranges?: readonly string[];
};

export const findVisitor = (db: Kysely<DB>, token: string, now: Date): Promise<Visitor | undefined> =>
  token.startsWith(KEY_PREFIX) ? findKey(db, token, now) : findSession(db, token, now);

async function findSession(db: Kysely<DB>, token: string, now: Date): Promise<Visitor | undefined> {
  const row = await db
    .selectFrom('app.session as s')
    .leftJoin('ledger.member as m', (join) =>
      join.onRef('m.number', '=', 's.member').on('m.to_block', 'is', null),
    )
    .leftJoin('app.seat as t', (join) =>
      join
        .onRef('t.person_id', '=', 's.person_id')
        .on('t.member', 'is not distinct from', (eb) => eb.ref('s.member')),
    )
    .select(['s.id', 's.person_id', 's.member', 's.is_operator', 's.created_at', 's.seen_at', 's.expires_at'])
    .select(['m.roles', 'm.account', 'm.suspended', 't.rights', 't.branch'])
    .where('s.token_hash', '=', hashOfSecret(token))
    .where('s.expires_at', '>', now)
    .where((eb) =>
      eb.or([eb('s.person_id', 'is', null), eb('s.seen_at', '>', new Date(now.getTime() - IDLE_MS))]),
    )
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const isDemo = row.person_id === null;
  const isSeated = isDemo || row.rights !== null;
  return {
    id: row.id,
    person: row.person_id,
    member: isSeated ? row.member : null,
    isOperator: isSeated && row.is_operator,
    rights: isDemo ? RIGHTS : ((row.rights ?? []) as Right[]),
    branch: row.branch,
    openedAt: row.created_at,
    seenAt: row.seen_at,
    expiresAt: row.expires_at,
    roles: row.roles,
    account: row.account,
    isSuspended: row.suspended === true,
  };
}

async function findKey(db: Kysely<DB>, token: string, now: Date): Promise<Visitor | undefined> {
  const row = await db
    .selectFrom('app.api_key as k')
    .innerJoin('ledger.member as m', (join) =>
      join.onRef('m.number', '=', 'k.member').on('m.to_block', 'is', null),
    )
    .select(['k.member', 'k.rights', 'k.ranges', 'k.created_at', 'k.used_at', 'k.expires_at'])
    .select(['m.roles', 'm.account', 'm.suspended'])
    .where('k.secret_hash', '=', hashOfSecret(token))
    .where('k.expires_at', '>', now)
    .where('k.revoked_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    id: undefined,
    person: null,
    member: row.member,
    isOperator: false,
    rights: row.rights as Right[],
    branch: null,
    openedAt: row.created_at,
    seenAt: row.used_at ?? row.created_at,
    expiresAt: row.expires_at,
    roles: row.roles,
    account: row.account,
    isSuspended: row.suspended,
    ...(row.ranges.length === 0 ? {} : { ranges: row.ranges }),
  };
}

/** A request came. Said now and then, not for each. */
export const noteSeen = (db: Kysely<DB>, token: string, at: Date) =>
  token.startsWith(KEY_PREFIX)
    ? db
        .updateTable('app.api_key')
        .set({ used_at: at })
        .where('secret_hash', '=', hashOfSecret(token))
        .execute()
    : db
        .updateTable('app.session')
        .set({ seen_at: at })
        .where('token_hash', '=', hashOfSecret(token))
        .execute();

/** Every process hears of it. */
export async function closeSession(db: Kysely<DB>, token: string): Promise<void> {
  await db.deleteFrom('app.session').where('token_hash', '=', hashOfSecret(token)).execute();
  await noticeSession(db, sessionOf(token));
}

export type OpenSession = {
  readonly id: string;
  readonly device: string | null;
  readonly address: string | null;
  readonly openedAt: Date;
  readonly seenAt: Date;
  readonly expiresAt: Date;
};

export const sessionsOf = (db: Kysely<DB>, person: string, now: Date): Promise<OpenSession[]> =>
  db
    .selectFrom('app.session')
    .select([
      'id',
      'device',
      'address',
      'created_at as openedAt',
      'seen_at as seenAt',
      'expires_at as expiresAt',
    ])
    .where('person_id', '=', person)
    .where('expires_at', '>', now)
    .where('seen_at', '>', new Date(now.getTime() - IDLE_MS))
    .orderBy('seen_at', 'desc')
    .execute();

/** One of a person's, or all, this one included. Returns how many. */
export async function closeSessionsOf(db: Kysely<DB>, person: string, id?: string): Promise<number> {
  const { rows } = await sql`
    delete from app.session where person_id = ${person} ${id === undefined ? sql`` : sql`and id = ${id}`}
    returning id`.execute(db);
  await noticePeople(db);
  return rows.length;
}

/** Those of a person that sit at one place: who takes the seat away ends them. */
export async function closeSessionsAt(db: Kysely<DB>, person: string, member: number | null): Promise<void> {
  await sql`
    delete from app.session where person_id = ${person} and member is not distinct from ${member}::integer
      and is_operator = ${member === null}`.execute(db);
  await noticePeople(db);
}

/** Takes another seat in the same session. The caller has looked whether the person has it. */
export async function changePlace(db: Kysely<DB>, id: string, { member, isOperator }: Place): Promise<void> {
  await db.updateTable('app.session').set({ member, is_operator: isOperator }).where('id', '=', id).execute();
  await noticePeople(db);
}

export const forgetExpiredSessions = (db: Kysely<DB>, now: Date) =>
  db
    .deleteFrom('app.session')
    .where((eb) =>
      eb.or([
        eb('expires_at', '<=', now),
        eb.and([eb('person_id', 'is not', null), eb('seen_at', '<=', new Date(now.getTime() - IDLE_MS))]),
      ]),
    )
    .execute();
