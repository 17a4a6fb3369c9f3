import { sql, type Kysely } from 'kysely';

/** A firm may ask for any weight of signatures up to 2^64 − 1. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table ledger.account alter column threshold type numeric(20)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table ledger.account alter column threshold type bigint`.execute(db);
}
