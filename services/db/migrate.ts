/** Brings a database to the newest schema. */
import { promises as fs } from 'node:fs';
import path from 'node:path';
import { sql, type Kysely } from 'kysely';
import { FileMigrationProvider, Migrator } from 'kysely/migration';
import { connect } from './wire/connect.ts';
import type { DB } from './types.ts';

const folder = path.join(import.meta.dirname, 'migrations');

/** Throws if the database is not one that this version can go on with, and what the database answers. */
export async function migrate(databaseUrl: string): Promise<void> {
  const db = connect(databaseUrl, { max: 1 });
  try {
    const migrator = new Migrator({
      db,
      provider: new FileMigrationProvider({ fs, path, migrationFolder: folder }),
      migrationTableSchema: 'migration',
    });
    await refuseOthers(db, migrator);
    const { error, results } = await migrator.migrateToLatest();
    if (error === undefined) return;
    const failed = results?.find((result) => result.status === 'Error');
    throw failed
      ? new Error(`the database refused migration ${failed.migrationName}`, { cause: error })
      : error;
  } finally {
    await db.destroy();
  }
}

/** The first of the migrations that were made one into {@link folder} before the first release. */
const BEFORE_RELEASE = '001-chain';

/** Nothing is changed in a database that has migrations that are not ours. */
async function refuseOthers(db: Kysely<DB>, migrator: Migrator): Promise<void> {
  const { rows: found } =
    await sql`select where to_regclass('migration.kysely_migration') is not null`.execute(db);
  if (found.length === 0) return;
  const { rows } = await sql<{
    name: string;
  }>`select name from migration.kysely_migration order by name`.execute(db);
  const ours = new Set((await migrator.getMigrations()).map(({ name }) => name));
  const other = rows.find(({ name }) => !ours.has(name));
  if (other === undefined) return;
  throw new Error(
    other.name === BEFORE_RELEASE
      ? 'the database was made by a version before the first release and cannot be continued. Give an empty database: the read model is ' +
          'made again from the chain; sessions, quotes, drafts, imports and documents are not carried over'
      : `the database has the migration ${other.name}, which this version does not know: it was made by a newer version`,
  );
}
