/** Whether a URL leads to connections that keep to one session, and whether a pooler keeps what is bound to a transaction. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Tries to catch a pooler that gives one connection's next statement to another session. */
const ROUNDS = 4;

/**
 * Two connections that are open together, and yet come to the same process of the database, or one that comes to two, have
 * none of their own: what is set there reaches others, and locks and notices are lost.
 */
export async function keepsSessions(databaseUrl: string): Promise<boolean> {
  await using first = await open(databaseUrl);
  await using second = await open(databaseUrl);
  const own = await processOf(first.client);
  // A pooler tells a process of its own making; without one both are the same, and nothing stands between.
  if ((first.client as unknown as { processID: number }).processID === own) return true;
  for (let round = 0; round < ROUNDS; round++) {
    if ((await processOf(second.client)) === own) return false;
    await second.client.query('begin');
    const again = processOf(first.client);
    const isOwn = await Promise.race([again.then((pid) => pid === own), sleep(2_000, false)]);
    await second.client.query('commit');
    await again;
    if (!isOwn) return false;
  }
  return true;
}

/** Why a pooler cannot be used for this database, as the end of a sentence; undefined: it can. */
export async function objectionToPooler(poolerUrl: string, databaseUrl: string): Promise<string | undefined> {
  await using direct = await open(databaseUrl);
  await using pooled = await open(poolerUrl);
  const identity = `select (select oid from pg_database where datname = current_database())::text
    || ' ' || extract(epoch from pg_postmaster_start_time())::text as value`;
  if ((await one(direct.client, identity)) !== (await one(pooled.client, identity)))
    return 'leads to another database than DATABASE_URL';
  const seen = `current_setting('tallystick.viewer', true)`;
  await pooled.client.query('begin isolation level repeatable read read only');
  await pooled.client.query(`select set_config('tallystick.viewer', 'proof', true)`);
  const within = await one(
    pooled.client,
    `select ${seen} || current_setting('transaction_read_only') as value`,
  );
  await pooled.client.query('commit');
  const after = await one(pooled.client, `select coalesce(${seen}, '') as value`);
  if (within !== 'proofon') return 'does not keep a transaction together: it needs pool_mode=transaction';
  return after === 'proof' ? 'lets what a transaction set outlive it' : undefined;
}

async function open(databaseUrl: string): Promise<{ client: pg.Client } & AsyncDisposable> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  await client.connect();
  return { client, [Symbol.asyncDispose]: () => client.end().catch(() => undefined) };
}

async function one(client: pg.Client, text: string): Promise<string | undefined> {
  const { rows } = await client.query<{ value: string }>(text);
  return rows[0]?.value;
}

const processOf = async (client: pg.Client): Promise<number> =>
  Number(await one(client, 'select pg_backend_pid() as value'));
