/**
 * `npm run bench -- api [BILLS] [SECONDS] [NAME]`: the most used reads over a read model of so many bills, each beside a route
 * of Fastify and pg alone that returns rows of the same sizes. Each read is many different requests: of many members, with
 * filters, down to later pages. Load generator, both servers and PostgreSQL share the machine.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { writeDeployment } from '#chain/deployment.ts';
import { createPool } from '#db/wire/connect.ts';
import { migrate } from '#db/migrate.ts';
import { addDays, legalDateOf } from '#domain/dates.ts';
import { startPostgres } from '#embedded/postgres.ts';
import { forgetCluster } from '#embedded/postgres-binaries.ts';
import { CAST, enter, fill } from './api-fill.ts';
import { launch, load, openPostgresClock, round, type Asked, type Server } from './api-servers.ts';
import { NOWHERE } from './nowhere.ts';

/** Rows of a page, as the API gives them when nobody says how many. */
const PAGE = 50;
const FAR_PAGE = 1_000;
/** Different requests of one read. */
const VARIANTS = 60;
/** Bills of the last few days are late; the others fall due by and by. */
const LATE_DAYS = 3;

type Who = 'core' | 'cores' | 'supplier' | 'bank' | 'regulator';
type Read = { readonly name: string; readonly as: Who; readonly path: string };

/** The home screens of each role, its lists, and a bill. */
export const READS: readonly Read[] = [
  { name: 'session', as: 'supplier', path: '/api/session' },
  { name: 'inbox', as: 'supplier', path: '/api/inbox' },
  { name: 'cash', as: 'cores', path: '/api/cash' },
  { name: 'bills issued, newest first', as: 'cores', path: '/api/bills?role=issued' },
  { name: 'bills to pay, next first', as: 'cores', path: '/api/bills?role=issued&sort=due&open=true' },
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
  { name: 'own acts', as: 'core', path: '/api/instructions' },
  { name: 'deals of a bank', as: 'bank', path: '/api/deals?side=bought' },
  { name: 'calendar', as: 'supplier', path: '/api/calendar' },
  { name: 'calendar of the core enterprise', as: 'core', path: '/api/calendar' },
  { name: 'portfolio of a bank', as: 'bank', path: '/api/portfolio' },
  { name: 'inbox of the core enterprise', as: 'core', path: '/api/inbox' },
];

type Place = {
  readonly api: Server;
  readonly bare: Server;
  readonly owner: pg.Pool;
  readonly tokens: ReadonlyMap<number, string>;
  readonly seconds: number;
  readonly pgSeconds: () => number;
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
    await fill(databaseUrl, Number(bills), addDays(legalDateOf(Date.now() / 1_000), -LATE_DAYS));
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
  const tokens = new Map<number, string>();
  for (let member = 1; member <= CAST.regulator; member++) tokens.set(member, await enter(owner, member));
  const pgSeconds = await openPostgresClock(owner);
  yield* measure({ api, bare, owner, tokens, seconds: Number(seconds), pgSeconds }, only);
}

async function* measure(place: Place, only: string): AsyncGenerator<object> {
  await place.owner.query(
    'drop table if exists bench_row; create table bench_row (name text primary key, body text)',
  );
  for (const read of [...READS, ...HEAVY]) {
    if (!read.name.includes(only)) continue;
    const requests = await requestsOf(place, read);
    yield {
      bench: 'api',
      isMostUsed: READS.includes(read),
      read: read.name,
      ...(await beside(place, read.name, requests)),
    };
  }
  if (only !== '') return;
  for (const { name, as, path } of [READS[3]!, READS[4]!, HEAVY[3]!]) {
    const first = askedBy(place, membersOf(as)[0]!, path);
    const cursor = await cursorOf(place, first, FAR_PAGE);
    const far = { ...first, path: withQuery(path, `cursor=${cursor}`) };
    yield {
      bench: 'api',
      read: name,
      first: await beside(place, name, [first]),
      [`page ${FAR_PAGE}`]: await beside(place, name, [far]),
    };
  }
}

