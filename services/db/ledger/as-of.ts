import { sql, type RawBuilder } from 'kysely';

/** For `where`: the versions that were true at the end of a block. Without a block: those that are true now. */
export function asOf(block?: bigint, table?: string): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(table === undefined ? name : `${table}.${name}`);
  const open = sql<boolean>`${column('to_block')} is null`;
  if (block === undefined) return open;
  return sql<boolean>`(${column('from_block')} <= ${block} and (${open} or ${column('to_block')} > ${block}))`;
}
