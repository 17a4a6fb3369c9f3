import { sql, type Kysely } from 'kysely';

/** Which request handed an act in: the relayer's lines in the log name it, from the click to the transaction. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table app.act add column request_id text`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table app.act drop column request_id`.execute(db);
}
