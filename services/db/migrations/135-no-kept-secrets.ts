import { sql, type Kysely } from 'kysely';

/** Answers that were kept with the token of a session are forgotten. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`delete from app.idempotency_key where body like '%"token":%'`.execute(db);
}

/** What is forgotten stays so. */
export async function down(): Promise<void> {}
