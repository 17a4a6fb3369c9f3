/** Documents of bills as ciphertext, the keys of members, and who was given sight: ADR 33. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(readFileSync(join(import.meta.dirname, '002-documents/tables.sql'), 'utf8')).execute(db);
  const { rows } = await sql`select from pg_roles where rolname = 'tallystick_api'`.execute(db);
  if (rows.length === 0) return;
  for (const [table, seen] of Object.entries(SEEN))
    await sql.raw(`create policy own on ${table} to tallystick_api using (${seen})`).execute(db);
  await sql.raw('revoke insert, update, delete on app.viewer_sight from tallystick_api').execute(db);
  // What was read, and under which key, is not to be undone by a fault of ours.
  await sql.raw('revoke update, delete on app.bill_file, app.bill_key_wrap from tallystick_api').execute(db);
}

const READS = 'app.reads_documents(bill_no)';
const amongst = (...names: string[]): string =>
  `case (select ledger.who()) when -1 then true ${names.map((name) => `when ${name} then true`).join(' ')} end`;

/** By table: which rows the API sees in the name of a viewer. */
const SEEN: Readonly<Record<string, string>> = {
  'app.document_key_holder': 'member = (select ledger.viewer())',
  'app.bill_key': READS,
  // Who else holds a piece is not for all to know: of wrapped keys each sees its own, and those that it wrapped.
  'app.bill_key_wrap': `exists (select from app.bill_key k where k.id = bill_key_id) and ${amongst('member', 'wrapped_by')}`,
  'app.bill_file': READS,
  'app.document_sight': amongst('giver', 'reader'),
};