/** Of whom there are many, as many as there are variants. */
function membersOf(who: Who): number[] {
  const range = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n);
  switch (who) {
    case 'core':
      return [CAST.core];
    case 'cores':
      return range(CAST.core, CAST.cores);
    case 'supplier':
      return range(CAST.supplier, VARIANTS);
    case 'bank':
      return range(CAST.bank, CAST.banks);
    case 'regulator':
      return [CAST.regulator];
  }
}

const askedBy = ({ tokens }: Place, member: number, path: string): Asked => ({
  path,
  headers: { authorization: `Bearer ${tokens.get(member)!}` },
});

const withQuery = (path: string, query: string): string => `${path}${path.includes('?') ? '&' : '?'}${query}`;

/** Many members; of a list also its second page, and what falls due from some day on; of bills, many. */
async function requestsOf(place: Place, { as, path }: Read): Promise<Asked[]> {
  const members = membersOf(as);
  const requests: Asked[] = [];
  for (let n = 0; n < VARIANTS; n++) {
    const member = members[n % members.length]!;
    const bill = path.includes('BILL') ? await aBill(place.owner, member, n) : '';
    const asked = askedBy(place, member, path.replace('BILL', bill));
    requests.push(n % 3 === 0 ? asked : await furtherOn(place, asked, n));
  }
  return requests;
}

async function furtherOn(place: Place, asked: Asked, n: number): Promise<Asked> {
  const hasDates = /^\/api\/(bills(\?|$)|holdings)/.test(asked.path);
  if (hasDates && n % 3 === 1) {
    const from = addDays(legalDateOf(Date.now() / 1_000), n % 90);
    return { ...asked, path: withQuery(asked.path, `dueFrom=${from}`) };
  }
  const { next } = JSON.parse(await textOf(place, asked)) as { next?: string | null };
  return next == null ? asked : { ...asked, path: withQuery(asked.path, `cursor=${next}`) };
}

async function textOf({ api }: Place, { path, headers }: Asked): Promise<string> {
  const answer = await fetch(api.url + path, { headers });
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${body}`);
  return body;
}

async function aBill(owner: pg.Pool, holder: number, n: number): Promise<string> {
  const { rows } = await owner.query<{ bill_no: bigint }>(
    `select bill_no from ledger.parcel where holder = $1 and to_block is null order by bill_no offset $2 limit 1`,
    [holder, n],
  );
  return String(rows[0]!.bill_no);
}

/** The API's answers, and rows of the same sizes from the bare route, under the same load one after the other. */
async function beside(place: Place, name: string, requests: readonly Asked[]) {
  const rows: Asked[] = [];
  let bytes = 0;
  for (const [n, request] of requests.entries()) {
    const body = await textOf(place, request);
    bytes += Buffer.byteLength(body);
    await place.owner.query(
      'insert into bench_row values ($1, $2) on conflict (name) do update set body = $2',
      [`${name} ${n}`, body],
    );
    rows.push({ path: `/rows/${encodeURIComponent(`${name} ${n}`)}`, headers: {} });
  }
  const bare = await load(place.bare, rows, place.seconds, place.pgSeconds);
  const api = await load(place.api, requests, place.seconds, place.pgSeconds);
  return {
    bytes: Math.round(bytes / requests.length),
    api,
    bare,
    ofBare: round(api.perSecond / bare.perSecond),
    p99OfBare: round(api.p99 / bare.p99),
    cpuOfBare: round((bare.cpuMs + bare.pgMs) / (api.cpuMs + api.pgMs)),
  };
}

/** The cursor of a page so far down a list. */
async function cursorOf(place: Place, asked: Asked, page: number): Promise<string> {
  const atOnce = 4; // pages of 200 rows lie at the same places
  let cursor = '';
  for (let n = 0; n < (page - 1) / atOnce; n++) {
    const path = withQuery(asked.path, `limit=${PAGE * atOnce}${cursor && `&cursor=${cursor}`}`);
    cursor = (JSON.parse(await textOf(place, { ...asked, path })) as { next: string }).next;
  }
  return cursor;
}
