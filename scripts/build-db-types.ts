/** Writes services/db/types.ts and services/db/schema.sql from a freshly migrated database. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import codegen from 'kysely-codegen';
import { format, resolveConfig } from 'prettier';
import { migrate } from '#db/migrate.ts';
import { columnsOfWords, schemaText } from '#db/schema.ts';
import { connect } from '#db/wire/connect.ts';
import { startTemporaryPostgres } from '../services/embedded/postgres.ts';

const folder = join(resolve(import.meta.dirname, '..'), 'services/db');
export const typesFile = join(folder, 'types.ts');
export const schemaFile = join(folder, 'schema.sql');

/** The text of services/db/types.ts for a database that {@link migrate} has brought up to date. */
export async function dbTypes(databaseUrl: string): Promise<string> {
  const source = await new codegen.Cli().generate({
    url: databaseUrl,
    dialect: 'postgres',
    defaultSchemas: ['none'],
    includePattern: '(chain|ledger|app).*',
    typeMapping: { int8: 'bigint', numeric: 'bigint' },
    dateParser: 'string',
    overrides: {
      columns: await wordsOf(databaseUrl),
    },
    outFile: null,
    logLevel: 'silent',
  });
  return format(source, { ...(await resolveConfig(typesFile)), filepath: typesFile });
}

/** By column: the words that a constraint of its table allows, as a type. */
async function wordsOf(databaseUrl: string): Promise<Record<string, string>> {
  const db = connect(databaseUrl, { max: 1 });
  const words = await columnsOfWords(db).finally(() => db.destroy());
  return Object.fromEntries(
    words.map(({ column, allowed }) => [column, allowed.map((word) => `'${word}'`).join(' | ')]),
  );
}

if (import.meta.main) {
  const postgres = await startTemporaryPostgres();
  try {
    await migrate(postgres.url);
    writeFileSync(typesFile, await dbTypes(postgres.url));
    const db = connect(postgres.url, { max: 1 });
    writeFileSync(schemaFile, await schemaText(db).finally(() => db.destroy()));
  } finally {
    await postgres.close();
  }
}
