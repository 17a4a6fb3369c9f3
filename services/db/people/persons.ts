/** People, and the firms that they have a seat in. */
import { sql, type Kysely } from 'kysely';
import type { Right } from '#domain/people/rights.ts';
import type { DB } from '../types.ts';
import { toBytes, toHex } from '../wire/bytes.ts';
import { noticePeople } from '../instructions/notices.ts';

export type Language = 'zh' | 'en';
export type Person = {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly language: Language;
};
/** @param member null: the platform. */
export type Seat = {
  readonly member: number | null;
  readonly rights: readonly Right[];
  /** Account of the branch at which it is (hex); null, or left out: at the head office. */
  readonly branch?: string | null;
};

type KnownPerson = Person & {
  readonly userHandle: Buffer;
  readonly isEmailVerified: boolean;
  /** Names and amounts in mails. */
  readonly wantsMailDetails: boolean;
};
type NewPerson = Person & { readonly userHandle: Buffer };

export const addPerson = (db: Kysely<DB>, { userHandle, ...person }: NewPerson) =>
  db
    .insertInto('app.person')
    .values({ ...person, user_handle: userHandle })
    .execute();

export const findPerson = (db: Kysely<DB>, id: string): Promise<KnownPerson | undefined> =>
  db
    .selectFrom('app.person')
    .select([
      'id',
      'name',
      'email',
      'language',
      'user_handle as userHandle',
      'mail_details as wantsMailDetails',
      sql<boolean>`email_verified_at is not null`.as('isEmailVerified'),
    ])
    .where('id', '=', id)
    .executeTakeFirst();

/** By id; without those that are nobody's. */
export const namesOfPeople = async (
  db: Kysely<DB>,
  ids: readonly (string | null)[],
): Promise<ReadonlyMap<string, string>> => {
  const wanted = [...new Set(ids)].filter((id) => id !== null);
  if (wanted.length === 0) return new Map();
  const rows = await db.selectFrom('app.person').select(['id', 'name']).where('id', 'in', wanted).execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
};

/** The address is changed by `changeEmail`: it has to be confirmed anew. */
export async function changePerson(
  db: Kysely<DB>,
  id: string,
  change: { name?: string; language?: Language },
): Promise<void> {
  if (Object.keys(change).length > 0)
    await db.updateTable('app.person').set(change).where('id', '=', id).execute();
}

export const setMailDetails = (db: Kysely<DB>, id: string, isWanted: boolean) =>
  db.updateTable('app.person').set({ mail_details: isWanted }).where('id', '=', id).execute();

export const seatsOf = async (db: Kysely<DB>, person: string): Promise<Seat[]> => {
  const rows = await db
    .selectFrom('app.seat')
    .select(['member', 'rights', 'branch'])
    .where('person_id', '=', person)
    .orderBy('member', (order) => order.asc().nullsFirst())
    .execute();
  return rows.map(({ member, rights, branch }) => ({
    ...{ member, rights: rights as Right[] },
    branch: branch && toHex(branch),
  }));
};

export type Colleague = Person & {
  readonly rights: readonly Right[];
  readonly branch: string | null;
  readonly since: Date;
};

/** Who has a seat there, in the order in which they came. */
export const colleagues = async (db: Kysely<DB>, member: number | null): Promise<Colleague[]> => {
  const rows = await db
    .selectFrom('app.seat as s')
    .innerJoin('app.person as p', 'p.id', 's.person_id')
    .select(['p.id', 'p.name', 'p.email', 'p.language', 's.rights', 's.branch', 's.created_at as since'])
    .where('s.member', 'is not distinct from', member)
    .orderBy('s.created_at')
    .orderBy('p.id')
    .execute();
  return rows.map(({ rights, branch, ...row }) => ({
    ...{ ...row, rights: rights as Right[] },
    branch: branch && toHex(branch),
  }));
};

