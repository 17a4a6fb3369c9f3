/**
 * `npm run bench -- index [BILLS[,BILLS…]] [SEED]`: back-fill of a chain that lived so many bills into an empty database, with
 * all that the product does (raw logs, projections, versions for rollback, cursor); once undisturbed and once with a kill -9
 * in the middle. Several lengths, one chain after the other, show whether memory grows with the chain. PostgreSQL and the
 * chain's node run on the same machine; what each took of the processors is said beside it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeDeployment } from '#chain/deployment.ts';
import { readCursor } from '#db/chain/store.ts';
import { connect, createPool } from '#db/wire/connect.ts';
import { migrate } from '#db/migrate.ts';
import { verify } from '#indexer/verify.ts';
import { createDatabase, startPostgres, type Postgres } from '#embedded/postgres.ts';
import { forgetCluster } from '#embedded/postgres-binaries.ts';
import type { Report } from './index-child.ts';
import { liveLedger, START } from './ledger-load.ts';
import { openLoadChain, type LoadChain } from './load-chain.ts';

const ACTS_PER_BLOCK = 50;
const GAP = 20;
const PERCENT_PAID = 50;

type Place = {
  readonly chain: LoadChain;
  readonly postgres: Postgres;
  readonly deploymentFile: string;
  readonly head: number;
};

export async function* bench([lengths = '12500', seed = '1']: readonly string[]): AsyncGenerator<object> {
  for (const bills of lengths.split(',')) yield* benchLength(Number(bills), Number(seed));
}

async function* benchLength(bills: number, seed: number): AsyncGenerator<object> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'tallystick-bench-'));
  chmodSync(folder, 0o755); // the user that PostgreSQL runs as passes through
  stack.defer(() => rmSync(folder, { recursive: true }));
  const chain = await openLoadChain(START);
  stack.defer(() => chain.close());
  const load = {
    bills,
    seed,
    actsPerBlock: ACTS_PER_BLOCK,
    gap: GAP,
    percentPaid: PERCENT_PAID,
  };
  const expected = await liveLedger(chain, load);
  const deploymentFile = join(folder, 'deployment.json');
  writeDeployment(deploymentFile, chain.deployment);
  const dataDir = join(folder, 'postgres');
  const postgres = await startPostgres({ dataDir });
  stack.defer(async () => {
    await postgres.close();
    forgetCluster(dataDir);
  });
  const place = { chain, postgres, deploymentFile, head: await chain.head() };
  yield* measure(place, expected);
}

export async function* measure(place: Place, expected: number): AsyncGenerator<object> {
  const { chain } = place;
  const whole = await emptyDatabase(place);
  yield {
    bench: 'index',
    run: 'back-fill',
    ...(await backfill(place, whole)),
    ...(await contents(whole, expected)),
  };
  const { differences, checked } = await verify({
    databaseUrl: whole,
    rpcUrl: chain.url,
    deployment: chain.deployment,
  });
  yield { bench: 'index', run: 'compared with the chain', differences: differences.length, ...checked };
  const broken = await emptyDatabase(place);
  const killedAt = await crash(place, broken);
  const after = await backfill(place, broken);
  const isSame = (await fingerprint(broken)) === (await fingerprint(whole));
  yield { bench: 'index', run: 'again after kill -9', killedAtBlock: Number(killedAt), ...after, isSame };
}

async function emptyDatabase({ postgres }: Place): Promise<string> {
  const url = await createDatabase(postgres.url);
  await migrate(url);
  return url;
}

function launch({ chain, deploymentFile, head }: Place, databaseUrl: string) {
  const profile = process.env['BENCH_PROFILE'];
  const flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const file = join(import.meta.dirname, 'index-child.ts');
  const args = [...flags, file, databaseUrl, chain.url, deploymentFile, String(head)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function backfill(place: Place, databaseUrl: string) {
  const servers = () => [serverSeconds(place.postgres.pid), serverSeconds(place.chain.pid)] as const;
  const before = servers();
  const { count: known } = await counted(databaseUrl);
  const child = launch(place, databaseUrl);
  const report = (await json(child.stdout)) as Report;
  const { cpuSeconds, ...rest } = report;
  const { count, blocks } = await counted(databaseUrl);
  const [postgres, node] = servers().map((seconds, n) => seconds - before[n]!);
  return {
    ...rest,
    eventsPerSecond: (count - known) / report.seconds,
    events: count,
    blocks,
    cpuSeconds: { indexer: cpuSeconds, postgres, node },
  };
}

/** Kills an indexer when it is half through; returns the block that it had reached. */
async function crash(place: Place, databaseUrl: string): Promise<bigint> {
  const child = launch(place, databaseUrl);
  const gone = once(child, 'exit');
  const db = connect(databaseUrl, { max: 1 });
  const reached = async (): Promise<bigint> => (await readCursor(db))?.block_number ?? 0n;
  while ((await reached()) < place.head / 2) await sleep(5);
  child.kill('SIGKILL');
  await gone;
  const block = await reached();
  await db.destroy();
  return block;
}

async function query<T extends object>(databaseUrl: string, text: string): Promise<T[]> {
  const pool = createPool(databaseUrl, { max: 1 });
  try {
    return (await pool.query<T>(text)).rows;
  } finally {
    await pool.end();
  }
}

async function counted(databaseUrl: string): Promise<{ count: number; blocks: number }> {
  const [row] = await query<{ logs: bigint; blocks: bigint }>(
    databaseUrl,
    'select (select count(*) from chain.log) as logs, (select count(*) from chain.block) as blocks',
  );
  return { count: Number(row!.logs), blocks: Number(row!.blocks) };
}

const ledgerTables = (databaseUrl: string): Promise<{ name: string }[]> =>
  query(
    databaseUrl,
    `select schemaname || '.' || tablename as name from pg_tables where schemaname in ('ledger', 'chain') order by 1`,
  );

/** Rows written; throws if the chain holds fewer events of ours than it was told. */
async function contents(databaseUrl: string, expected: number): Promise<{ rows: number }> {
  const { count } = await counted(databaseUrl);
  if (count < expected) throw new Error(`${count} events came of ${expected}`);
  let rows = 0;
  for (const { name } of await ledgerTables(databaseUrl)) {
    const [row] = await query<{ count: bigint }>(databaseUrl, `select count(*) from ${name}`);
    rows += Number(row!.count);
  }
  return { rows };
}

/** Two read models are equal, row for row, if their fingerprints are. */
async function fingerprint(databaseUrl: string): Promise<string> {
  const hashes: string[] = [];
  for (const { name } of await ledgerTables(databaseUrl)) {
    if (name === 'chain.cursor') continue; // one of them was proved
    const text = `select md5(coalesce(string_agg(md5(t::text), '' order by t::text), '')) as hash from ${name} t`;
    hashes.push(`${name} ${(await query<{ hash: string }>(databaseUrl, text))[0]!.hash}`);
  }
  return hashes.join('\n');
}

/** Processor time of a server and all its children, dead or alive, where the system tells (Linux). */
function serverSeconds(pid: number): number {
  const ticks = (fields: readonly string[], ...at: number[]): number =>
    at.reduce((sum, n) => sum + Number(fields[n]), 0);
  const fieldsOf = (id: string): string[] => {
    try {
      const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    } catch {
      return [];
    }
  };
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(fieldsOf);
  const children = all.filter((fields) => fields[1] === String(pid));
  const own = ticks(fieldsOf(String(pid)), 11, 12, 13, 14);
  return (own + children.reduce((sum, fields) => sum + ticks(fields, 11, 12), 0)) / 100;
}
