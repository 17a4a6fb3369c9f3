/** Links by which a firm invites its suppliers to apply, and how far each of them has come. */
import { sql, type Kysely } from 'kysely';
import type { ApplicationState } from '#domain/applications/states.ts';
import type { Invited } from '../people/links.ts';
import { paged, type Page, type PageOf } from '../wire/page.ts';
import type { DB } from '../types.ts';

export type Invitation = {
  readonly id: string;
  readonly facts: Invited;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly applied: ApplicationState | null;
  readonly member: number | null;
};

/** Of one member, newest first. What the invited has in its form stays its own. */
export async function listInvitations(
  db: Kysely<DB>,
  member: number,
  page: PageOf,
): Promise<Page<Invitation>> {
  const { rows } = await sql<Invitation>`
    select l.id, l.facts - 'note' as facts, l.created_at as "createdAt", l.expires_at as "expiresAt", l.used_at as "usedAt",
      a.state as applied, case when a.state = 'admitted' then a.member end as member
    from app.link l left join lateral (
      select state, member from app.application a where a.link_id = l.id and a.kind = 'admission'
      order by id desc limit 1) a on true
    where l.purpose = 'application' and l.member = ${member}
      and ${page.after === undefined ? sql`true` : sql`l.id < ${page.after[0]}::uuid`}
    order by l.id desc limit ${page.limit + 1}`.execute(db);
  return paged(rows, page.limit, ({ id }) => [id]);
}

/** Who invites for a member next waits for us. */
export const lockInvitations = (trx: Kysely<DB>, member: number) =>
  sql`select pg_advisory_xact_lock(hashtext('invitations'), ${member})`.execute(trx);

/** Invitations of a member that can still be used, or were. */
export const invitedNames = async (db: Kysely<DB>, member: number, now: Date): Promise<Set<string>> => {
  const { rows } = await sql<{ alias: string }>`
    select facts ->> 'alias' as alias from app.link
    where purpose = 'application' and member = ${member} and facts ->> 'alias' is not null
      and (used_at is not null or expires_at > ${now})`.execute(db);
  return new Set(rows.map(({ alias }) => alias));
};

export const countOpenInvitations = async (db: Kysely<DB>, member: number, now: Date): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from app.link
    where purpose = 'application' and member = ${member} and used_at is null and expires_at > ${now}`.execute(
    db,
  );
  return rows[0]!.count;
};

/** What the inviter knows of who came by a link. */
export const factsOfLink = async (db: Kysely<DB>, id: string): Promise<Invited | undefined> => {
  const row = await db.selectFrom('app.link').select('facts').where('id', '=', id).executeTakeFirst();
  return row?.facts as Invited | undefined;
};

/** The newest invitation that the person has used and not applied by yet. */
export const invitationUsedBy = async (
  db: Kysely<DB>,
  person: string,
): Promise<{ readonly id: string; readonly member: number | null; readonly facts: Invited } | undefined> => {
  const row = await db
    .selectFrom('app.link as l')
    .select(['l.id', 'l.member', 'l.facts'])
    .where('l.used_by', '=', person)
    .where('l.purpose', '=', 'application')
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('app.application as a').select('a.id').whereRef('a.link_id', '=', 'l.id'))),
    )
    .orderBy('l.used_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { id: row.id, member: row.member, facts: row.facts as Invited };
};