/** Gives a seat, or other rights on it, or at another place of the firm. */
export async function giveSeat(
  db: Kysely<DB>,
  person: string,
  { member, rights, branch = null }: Seat,
): Promise<void> {
  await sql`
    insert into app.seat (person_id, member, rights, branch)
    values (${person}, ${member}, ${sql.val(rights)}::text[], ${branch && toBytes(branch)}::bytea)
    on conflict (person_id, member) do update set rights = excluded.rights, branch = excluded.branch`.execute(
    db,
  );
  await noticePeople(db);
}

/**
 * Of each firm in which nobody has a seat yet and whose account a device of the person signs for on chain, all rights: it was admitted
 * with this device. Nobody else can let a firm's first person in, not even the operator. A device counts once it has signed in: who
 * registers a public key has not shown that he has the private one.
 *
 * @param verifier Under which devices sign.
 */
export async function takeFoundersSeats(db: Kysely<DB>, person: string, verifier: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into app.seat (person_id, member, rights)
    select distinct ${person}::uuid, m.number, array['see', 'prepare', 'sign', 'administer']
    from app.passkey k
    join ledger.account_signer s on s.signer = ${toBytes(verifier)}::bytea || k.x || k.y and s.to_block is null
    join ledger.member m on m.account = s.account and m.to_block is null
    where k.person_id = ${person} and k.revoked_at is null and k.used_at is not null
      and not exists (select from app.seat o where o.member = m.number)
    on conflict do nothing`.execute(db);
  if (numAffectedRows === 0n) return false;
  await noticePeople(db);
  return true;
}

/**
 * A firm that was recovered has people whose devices are lost or in other hands. When a person signs in whose device signs for the account
 * to which it moved, and nobody with a seat has such a device, all seats are given anew: all rights to each person whose device
 * signs there, nothing to others. By the ledger alone, so neither helper nor operator lets anybody in.
 *
 * @param verifier Under which devices sign.
 * @returns the firms, with who had a seat and who has one.
 */
export async function takeRecoveredSeats(
  trx: Kysely<DB>,
  person: string,
  verifier: string,
): Promise<{ member: number; before: string[]; now: string[] }[]> {
  const signing = sql`select distinct k.person_id, m.number as member
    from app.passkey k
    join ledger.account_signer s on s.signer = ${toBytes(verifier)}::bytea || k.x || k.y and s.to_block is null
    join ledger.member m on m.account = s.account and m.to_block is null
    where k.revoked_at is null and k.used_at is not null and exists (
      select from ledger.recovery r where r.member = m.number and r.by_helper = m.account and r.by_operator = m.account)`;
  const { rows } = await sql<{ member: number; before: string[]; now: string[] }>`
    with signing as (${signing})
    select member, array_agg(person_id) as now,
      array(select o.person_id from app.seat o where o.member = signing.member) as before
    from signing group by member
    having ${person}::uuid = any(array_agg(person_id))
      and not exists (select from app.seat o where o.member = signing.member and o.person_id = any(array_agg(signing.person_id)))`.execute(
    trx,
  );
  for (const { member, now } of rows) {
    await lockSeats(trx, member);
    await trx.deleteFrom('app.seat').where('member', '=', member).execute();
    for (const each of now)
      await giveSeat(trx, each, { member, rights: ['see', 'prepare', 'sign', 'administer'] });
  }
  return rows;
}

export async function takeSeat(db: Kysely<DB>, person: string, member: number | null): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('app.seat')
    .where('person_id', '=', person)
    .where('member', 'is not distinct from', member)
    .executeTakeFirst();
  await noticePeople(db);
  return numDeletedRows > 0n;
}

/** Whoever changes seats of a firm next waits for us, so that of two at once the second sees what the first has left. */
export const lockSeats = (trx: Kysely<DB>, member: number | null) =>
  sql`select pg_advisory_xact_lock(hashtext('seats'), ${member ?? 0})`.execute(trx);
