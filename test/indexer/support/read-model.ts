import { setTimeout as sleep } from 'node:timers/promises';
import { toHex } from '#db/wire/bytes.ts';
import { readCursor } from '#db/chain/store.ts';
import { connect, createPool, type Database } from '#db/wire/connect.ts';
import { migrate } from '#db/migrate.ts';
import { start, type Config, type Indexer } from '#indexer/start.ts';
import { createDatabase, startTemporaryPostgres, type Postgres } from '#embedded/postgres.ts';
import type { World } from './world.ts';

export const silent = { info: () => {}, warn: () => {}, error: () => {} };

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(10);
}

/** A migrated database of its own on a server that a test file shares. */
export async function openDatabase(postgres: Postgres): Promise<{ url: string; db: Database }> {
  const url = await createDatabase(postgres.url);
  await migrate(url);
  return { url, db: connect(url) };
}

export const openPostgres = startTemporaryPostgres;

export const index = (world: World, databaseUrl: string, more: Partial<Config> = {}): Promise<Indexer> =>
  start({
    databaseUrl,
    rpcUrl: world.rpcUrl,
    deployment: world.deployment,
    log: silent,
    pollMs: 5,
    proveMs: 5,
    ...more,
  });

/** Settles when the read model has reached the chain's head, block for block. Throws if the indexer stops. */
export async function caughtUp(world: World, indexer: Indexer, databaseUrl: string): Promise<void> {
  const db = connect(databaseUrl, { max: 1 });
  try {
    await until(async () => {
      const { stopped } = indexer.status();
      if (stopped !== undefined) throw new Error(stopped);
      const head = await world.rpc<{ hash: string }>('eth_getBlockByNumber', 'latest', false);
      const cursor = await readCursor(db);
      return cursor !== undefined && toHex(cursor.block_hash) === head.hash;
    });
  } finally {
    await db.destroy();
  }
}

/** A read model that sees the chain as it is now for the first time, closed again; returns its database. */
export async function indexAnew(world: World, postgres: Postgres): Promise<string> {
  const { url, db } = await openDatabase(postgres);
  await db.destroy();
  const indexer = await index(world, url);
  await caughtUp(world, indexer, url);
  await indexer.close();
  return url;
}

/** Every row of the schema, as text: two read models are equal if their dumps are. */
export async function dump(
  databaseUrl: string,
  schema: 'ledger' | 'chain' = 'ledger',
): Promise<Record<string, string[]>> {
  const pool = createPool(databaseUrl, { max: 1 });
  try {
    const { rows: tables } = await pool.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = $1 order by 1`,
      [schema],
    );
    const all: Record<string, string[]> = {};
    for (const { name } of tables) {
      const { rows } = await pool.query<{ row: string }>(
        `select to_jsonb(t)::text as row from ${name} t order by 1`,
      );
      all[name] = rows.map(({ row }) => row);
    }
    return all;
  } finally {
    await pool.end();
  }
}
