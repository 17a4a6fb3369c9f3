/** Documents that are removed, and devices from which a firm's key is taken: ADR 33. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(readFileSync(join(import.meta.dirname, '003-documents-taken/tables.sql'), 'utf8'))
    .execute(db);
  const { rows } = await sql`select from pg_roles where rolname = 'tallystick_api'`.execute(db);
  if (rows.length === 0) return;
  // Who attached it takes it away, and nobody does anything else with it.
  await sql`grant update (content, facts, removed_at, removed_by) on app.bill_file to tallystick_api`.execute(
    db,
  );
  await sql`
    create policy remover on app.bill_file as restrictive for update to tallystick_api
    using (member = (select ledger.viewer()) and removed_at is null) with check (removed_at is not null)`.execute(
    db,
  );
}
