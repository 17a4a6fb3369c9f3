/**
 * A copy of all that the database holds, and the way back: plain COPY text, one file a table, of one moment while
 * everybody goes on working. Needs none of PostgreSQL's own programs and no rights but the owner's.
 */
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type pg from 'pg';
import { createClient } from './wire/connect.ts';
import { migrate } from './migrate.ts';

const SCHEMAS = ['chain', 'ledger', 'app'];

export type Dump = {
  /** The schema that the tables belong to: names of migrations, in order. */
  readonly migrations: readonly string[];
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[] }[];
  /** Up to which block the read model was; undefined: it had not begun. */
  readonly block: number | undefined;
};

type Row = Record<string, string>;

/** Writes `folder` and says what is in it. */
export async function dumpDatabase(databaseUrl: string, folder: string): Promise<Dump> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return withClient(databaseUrl, async (client) => {
    await client.query('begin isolation level repeatable read read only');
    const dump = {
      migrations: await migrationsOf(client),
      tables: await tablesOf(client),
      block: await blockOf(client),
    };
    for (const { name, columns } of dump.tables) {
      const rows = client.query(copyTo(`copy ${name} (${columns.join(', ')}) to stdout`));
      await pipeline(
        rows,
        createGzip({ level: 1 }),
        createWriteStream(fileOf(folder, name), { mode: 0o600 }),
      );
    }
    await client.query('commit');
    return dump;
  });
}

/** Why a dump cannot go into a database, as a sentence; undefined: it can. */
export async function objectionTo(databaseUrl: string): Promise<string | undefined> {
  const found = await withClient(databaseUrl, (client) =>
    client.query('select nspname from pg_namespace where nspname = any($1)', [[...SCHEMAS, 'migration']]),
  );
  return found.rowCount === 0 ? undefined : 'the database is not empty';
}

/** Into an empty database, all or nothing. Throws if the dump is of another schema than ours. */
export async function loadDatabase(databaseUrl: string, folder: string, dump: Dump): Promise<void> {
  await migrate(databaseUrl);
  await withClient(databaseUrl, async (client) => {
    const ours = await migrationsOf(client);
    if (ours.join() !== dump.migrations.join())
      throw new Error(`the backup ends with ${dump.migrations.at(-1)}, this version with ${ours.at(-1)}`);
    await client.query('begin');
    // What a trigger would add or refuse is in the dump as it came to be.
    await setTriggers(client, dump, 'disable');
    await client.query(`truncate ${dump.tables.map(({ name }) => name).join(', ')}`);
    for (const { name, columns } of dump.tables) {
      const rows = client.query(copyFrom(`copy ${name} (${columns.join(', ')}) from stdin`));
      await pipeline(createReadStream(fileOf(folder, name)), createGunzip(), rows);
    }
    await continueNumbers(client);
    await setTriggers(client, dump, 'enable');
    await client.query('commit');
  });
}

async function setTriggers(client: pg.Client, { tables }: Dump, to: 'enable' | 'disable'): Promise<void> {
  for (const { name } of tables) await client.query(`alter table ${name} ${to} trigger user`);
}

const fileOf = (folder: string, table: string): string => join(folder, `${table.replaceAll('"', '')}.gz`);

async function withClient<T>(databaseUrl: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = createClient(databaseUrl, 'tallystick-backup');
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

async function migrationsOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<Row>('select name from migration.kysely_migration order by name');
  return rows.map(({ name }) => name!);
}

async function blockOf(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<Row>('select block_number from chain.cursor');
  return rows[0] && Number(rows[0]['block_number']);
}

/** A table comes after those that it refers to. */
async function tablesOf(client: pg.Client): Promise<{ name: string; columns: string[] }[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; needs: string[] }>(
    `select format('%I.%I', n.nspname, c.relname) as name,
       (select array_agg(format('%I', a.attname) order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
       array(select format('%I.%I', fn.nspname, f.relname) from pg_constraint k
        join pg_class f on f.oid = k.confrelid join pg_namespace fn on fn.oid = f.relnamespace
        where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as needs
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any($1) and c.relkind = 'r' order by 1`,
    [SCHEMAS],
  );
  const ordered = new Map<string, string[]>();
  while (ordered.size < rows.length) {
    const ready = rows.filter(
      ({ name, needs }) => !ordered.has(name) && needs.every((need) => ordered.has(need)),
    );
    if (ready.length === 0) throw new Error('the tables refer to one another in a circle');
    for (const { name, columns } of ready) ordered.set(name, columns);
  }
  return [...ordered].map(([name, columns]) => ({ name, columns }));
}

/** Columns that number themselves go on after the highest number that is there. */
async function continueNumbers(client: pg.Client): Promise<void> {
  const { rows } = await client.query<Row>(
    `select format('%I.%I', n.nspname, c.relname) as name, a.attname as column from pg_attribute a
     join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any($1) and c.relkind = 'r' and a.attidentity <> ''`,
    [SCHEMAS],
  );
  for (const { name, column } of rows) {
    await client.query(
      `select setval(pg_get_serial_sequence($1, $2), coalesce(max(${client.escapeIdentifier(column!)}), 0) + 1, false)
       from ${name}`,
      [name, column],
    );
  }
}
