/** Writes services/db/types.ts and services/db/schema.sql from a freshly migrated database. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import codegen from 'kysely-codegen';
import { format, resolveConfig } from 'prettier';
import { migrate } from '#db/migrate.ts';
import { schemaText } from '#db/schema.ts';
import { connect } from '#db/wire/connect.ts';
import { startTemporaryPostgres } from '../services/embedded/postgres.ts';

const folder = join(resolve(import.meta.dirname, '..'), 'services/db');
export const typesFile = join(folder, 'types.ts');
export const schemaFile = join(folder, 'schema.sql');

const kind = "'CERTIFICATE' | 'DRAFT' | 'LC_CLAIM'";

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
      columns: {
        'ledger.bill.kind': kind,
        'ledger.rule_pack.kind': kind,
        'ledger.bill.status': "'offered' | 'active' | 'cancelled'",
        'app.act.state': "'prepared' | 'submitted' | 'sent' | 'done' | 'failed'",
        'app.act.signed_by': "'firm' | 'keeper' | 'operator'",
        'app.transaction.state': "'sent' | 'done' | 'failed'",
        'app.transaction_act.state': "'sent' | 'done' | 'failed'",
        'app.financing_request.recourse': "'without' | 'with' | 'limited'",
        'app.financing_request.purpose': "'discount' | 'rediscount'",
        'app.quote.recourse': "'without' | 'with' | 'limited'",
        'ledger.cash_entry.kind':
          "'deposit' | 'redeem' | 'redeemed' | 'returned' | 'purchase' | 'funding' | 'payout' | 'transfer' | 'move'",
      },
    },
    outFile: null,
    logLevel: 'silent',
  });
  return format(source, { ...(await resolveConfig(typesFile)), filepath: typesFile });
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
