import { hash, randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { DB } from '../types.ts';
import { noticeSession } from '../instructions/notices.ts';

export type Session = { readonly member: number | null; readonly expiresAt: Date };

/** Only the hash is stored: who reads the database cannot enter as anybody. */
const hashOf = (token: string): Buffer => hash('sha256', token, 'buffer');

/** A name for a session that enters nowhere (base64). */
export const sessionOf = (token: string): string => hashOf(token).toString('base64');

/** @param member null: the operator. */
export async function openSession(
  db: Kysely<DB>,
  member: number | null,
  expiresAt: Date,
): Promise<{ token: string; session: Session }> {
  const token = randomBytes(32).toString('base64url');
  await db
    .insertInto('app.session')
    .values({ token_hash: hashOf(token), member, is_operator: member === null, expires_at: expiresAt })
    .execute();
  return { token, session: { member, expiresAt } };
}

/** What a request has to know of who makes it. */
export type Visitor = Session & {
  readonly roles: number | null;
  readonly account: Buffer | null;
  readonly isSuspended: boolean;
};

export async function findVisitor(db: Kysely<DB>, token: string, now: Date): Promise<Visitor | undefined> {
  const row = await db
    .selectFrom('app.session as s')
    .leftJoin('ledger.member as m', (join) =>
      join.onRef('m.number', '=', 's.member').on('m.to_block', 'is', null),
    )
    .select(['s.member', 's.expires_at', 'm.roles', 'm.account', 'm.suspended'])
    .where('s.token_hash', '=', hashOf(token))
    .where('s.expires_at', '>', now)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { member, expires_at: expiresAt, roles, account, suspended } = row;
  return { member, expiresAt, roles, account, isSuspended: suspended === true };
}

/** Every process hears of it. */
export async function closeSession(db: Kysely<DB>, token: string): Promise<void> {
  await db.deleteFrom('app.session').where('token_hash', '=', hashOf(token)).execute();
  await noticeSession(db, sessionOf(token));
}

export const forgetExpiredSessions = (db: Kysely<DB>, now: Date) =>
  db.deleteFrom('app.session').where('expires_at', '<=', now).execute();
