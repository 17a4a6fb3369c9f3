import { sql, type Kysely } from 'kysely';
import type { DB } from '../types.ts';

export type Column = { readonly name: string; readonly type: string };

/** Columns of all tables of the read model, as the database itself knows them: `ledger.bill` -> its columns. */
export type Columns = ReadonlyMap<string, readonly Column[]>;

export async function readColumns(db: Kysely<DB>): Promise<Columns> {
  const { rows } = await sql<Column & { table: string }>`
    select 'ledger.' || c.relname as table, a.attname as name, a.atttypid::regtype::text as type
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'ledger'::regnamespace and c.relkind = 'r'
    order by c.relname, a.attnum
  `.execute(db);
  const columns = new Map<string, Column[]>();
  for (const { table, name, type } of rows) {
    const known = columns.get(table) ?? [];
    columns.set(table, known);
    known.push({ name, type });
  }
  return columns;
}

/** Tables whose rows were true in a range of blocks, and tables whose rows are facts of one block. */
export function kindsOf(columns: Columns): { versioned: string[]; facts: string[] } {
  const having = (column: string) =>
    [...columns].filter(([, all]) => all.some(({ name }) => name === column)).map(([table]) => table);
  return { versioned: having('to_block'), facts: having('block_number') };
}

/** `unnest(…)` of rows, one array for each column: any number of rows with a fixed number of parameters. */
export const unnest = (columns: readonly Column[], rows: readonly object[]) =>
  sql`unnest(${sql.join(
    columns.map(({ name, type }) => {
      const values = rows.map((row) => (row as Record<string, unknown>)[name] ?? null);
      return sql`${values}::${sql.raw(type)}[]`;
    }),
  )})`;

export const names = (columns: readonly Column[]) => sql.join(columns.map(({ name }) => sql.ref(name)));
