/**
 * The schema of the first release: three schemas in plain SQL, and who may do and see what. Connections SET ROLE to
 * tallystick_indexer (writes chain and ledger) or tallystick_api (reads them, writes app). Where the connecting user may not
 * make roles, it works without them and says so in a notice.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { grants, policies, ROLES, type Role } from './001-schema/access.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const file of ['chain', 'ledger', 'people', 'app', 'notices', 'applications', 'viewer'])
    await sql.raw(textOf(file)).execute(db);
  for (const role of ROLES) await createRole(db, role);
  const { rows } = await sql<{ name: Role }>`select rolname as name from pg_roles`.execute(db);
  const existing = new Set(rows.map(({ name }) => name));
  for (const { role, statement } of [...grants(), ...policies()])
    if (existing.has(role)) await sql.raw(statement).execute(db);
}

const textOf = (name: string): string =>
  readFileSync(join(import.meta.dirname, '001-schema', `${name}.sql`), 'utf8');

/** Roles belong to the whole server: another database may have made them already, or be making them now. */
async function createRole(db: Kysely<unknown>, role: Role): Promise<void> {
  await sql`
    do $$ begin
      if not exists (select from pg_roles where rolname = ${sql.lit(role)}) then
        begin
          create role ${sql.raw(role)} nologin;
        exception when duplicate_object or unique_violation then null;
        end;
      end if;
      execute format('grant ${sql.raw(role)} to %I', current_user);
    exception when insufficient_privilege then
      raise notice 'role ${sql.raw(role)} cannot be made or granted by %: working without it', current_user;
    end $$
  `.execute(db);
}
