import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { id, JsonRpcProvider, Wallet } from 'ethers';
import pg from 'pg';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { contractsOf } from '#chain/contracts.ts';
import { readDeployment } from '#chain/deployment.ts';
import { Http } from '#client/http.ts';
import { Operator } from '#client/operator.ts';
import { verify } from '#indexer/verify.ts';
import { startAnvil } from '#embedded/anvil.ts';
import { createDatabase, startTemporaryPostgres } from '#embedded/postgres.ts';
import { identify, readJson, stop, type ProcessId } from '#embedded/processes.ts';
import { findRunning } from '#scripts/infrastructure.ts';
import { platformKeys } from '#scripts/keys.ts';
import { HANDS, openDoor } from '../fixtures/hands.ts';

vi.setConfig({ testTimeout: 300_000 }); // a start may have to build

const entry = resolve(import.meta.dirname, '../../scripts/start.ts');

let dataDir: string;
let product: ChildProcess | undefined;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'tallystick-test-'));
  chmodSync(dataDir, 0o755);
});
afterEach(async () => {
  product?.kill('SIGKILL');
  for (const orphan of orphans()) await stop(orphan, 'SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

/** The embedded servers, whoever keeps them. */
function orphans(): ProcessId[] {
  const chain = readJson<ProcessId>(join(dataDir, 'chain/anvil.json'));
  const database = identify(postmaster() ?? -1);
  return [chain, database].filter((each) => each !== undefined);
}

function postmaster(): number | undefined {
  try {
    return Number(readFileSync(join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return undefined;
  }
}

/** Answers with the address that it prints, and with nothing on stderr. */
async function start(env: Record<string, string> = {}): Promise<string> {
  product = run([], env);
  return ready(product);
}

function run(parts: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const all = { PATH: process.env['PATH'], DATA_DIR: dataDir, DEMO: 'off', PORT: '0', ...HANDS, ...env };
  return spawn(process.execPath, [entry, ...parts], { env: all, stdio: ['ignore', 'pipe', 'inherit'] });
}

async function ready(child: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((settle, fail) => {
    child.once('exit', (code) => fail(new Error(`ended with ${code}: ${output}`)));
    child.stdout?.on('data', (text: Buffer) => {
      output += text.toString();
      const what = /^Tallystick is ready: (\S+)$/m.exec(output)?.[1];
      if (what !== undefined) settle(what);
    });
  });
}

async function end(signal: NodeJS.Signals, child = product): Promise<unknown> {
  const ended = new Promise((settle) => child?.once('exit', (code, by) => settle(by ?? code)));
  child?.kill(signal);
  return ended;
}

async function withChain<T>(act: (contracts: ReturnType<typeof contractsOf>) => Promise<T>): Promise<T> {
  const running = findRunning(dataDir);
  if (running === undefined) throw new Error('not running');
  const provider = new JsonRpcProvider(running.rpcUrl, 31337, {
    staticNetwork: true,
    cacheTimeout: -1,
    batchStallTime: 0,
  });
  try {
    const operator = new Wallet(platformKeys(dataDir).operator, provider);
    return await act(contractsOf(readDeployment(join(dataDir, 'deployment.json')), operator));
  } finally {
    provider.destroy();
  }
}

/** A change that has to survive: a member, known by its number. */
async function admit(name: string): Promise<void> {
  await withChain(async ({ bills }) => {
    const account = new Wallet(id(name)).address;
    const sent = await bills.admit(account, 1n, 4_000_000_000n, id(name));
    await sent.wait();
  });
}

const memberCount = (): Promise<bigint> => withChain(({ bills }) => bills.memberCount());

/** Settles when the read model has the chain's members; then all of it has to equal the chain. */
async function expectAgreement(): Promise<void> {
  const { databaseUrl = '', rpcUrl = '' } = findRunning(dataDir) ?? {};
  const wanted = await memberCount();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const count = 'select count(*)::int as members from ledger.member where to_block is null';
  while ((await client.query<{ members: number }>(count)).rows[0]?.members !== Number(wanted))
    await sleep(50);
  await client.end();
  const deployment = readDeployment(join(dataDir, 'deployment.json'));
  expect((await verify({ databaseUrl, rpcUrl, deployment })).differences).toEqual([]);
}

it('stops on SIGTERM, leaves no process, and goes on where it was', async () => {
  const url = await start();
  expect((await fetch(`${url}/health`)).status).toBe(200);
  await admit('first');
  await expectAgreement();
  const before = readFileSync(join(dataDir, 'deployment.json'), 'utf8');
  const servers = orphans();
  expect(servers).toHaveLength(2);

  expect(await end('SIGTERM')).toBe(0);
  expect(servers.filter(({ pid }) => identify(pid) !== undefined)).toEqual([]);

  await start();
  expect(readFileSync(join(dataDir, 'deployment.json'), 'utf8')).toBe(before);
  expect(await memberCount()).toBe(1n);
  await expectAgreement();
  expect(await end('SIGINT')).toBe(0);
});

it('starts again by itself after kill -9, of itself and of its servers, and chain and read model agree', async () => {
  await start();
  await admit('first');
  expect(await end('SIGKILL')).toBe('SIGKILL');

  await start(); // the servers lived on
  expect(await memberCount()).toBe(1n);
  await admit('second');
  await expectAgreement();
  const servers = orphans();
  expect(await end('SIGKILL')).toBe('SIGKILL');
  for (const server of servers) await stop(server, 'SIGKILL');

  await start(); // nothing lived on
  await expectAgreement();
  await admit('third');
  await expectAgreement();
  expect(await end('SIGTERM')).toBe(0);
});

it('leaves a running product alone', async () => {
  const url = await start();
  const second = spawn(process.execPath, [entry], {
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir, DEMO: 'off', PORT: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  second.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  expect(await new Promise((settle) => second.once('close', settle))).toBe(1);
  expect(complaint.trim()).toBe(`DATA_DIR ${dataDir} is in use by process ${product?.pid}, at ${url}`);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  expect(await end('SIGTERM')).toBe(0);
});

it('runs each part in a process of its own, several of one side by side', async () => {
  await using stack = new AsyncDisposableStack();
  const keep = <T extends { close(): Promise<void> }>(part: T): T => stack.adopt(part, () => part.close());
  const chain = keep(await startAnvil());
  const database = keep(await startTemporaryPostgres());
  const env = { DATABASE_URL: await createDatabase(database.url), RPC_URL: chain.url };
  await start(env);
  expect(await end('SIGTERM')).toBe(0);

  const parts = ['indexer', 'relayer', 'api', 'api'].map((part) =>
    stack.adopt(run([part], env), (child) => void child.kill('SIGKILL')),
  );
  const [indexer, relayer, first, second] = await Promise.all(parts.map(ready));
  expect([indexer, relayer]).toEqual(['indexer', 'relayer']);
  const door = keep(await openDoor({ DATA_DIR: dataDir, ...env }));
  const operator = await Operator.enter(door.url);
  const member = await operator.admit({ name: { zh: '甲', en: 'A' }, roles: ['supplier'] });
  const { token } = await new Http(door.url).post('/api/session', { member });
  for (const url of [first!, second!])
    expect(await new Http(url, token).get('/api/session')).toMatchObject({ member: { number: member } });
  for (const part of parts) expect(await end('SIGTERM', part)).toBe(0);

  // Whoever came in without showing who he is, is out when a product without a demonstration starts.
  const again = new Http(await start(env), token);
  await expect(again.get('/api/session')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(await end('SIGTERM')).toBe(0);
});

it('lets a second indexer wait, and take over from one that is killed; makes no new key beside a deployment', async () => {
  await using stack = new AsyncDisposableStack();
  const keep = <T extends { close(): Promise<void> }>(part: T): T => stack.adopt(part, () => part.close());
  const chain = keep(await startAnvil());
  const database = keep(await startTemporaryPostgres());
  const env = { DATABASE_URL: await createDatabase(database.url), RPC_URL: chain.url };
  await start(env);
  expect(await end('SIGTERM')).toBe(0);

  const indexer = () => stack.adopt(run(['indexer'], env), (child) => void child.kill('SIGKILL'));
  const first = indexer();
  await ready(first);
  const second = indexer();
  const tookOver = ready(second);
  const said = new Promise<string>((settle) =>
    second.stdout?.on('data', (text: Buffer) => /another indexer/.test(String(text)) && settle(String(text))),
  );
  expect(await said).toMatch(/^another indexer writes to this database .*; this one waits to take over$/m);
  expect(await end('SIGKILL', first)).toBe('SIGKILL');
  expect(await tookOver).toBe('indexer');
  const third = indexer();
  await new Promise<void>((settle) => third.stdout?.on('data', () => settle()));
  expect(await end('SIGTERM', third)).toBe(0); // while it waits
  expect(await end('SIGTERM', second)).toBe(0);

  const key = join(dataDir, 'keys/relayer.key');
  rmSync(key);
  expect(await complaintOf(['relayer'], env)).toBe(
    `1: ${key} is missing beside a deployment: put it back, or a new one as the operator's guide says`,
  );
  expect(existsSync(key)).toBe(false);
});

async function complaintOf(parts: string[], env: Record<string, string> = {}): Promise<string> {
  const child = spawn(process.execPath, [entry, ...parts], {
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir, DEMO: 'off', PORT: '0', ...env },
  });
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  return new Promise((settle) => child.once('close', (code) => settle(`${code}: ${stderr.trim()}`)));
}

it('says in one line what a part that runs by itself needs', async () => {
  expect(await complaintOf(['web'])).toBe(
    '1: there is no part "web"; there are indexer, relayer, api, notifier',
  );
  expect(await complaintOf(['api'])).toBe('1: parts that run by themselves need DATABASE_URL and RPC_URL');
  expect(await complaintOf(['api'], { DATABASE_URL: 'postgres://db/t', RPC_URL: 'http://chain' })).toMatch(
    /deployment.json is missing/,
  );
});
