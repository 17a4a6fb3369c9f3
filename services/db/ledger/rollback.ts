import { sql, type Kysely } from 'kysely';
import type { DB } from '../types.ts';
import { kindsOf, type Columns } from './columns.ts';

/**
 * Takes the read model back to what it was after `block`, for every table that {@link Columns} names:
 * 1) A version that began above `block` never was: deleted.
 * 2) A version that ended above `block` was ended by one of those (or by a removal): open again.
 * 3) A fact of a block above `block` never happened: deleted.
 */
export async function rollbackLedger(db: Kysely<DB>, columns: Columns, block: bigint): Promise<void> {
  const { versioned, facts } = kindsOf(columns);
  for (const table of versioned) {
    await sql`delete from ${sql.table(table)} where from_block > ${block}`.execute(db);
    await sql`update ${sql.table(table)} set to_block = null where to_block > ${block}`.execute(db);
  }
  for (const table of facts)
    await sql`delete from ${sql.table(table)} where block_number > ${block}`.execute(db);
}

/** Empties the read model, to build it anew. */
export async function emptyLedger(db: Kysely<DB>, columns: Columns): Promise<void> {
  await sql`truncate ${sql.join([...columns.keys()].map((table) => sql.table(table)))}`.execute(db);
}
