import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Key } from '#client/key.ts';
import { Member } from '#client/member.ts';
import { money } from '#client/money.ts';
import { Operator } from '#client/operator.ts';
import { startAnvil } from '#embedded/anvil.ts';
import { createDatabase, startTemporaryPostgres } from '#embedded/postgres.ts';
import { markDemo } from '#scripts/demo-state.ts';
import { identify, readJson, stop, type ProcessId } from '#embedded/processes.ts';
import { deployOneHanded, openDoor } from '../fixtures/hands.ts';

vi.setConfig({ testTimeout: 300_000 }); // a start may have to build

const scripts = resolve(import.meta.dirname, '../../scripts');
const due = new Date(Date.now() + 100 * 86_400_000).toISOString().slice(0, 10);

let home: string;
let product: ChildProcess | undefined;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tallystick-test-'));
  chmodSync(home, 0o755); // the user that PostgreSQL runs as passes through
});
afterEach(async () => {
  await kill();
  rmSync(home, { recursive: true, force: true });
});

const folder = (name: string): string => join(home, name);

type Env = Record<string, string>;

function launch(script: string, args: readonly string[], env: Env): ChildProcess {
  const base = { PATH: process.env['PATH'], HOME: home, PORT: '0' };
  return spawn(process.execPath, [join(scripts, script), ...args], {
    env: { ...base, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Answers with the address of the product. */
async function start(env: Env): Promise<string> {
  const child = launch('start.ts', [], env);
  product = child;
  let output = '';
  return new Promise((settle, fail) => {
    child.once('exit', (code) => fail(new Error(`ended with ${code}: ${output}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text: Buffer) => {
        output += text.toString();
        const url = /^Tallystick is ready: (\S+)$/m.exec(output)?.[1];
        if (url !== undefined) settle(url);
      });
    }
  });
}

/** Runs a command to its end: exit code, and all that it says. */
async function run(script: string, args: readonly string[], env: Env): Promise<[number, string]> {
  const child = launch(script, args, env);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text: Buffer) => (output += text.toString()));
  const code = await new Promise<number>((settle) => child.once('close', (ended) => settle(ended ?? -1)));
  return [code, output];
}

async function end(): Promise<void> {
  const ended = new Promise((settle) => product?.once('exit', settle));
  product?.kill('SIGTERM');
  await ended;
  product = undefined;
}

/** As a power failure would: the product and its servers, all at once. */
async function kill(): Promise<void> {
  product?.kill('SIGKILL');
  product = undefined;
  for (const name of ['first', 'second']) {
    const chain = readJson<ProcessId>(join(folder(name), 'chain/anvil.json'));
    const database = identify(postmasterOf(folder(name)) ?? -1);
    for (const server of [chain, database]) if (server !== undefined) await stop(server, 'SIGKILL');
  }
}

function postmasterOf(dataDir: string): number | undefined {
  try {
    return Number(readFileSync(join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return undefined;
  }
}

const ROLES = { core: 'core_enterprise', supplier: 'supplier', bank: 'bank', next: 'supplier' } as const;
type Firm = keyof typeof ROLES;

async function admitAll(url: string): Promise<Record<Firm, number>> {
  const operator = await Operator.enter(url);
  const numbers = {} as Record<Firm, number>;
  for (const [name, role] of Object.entries(ROLES) as [Firm, (typeof ROLES)[Firm]][]) {
    const { x, y } = Key.fromSeed(name);
    const signers = [{ type: 'p256' as const, x, y }];
    numbers[name] = await operator.admit({ name: { zh: name, en: name }, roles: [role], signers });
  }
  return numbers;
}

const enter = (url: string, numbers: Record<Firm, number>, name: Firm): Promise<Member> =>
  Member.enter(url, numbers[name], Key.fromSeed(name));

/** Issues a bill that its payee takes; returns its first parcel. */
async function issue(url: string, numbers: Record<Firm, number>, face: string): Promise<string> {
  const [core, supplier] = [await enter(url, numbers, 'core'), await enter(url, numbers, 'supplier')];
  const { makes } = await core.perform({
    type: 'issue',
    bills: [{ payee: numbers.supplier, face: money(face), due }],
  });
  await supplier.perform({ type: 'take', parcels: makes.parcels });
  return makes.parcels[0]!;
}

/** Each of these numbers something: a batch, a bill, a quote, a transaction. */
async function actOn(url: string, numbers: Record<Firm, number>, parcel: string): Promise<void> {
  const [supplier, bank] = [await enter(url, numbers, 'supplier'), await enter(url, numbers, 'bank')];
  await supplier.perform({ type: 'offer', parcel, amount: money('30.00'), to: numbers.next });
  const request = await supplier.ask({ parcel, banks: [numbers.bank] });
  await bank.perform({ type: 'setLine', obligor: numbers.core, limit: money('10000.00') });
  await bank.quote({ request, rate: '0.02' });
}

it('makes the whole product again from a backup that was taken while it ran', async () => {
  const [first, second] = [folder('first'), folder('second')];
  mkdirSync(first);
  markDemo({ dataDir: first }, 'none');
  const url = await start({ DATA_DIR: first });
  const numbers = await admitAll(url);
  const parcel = await issue(url, numbers, '1000.00');
  await actOn(url, numbers, parcel);

  const [made, said] = await run('backup.ts', [folder('backup')], { DATA_DIR: first });
  expect([made, said]).toEqual([
    0,
    expect.stringMatching(/^backed up to \S+: \d+ tables, up to block \d+\n$/),
  ]);
  for (const name of ['backup', 'backup/keys', 'backup/keys/operator.key', 'backup/database'])
    expect(statSync(folder(name)).mode & 0o077).toBe(0); // there are keys in it
  await kill();
  rmSync(first, { recursive: true });

  expect(await run('restore.ts', [folder('backup')], { DATA_DIR: second })).toEqual([
    0,
    expect.stringContaining('restored the backup of'),
  ]);
  expect(await run('verify.ts', [], { DATA_DIR: second })).toEqual([
    0,
    expect.stringMatching(/^read model equals chain at block \d+: 1 bill/),
  ]);
  const again = await start({ DATA_DIR: second });
  const supplier = await enter(again, numbers, 'supplier');
  const amounts = (await supplier.http.list('/api/holdings')).map(({ parcel }) => parcel.amount.amount);
  expect(amounts).toEqual(['970.00', '30.00']);
  await actOn(again, numbers, await issue(again, numbers, '500.00'));
  expect((await run('verify.ts', [], { DATA_DIR: second }))[0]).toBe(0);
  await end();

  const [refused, why] = await run('restore.ts', [folder('backup')], { DATA_DIR: second });
  expect([refused, why]).toEqual([1, expect.stringContaining('already holds')]);
});

it('goes on from an older database on a chain that has lived on', async () => {
  await using stack = new AsyncDisposableStack();
  const postgres = await startTemporaryPostgres();
  stack.defer(() => postgres.close());
  const chain = await startAnvil();
  stack.defer(() => chain.close());
  const env = async (name: string) => ({
    DATA_DIR: folder(name),
    DATABASE_URL: await createDatabase(postgres.url),
    RPC_URL: chain.url,
    DEMO: 'off',
  });
  const door = async (env: Parameters<typeof openDoor>[0]): Promise<string> => {
    const opened = await openDoor(env);
    stack.defer(() => opened.close());
    return opened.url;
  };
  const before = await env('first');
  mkdirSync(before.DATA_DIR);
  await deployOneHanded(before.DATA_DIR, chain.url);
  await start(before);
  const url = await door(before);
  const numbers = await admitAll(url);
  const parcel = await issue(url, numbers, '1000.00');
  expect((await run('backup.ts', [folder('backup')], before))[0]).toBe(0);
  expect(existsSync(folder('backup/chain'))).toBe(false);
  await actOn(url, numbers, parcel); // after the backup
  await issue(url, numbers, '700.00');
  await end();

  const after = await env('second');
  expect((await run('restore.ts', [folder('backup')], after))[0]).toBe(0);
  await start(after);
  const again = await door(after);
  expect((await run('verify.ts', [], after))[1]).toMatch(/^read model equals chain at block \d+: 2 bills/);
  await actOn(again, numbers, parcel);
  await issue(again, numbers, '300.00');
  expect((await run('verify.ts', [], after))[1]).toMatch(/^read model equals chain at block \d+: 3 bills/);
  await end();
});

it('says what stands in the way', async () => {
  mkdirSync(folder('first'));
  expect(await run('backup.ts', [folder('backup')], { DATA_DIR: folder('first') })).toEqual([
    1,
    `nothing to back up: ${folder('first')} holds no product\n`,
  ]);
  expect(await run('restore.ts', [folder('first')], { DATA_DIR: folder('second') })).toEqual([
    1,
    `${folder('first')} holds no complete backup\n`,
  ]);
});
