import { promises as fs } from 'node:fs';
import path from 'node:path';
import { FileMigrationProvider, Migrator } from 'kysely/migration';
import { connect } from './wire/connect.ts';

const folder = path.join(import.meta.dirname, 'migrations');

/**
 * Brings the database to the newest schema. Migrations are frozen in time: 0xx chain and ledger, 1xx app; a later one of
 * one series may sort before an older one of the other. Throws what the database answers.
 */
export async function migrate(databaseUrl: string): Promise<void> {
  const db = connect(databaseUrl, { max: 1 });
  try {
    const migrator = new Migrator({
      db,
      provider: new FileMigrationProvider({ fs, path, migrationFolder: folder }),
      migrationTableSchema: 'migration',
      allowUnorderedMigrations: true,
    });
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
