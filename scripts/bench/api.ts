/**
 * `npm run bench -- api [BILLS] [SECONDS]`: the most used reads over a read model of so many bills, each beside a route of
 * Fastify and pg alone that returns a row of the same size. Load generator, both servers and PostgreSQL share the machine.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import type pg from 'pg';
import { writeDeployment } from '#chain/deployment.ts';
import { createPool } from '#db/connect.ts';
import { migrate } from '#db/migrate.ts';
import { startPostgres } from '#scripts/embedded/postgres.ts';
import { forgetCluster } from '#scripts/embedded/postgres-binaries.ts';
import { CAST, enter, fill } from './api-fill.ts';
import { NOWHERE } from './nowhere.ts';

const CONNECTIONS = 10;
const WARM_UP = 1;
/** Rows of a page, as the API gives them when nobody says how many. */
const PAGE = 50;
const FAR_PAGE = 1_000;

type Read = { readonly name: string; readonly as: keyof typeof CAST; readonly path: string };

/** The home screens of each role, its lists, and a bill. */
export const READS: readonly Read[] = [
  { name: 'session', as: 'supplier', path: '/api/session' },
  { name: 'inbox', as: 'supplier', path: '/api/inbox' },
  { name: 'cash', as: 'core', path: '/api/cash' },
  { name: 'bills issued, newest first', as: 'core', path: '/api/bills?role=issued' },
  { name: 'bills to pay, next first', as: 'core', path: '/api/bills?role=issued&sort=due&open=true' },
  { name: 'all bills of a supplier', as: 'supplier', path: '/api/bills' },
  { name: 'holdings', as: 'supplier', path: '/api/holdings' },
  { name: 'offers', as: 'supplier', path: '/api/offers' },
  { name: 'bill', as: 'supplier', path: '/api/bills/BILL' },
  { name: 'acts on a bill', as: 'supplier', path: '/api/bills/BILL/acts' },
];

/** Asked less often, over more rows. */
export const HEAVY: readonly Read[] = [
  { name: 'all bills of the core enterprise', as: 'core', path: '/api/bills' },
  { name: 'all bills of a bank', as: 'bank', path: '/api/bills' },
  { name: 'holdings of a bank', as: 'bank', path: '/api/holdings' },
  { name: 'all bills, for the regulator', as: 'regulator', path: '/api/bills' },
  { name: 'ribbon', as: 'supplier', path: '/api/bills/BILL/ribbon' },
  { name: 'cash statement', as: 'supplier', path: '/api/cash/statement' },
  { name: 'own acts', as: 'core', path: '/api/acts' },
  { name: 'deals of a bank', as: 'bank', path: '/api/deals?side=bought' },
  { name: 'calendar', as: 'supplier', path: '/api/calendar' },
  { name: 'calendar of the core enterprise', as: 'core', path: '/api/calendar' },
  { name: 'portfolio of a bank', as: 'bank', path: '/api/portfolio' },
  { name: 'inbox of the core enterprise', as: 'core', path: '/api/inbox' },
];

type Server = { readonly url: string; cpuSeconds(): Promise<number> };

type Place = {
  readonly api: Server;
  readonly bare: Server;
  readonly owner: pg.Pool;
  readonly tokens: Record<string, string>;
  readonly seconds: number;
};

export async function* bench([
  bills = '100000',
  seconds = '5',
  only = '',
]: readonly string[]): AsyncGenerator<object> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'tallystick-bench-'));
  chmodSync(folder, 0o755); // the user that PostgreSQL runs as passes through
  stack.defer(() => rmSync(folder, { recursive: true }));
  let databaseUrl = process.env['BENCH_DATABASE_URL'];
  if (databaseUrl === undefined) {
    const dataDir = join(folder, 'postgres');
    const postgres = await startPostgres({ dataDir });
    stack.defer(async () => {
      await postgres.close();
      forgetCluster(dataDir);
    });
    databaseUrl = postgres.url;
    await migrate(databaseUrl);
    const before = performance.now();
    await fill(databaseUrl, Number(bills));
    yield {
      bench: 'api',
      run: 'filled',
      bills: Number(bills),
      seconds: (performance.now() - before) / 1_000,
    };
  }
  const owner = createPool(databaseUrl, { max: 2 });
  stack.defer(() => owner.end());
  const deploymentFile = join(folder, 'deployment.json');
  writeDeployment(deploymentFile, NOWHERE);
  const [api, bare] = await Promise.all([
    launch(stack, 'api', databaseUrl, deploymentFile),
    launch(stack, 'bare', databaseUrl, deploymentFile),
  ]);
  const tokens: Record<string, string> = {};
  for (const who of ['core', 'supplier', 'bank', 'regulator'] as const)
    tokens[who] = await enter(owner, CAST[who] + (who === 'core' || who === 'regulator' ? 0 : 1));
  const place = { api, bare, owner, tokens, seconds: Number(seconds) };
  yield* measure(place, only);
}

