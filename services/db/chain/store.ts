import { sql, type Kysely, type Selectable } from 'kysely';
import type { RawLog, StoredBlock } from '../ledger/ledger.ts';
import type { ChainCursor, DB } from '../types.ts';

export type { StoredBlock } from '../ledger/ledger.ts';
export type Cursor = Omit<Selectable<ChainCursor>, 'only_one'>;

export const readCursor = (db: Kysely<DB>): Promise<Cursor | undefined> =>
  db
    .selectFrom('chain.cursor')
    .select(['genesis_hash', 'bills', 'block_number', 'block_hash', 'proved_block', 'stopped_reason'])
    .executeTakeFirst();

/** The first block is the one before our contracts: nothing of ours is in it, what follows must build on it. */
export async function createCursor(
  db: Kysely<DB>,
  deployment: Pick<Cursor, 'genesis_hash' | 'bills'>,
  first: StoredBlock,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { number, hash, parent_hash, timestamp } = first;
    await trx.insertInto('chain.block').values({ number, hash, parent_hash, timestamp }).execute();
    await trx
      .insertInto('chain.cursor')
      .values({ ...deployment, block_number: first.number, block_hash: first.hash })
      .execute();
  });
}

type Point = { readonly number: bigint; readonly hash: Buffer };

/** Throws if the cursor is not where the caller left it: then somebody else wrote in between. */
export async function moveCursor(db: Kysely<DB>, from: Point, to: Point): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('chain.cursor')
    .set({ block_number: to.number, block_hash: to.hash })
    .$if(to.number < from.number, (query) =>
      query.set({ proved_block: sql<bigint>`least(proved_block, ${to.number})` }),
    )
    .where('block_number', '=', from.number)
    .where('block_hash', '=', from.hash)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new Error(`the cursor is not at block ${from.number} any more`);
  await notify(db);
}

export const recordStop = (db: Kysely<DB>, reason: string | null) =>
  db.updateTable('chain.cursor').set({ stopped_reason: reason }).execute();

/** All bills are proved at this block. False if the chain took the block back meanwhile. */
export function recordProof(db: Kysely<DB>, block: Point): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('chain.cursor')
      .set({ proved_block: block.number })
      .where('block_number', '>=', block.number)
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('chain.block')
            .where('number', '=', block.number)
            .where('hash', '=', block.hash)
            .select('number'),
        ),
      )
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) return false;
    await notify(trx);
    return true;
  });
}

export const forgetProof = (db: Kysely<DB>) =>
  db.updateTable('chain.cursor').set({ proved_block: null }).execute();

/** Tells whoever listens to `ledger` how far the read model is, when the transaction is through. */
async function notify(db: Kysely<DB>): Promise<void> {
  await sql`
    select pg_notify('ledger', json_build_object('block', block_number, 'proved', proved_block)::text)
    from chain.cursor
  `.execute(db);
}

export async function blockHash(db: Kysely<DB>, number: bigint): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('chain.block')
    .select('hash')
    .where('number', '=', number)
    .executeTakeFirst();
  return row?.hash;
}

/** Newest first. */
export const blocksDownFrom = (db: Kysely<DB>, number: bigint, limit: number): Promise<StoredBlock[]> =>
  db
    .selectFrom('chain.block')
    .selectAll()
    .where('number', '<=', number)
    .orderBy('number', 'desc')
    .limit(limit)
    .execute();

/** Whether indexes and constraints are put off: see the migration 004-back-fill. */
export async function isBackFilling(db: Kysely<DB>): Promise<boolean> {
  const { rows } = await sql<{ open: boolean }>`select exists (select from chain.put_off) as open`.execute(
    db,
  );
  return rows[0]!.open;
}

export async function beginBackFill(db: Kysely<DB>): Promise<void> {
  await sql`select chain.begin_back_fill()`.execute(db);
}

/**
 * Makes what was put off, one table on each connection at a time, the largest first; a crash in between leaves the rest
 * put off. Throws if the rows that were written meanwhile break a constraint.
 */
export async function endBackFill(...connections: readonly Kysely<DB>[]): Promise<void> {
  const { rows } = await sql<{ relation: string }>`
    select relation from chain.put_off group by relation order by count(*) * pg_relation_size(relation::regclass) desc
  `.execute(connections[0]!);
  const makeOn = async (db: Kysely<DB>): Promise<void> => {
    for (let next = rows.shift(); next; next = rows.shift())
      await sql`select chain.end_back_fill(${next.relation})`.execute(db);
  };
  const ends = await Promise.allSettled(connections.map(makeOn));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

export async function deleteAbove(db: Kysely<DB>, block: bigint): Promise<void> {
  await db.deleteFrom('chain.log').where('block_number', '>', block).execute();
  await db.deleteFrom('chain.block').where('number', '>', block).execute();
}

/** Blocks with logs of ours after one block, oldest first, with their logs. */
export async function blocksWithLogs(
  db: Kysely<DB>,
  after: bigint,
  limit: number,
): Promise<(StoredBlock & { logs: RawLog[] })[]> {
  const blocks = await db
    .selectFrom('chain.block')
    .selectAll()
    .where('number', '>', after)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('chain.log').whereRef('block_number', '=', 'chain.block.number').select('block_number'),
      ),
    )
    .orderBy('number')
    .limit(limit)
    .execute();
  if (blocks.length === 0) return [];
  const logs = await db
    .selectFrom('chain.log')
    .selectAll()
    .where('block_number', '>=', blocks[0]!.number)
    .where('block_number', '<=', blocks.at(-1)!.number)
    .orderBy('block_number')
    .orderBy('log_index')
    .execute();
  const byBlock = Map.groupBy(logs, ({ block_number }) => block_number);
  return blocks.map((block) => ({ ...block, logs: byBlock.get(block.number) ?? [] }));
}
