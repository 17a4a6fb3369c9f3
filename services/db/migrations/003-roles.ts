import { sql, type Kysely } from 'kysely';

/**
 * Least privilege: connections SET ROLE to tallystick_indexer (writes chain and ledger) or tallystick_api (reads them,
 * writes app). Where the connecting user may not make roles, it works without them and says so in a notice.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create schema app`.execute(db);
  await viewers(db);
  for (const role of ['tallystick_indexer', 'tallystick_api']) await createRole(db, role);
  await grants(db);
  await policies(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop schema app cascade`.execute(db);
}

/** Roles belong to the whole server: another database may have made them already, or be making them now. */
async function createRole(db: Kysely<unknown>, role: string): Promise<void> {
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

/**
 * Who looks is said per transaction in tallystick.viewer: a member's number, or * for the system and the regulator.
 * Without it nothing is visible.
 */
async function viewers(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function ledger.viewer() returns integer language sql stable parallel safe as $$
      select case when current_setting('tallystick.viewer', true) ~ '^[0-9]+$'
        then current_setting('tallystick.viewer', true)::integer end
    $$;
    create function ledger.viewer_sees_all() returns boolean language sql stable parallel safe as $$
      select current_setting('tallystick.viewer', true) = '*'
    $$;
  `.execute(db);
}

async function grants(db: Kysely<unknown>): Promise<void> {
  await ifRoleExists(
    db,
    'tallystick_indexer',
    `grant usage on schema chain, ledger to tallystick_indexer;
     grant select, insert, update, delete, truncate on all tables in schema chain, ledger to tallystick_indexer;
     alter default privileges in schema chain, ledger
       grant select, insert, update, delete, truncate on tables to tallystick_indexer;`,
  );
  await ifRoleExists(
    db,
    'tallystick_api',
    `grant usage on schema chain, ledger, app to tallystick_api;
     grant select on all tables in schema chain, ledger to tallystick_api;
     alter default privileges in schema chain, ledger grant select on tables to tallystick_api;
     alter default privileges in schema app grant select, insert, update, delete on tables to tallystick_api;
     alter default privileges in schema app grant usage, select on sequences to tallystick_api;`,
  );
}

/** A member sees the bills that it was ever party to, and who else it was with only through them. */
async function policies(db: Kysely<unknown>): Promise<void> {
  const party = (table: string) =>
    `exists (select from ledger.bill_party p where p.bill_no = ${table}.bill_no and p.member = ledger.viewer())`;
  const seen: Record<string, string> = { bill_party: 'member = ledger.viewer()' };
  for (const table of ['bill', 'parcel', 'act', 'quote_fill', 'invoice_use']) seen[table] = party(table);
  for (const [table, isParty] of Object.entries(seen)) {
    await sql`alter table ledger.${sql.raw(table)} enable row level security`.execute(db);
    await ifRoleExists(
      db,
      'tallystick_indexer',
      `create policy indexer_writes on ledger.${table} to tallystick_indexer using (true) with check (true);`,
    );
    await ifRoleExists(
      db,
      'tallystick_api',
      `create policy parties_see on ledger.${table} for select to tallystick_api
         using (ledger.viewer_sees_all() or ${isParty});`,
    );
  }
}

async function ifRoleExists(db: Kysely<unknown>, role: string, statements: string): Promise<void> {
  await sql`
    do $outer$ begin
      if exists (select from pg_roles where rolname = ${sql.lit(role)}) then ${sql.raw(statements)} end if;
    end $outer$
  `.execute(db);
}
