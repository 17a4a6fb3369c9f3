import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import { connect, createPool, type Database } from '../wire/connect.ts';
import type { DB } from '../types.ts';

/** The number under which PostgreSQL knows the right to write the read model of a database ("tally"). */
const LOCK = 0x74616c6c79n;

/**
 * Everything that is written is found by its key. Statistics lag behind a back-fill, so a planner that believes them reads
 * whole tables, and each unit of work would cost more than the one before.
 */
const findByKey = async (client: pg.ClientBase): Promise<void> => {
  await client.query(
    'set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set jit = off',
  );
};

export class AnotherWriter extends Error {
  constructor(pid: number | undefined) {
    const who = pid === undefined ? '' : ` (database process ${pid})`;
    super(`another indexer writes to this database${who}: only one may at a time`);
  }
}

/**
 * The one connection that writes chain and ledger. The lock lives and dies with it, so who lost the connection lost the
 * right to write as well; its next connection must win the lock again.
 *
 * @param patienceMs Milliseconds to wait for a writer that is just leaving. Throws {@link AnotherWriter} after that.
 */
export async function openWriter(databaseUrl: string, patienceMs: number): Promise<Kysely<DB>> {
  const pool = createPool(databaseUrl, {
    max: 1,
    role: 'tallystick_indexer',
    applicationName: 'tallystick-indexer',
    onConnect: (client) => takeLock(client, patienceMs),
    keepOpen: true,
  });
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
  try {
    await db.connection().execute(() => Promise.resolve());
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** What the writer and its proofs look up, on connections beside the one that writes. */
export const openReader = (databaseUrl: string): Database =>
  connect(databaseUrl, {
    role: 'tallystick_indexer',
    applicationName: 'tallystick-proof',
    max: 2,
    onConnect: findByKey,
  });

async function takeLock(client: pg.ClientBase, patienceMs: number): Promise<void> {
  await client.query(`set lock_timeout = ${Math.max(1, patienceMs)}`);
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
  } catch (error) {
    if ((error as { code?: string }).code !== '55P03') throw error;
    const { rows } = await client.query<{ pid: number }>(
      `select pid from pg_locks where locktype = 'advisory' and granted
         and database = (select oid from pg_database where datname = current_database())
         and (classid::bigint << 32) + objid::bigint = $1`,
      [LOCK],
    );
    throw new AnotherWriter(rows[0]?.pid);
  }
  await client.query('set lock_timeout = 0');
  await findByKey(client);
}