async function launch(stack: AsyncDisposableStack, ...args: string[]): Promise<Server> {
  const profile = process.env['BENCH_PROFILE'];
  const execArgv =
    profile === undefined || args[0] === 'bare' ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const child: ChildProcess = fork(join(import.meta.dirname, 'api-child.ts'), args, { execArgv });
  stack.defer(async () => {
    const gone = once(child, 'exit');
    child.disconnect();
    await gone;
  });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return {
    url,
    cpuSeconds: async () => {
      child.send('cpu');
      const [{ user, system }] = (await once(child, 'message')) as [NodeJS.CpuUsage];
      return (user + system) / 1e6;
    },
  };
}

async function* measure(place: Place, only: string): AsyncGenerator<object> {
  const bill = await aBill(place.owner);
  await place.owner.query(
    'drop table if exists bench_row; create table bench_row (name text primary key, body text)',
  );
  for (const read of [...READS, ...HEAVY]) {
    if (!read.name.includes(only)) continue;
    const path = read.path.replace('BILL', bill);
    yield {
      bench: 'api',
      isMostUsed: READS.includes(read),
      read: read.name,
      ...(await beside(place, read, path)),
    };
  }
  if (only !== '') return;
  for (const read of [READS[3]!, READS[4]!, HEAVY[3]!]) {
    const cursor = await cursorOf(place, read, FAR_PAGE);
    const path = `${read.path}${read.path.includes('?') ? '&' : '?'}cursor=${cursor}`;
    yield { bench: 'api', page: FAR_PAGE, read: read.name, ...(await beside(place, read, path)) };
  }
}

async function aBill(owner: pg.Pool): Promise<string> {
  const { rows } = await owner.query<{ bill_no: bigint }>(
    `select bill_no from ledger.parcel where holder = $1 and to_block is null order by bill_no limit 1`,
    [CAST.supplier + 1],
  );
  return String(rows[0]!.bill_no);
}

/** The API's answer, and a row of the same size from the bare route, under the same load one after the other. */
async function beside(place: Place, { as, name }: Read, path: string) {
  const headers = { authorization: `Bearer ${place.tokens[as]}` };
  const answer = await fetch(place.api.url + path, { headers });
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${body}`);
  await place.owner.query(
    'insert into bench_row values ($1, $2) on conflict (name) do update set body = $2',
    [name, body],
  );
  const bare = await load(place.bare, `/rows/${encodeURIComponent(name)}`, {}, place.seconds);
  const api = await load(place.api, path, headers, place.seconds);
  return {
    bytes: body.length,
    api,
    bare,
    ofBare: round(api.perSecond / bare.perSecond),
    p99OfBare: round(api.p99 / bare.p99),
  };
}

async function load(server: Server, path: string, headers: Record<string, string>, duration: number) {
  const url = server.url + path;
  const run = (seconds: number) => autocannon({ url, headers, connections: CONNECTIONS, duration: seconds });
  await run(WARM_UP);
  const before = await server.cpuSeconds();
  const { latency, requests, non2xx, errors } = await run(duration);
  const cpu = (await server.cpuSeconds()) - before;
  if (non2xx > 0 || errors > 0) throw new Error(`${url}: ${non2xx} refused, ${errors} failed`);
  return {
    perSecond: Math.round(requests.average),
    p50: latency.p50,
    p99: latency.p99,
    cpuMs: round((cpu * 1_000) / requests.total),
  };
}

const round = (ratio: number): number => Math.round(ratio * 100) / 100;

/** The cursor of a page so far down a list. */
async function cursorOf({ api, tokens }: Place, { as, path }: Read, page: number): Promise<string> {
  const atOnce = 4; // pages of 200 rows lie at the same places
  let cursor = '';
  for (let n = 0; n < (page - 1) / atOnce; n++) {
    const query = `${path}${path.includes('?') ? '&' : '?'}limit=${PAGE * atOnce}${cursor && `&cursor=${cursor}`}`;
    const answer = await fetch(api.url + query, { headers: { authorization: `Bearer ${tokens[as]}` } });
    cursor = ((await answer.json()) as { next: string }).next;
  }
  return cursor;
}
