import { sql, type Kysely } from 'kysely';

/** What a member has prepared or under way, to be counted whenever it prepares more. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index act_open on app.act (member, state, valid_until) where state in ('prepared', 'submitted', 'sent')
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index app.act_open`.execute(db);
}
