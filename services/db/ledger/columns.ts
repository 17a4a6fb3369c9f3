/** The tables of the read model as the database knows them, and rows on their way into one. */
import { sql, type Kysely, type RawBuilder } from 'kysely';
import { encodeArray } from '../wire/binary.ts';
import type { DB } from '../types.ts';

export type Column = { readonly name: string; readonly type: string; readonly typeId: number };
export type Table = {
  readonly name: string;
  readonly rowType: number;
  readonly columns: readonly Column[];
};

/** All tables of a schema, as the database itself knows them: `ledger.bill` -> its columns. */
export type Columns = ReadonlyMap<string, Table>;

export async function readColumns(db: Kysely<DB>, schema: 'ledger' | 'chain' = 'ledger'): Promise<Columns> {
  const { rows } = await sql<Column & { table: string; rowType: number }>`
    select ${schema}::text || '.' || c.relname as table, c.reltype as "rowType",
      a.attname as name, a.atttypid::regtype::text as type, a.atttypid as "typeId"
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = ${schema}::regnamespace and c.relkind = 'r'
    order by c.relname, a.attnum
  `.execute(db);
  return new Map(
    [...Map.groupBy(rows, ({ table }) => table)].map(([name, columns]) => [
      name,
      { name, rowType: columns[0]!.rowType, columns },
    ]),
  );
}

/** Tables whose rows were true in a range of blocks, and tables whose rows are facts of one block. */
export function kindsOf(columns: Columns): { versioned: string[]; facts: string[] } {
  const having = (column: string) =>
    [...columns.values()]
      .filter((table) => table.columns.some(({ name }) => name === column))
      .map(({ name }) => name);
  return { versioned: having('to_block'), facts: having('block_number') };
}

/** A statement that is ready to be sent: what it writes no longer depends on what happens meanwhile. */
export type Change = (db: Kysely<DB>) => Promise<void>;

/** `unnest(…)` of rows of a table as one parameter; a column that a row leaves out is null. */
export const unnest = (table: Table, rows: readonly object[]): RawBuilder<unknown> =>
  sql`unnest(${encodeArray(table, rows)}::${sql.table(table.name)}[])`;

/** Rows of one statement: PostgreSQL takes megabytes apart more slowly than the same in pieces. */
const PIECE = 2_000;

/**
 * Statements that insert rows.
 * @param rows Nobody changes them any more: they are encoded when they are sent.
 */
export function insertion(
  table: Table,
  rows: readonly object[],
  onRepeat: 'refuse' | 'ignore' = 'refuse',
): Change[] {
  const changes: Change[] = [];
  for (let at = 0; at < rows.length; at += PIECE)
    changes.push(async (db) => {
      await sql`
        insert into ${sql.table(table.name)} select * from ${unnest(table, rows.slice(at, at + PIECE))}
        ${onRepeat === 'ignore' ? sql`on conflict do nothing` : sql``}
      `.execute(db);
    });
  return changes;
}
