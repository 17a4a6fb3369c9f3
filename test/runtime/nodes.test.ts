/** A product on several nodes, and the settings of what it does when they are away. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Wallet, id } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readConfig, StartError } from '#scripts/config.ts';
import { startAnvil, type Anvil } from '#embedded/anvil.ts';
import { freePort } from '#embedded/processes.ts';
import { createDatabase, startTemporaryPostgres, type Postgres } from '#embedded/postgres.ts';
import { until } from '../fixtures/ground.ts';
import { openProxy, type Proxy } from '../indexer/support/proxy.ts';

const root = resolve(import.meta.dirname, '../..');
const signer = (name: string): string => new Wallet(id(name)).address;
/** Who governs what a test deploys. */
const HANDS = {
  ADMIN: `2:${signer('a')},${signer('b')}`,
  DESKS: `1:${signer('a')}`,
  GUARDIAN: `1:${signer('c')}`,
};

describe('settings', () => {
  const OUTSIDE = { RPC_URL: 'http://a:8545,https://b/rpc', DEMO: 'off' };

  it('name several nodes, and pauses in seconds', () => {
    expect(readConfig(OUTSIDE)).toMatchObject({ rpcUrl: OUTSIDE.RPC_URL, blockAgeLimit: 60 });
    const limits = {
      ...{
        BLOCK_AGE_LIMIT: '90',
        NODE_LAG_LIMIT: '3',
        RESEND_AFTER: '5',
        RESEND_LIMIT: '100',
        RETRY_LIMIT: '7',
      },
    };
    expect(readConfig({ ...OUTSIDE, ...limits })).toMatchObject({
      ...{ blockAgeLimit: 90, nodeLagLimit: 3, resendAfter: 5, resendLimit: 100, retryLimit: 7 },
    });
  });

  it('set no age on blocks of a chain that makes them for transactions only', () => {
    expect(readConfig({}).blockAgeLimit).toBeUndefined();
    expect(readConfig({ BLOCK_AGE_LIMIT: '5' }).blockAgeLimit).toBe(5);
    expect(readConfig({ ...OUTSIDE, BLOCK_AGE_LIMIT: 'off' }).blockAgeLimit).toBeUndefined();
  });

  it.each([
    [{ RPC_URL: 'http://a,b' }, 'RPC_URL is "http://a,b", but has to be http://host:port, or several'],
    [
      { RPC_URL: 'http://u:secret@a,' },
      'RPC_URL is "http://u@a,", but has to be http://host:port, or several',
    ],
    [{ RPC_URL: 'http://a,http://[oops' }, 'RPC_URL is not a URL'],
    [{ BLOCK_AGE_LIMIT: '0' }, 'BLOCK_AGE_LIMIT is "0", but has to be a number of seconds, or off'],
    [{ RESEND_AFTER: '1.5' }, 'RESEND_AFTER is "1.5", but has to be a number of seconds'],
    [{ RESEND_LIMIT: 'off' }, 'RESEND_LIMIT is "off", but has to be a number of seconds'],
    [{ RETRY_LIMIT: '-1' }, 'RETRY_LIMIT is "-1", but has to be a number of seconds'],
    [{ NODE_LAG_LIMIT: 'far' }, 'NODE_LAG_LIMIT is "far", but has to be a number of blocks'],
  ])('refuse %o', (env, message) => {
    expect(() => readConfig(env)).toThrow(StartError);
    expect(() => readConfig(env)).toThrow(message);
  });
});

describe('npm start on several nodes', () => {
  let chain: Anvil;
  let postgres: Postgres;
  let dataDir: string;
  let proxies: [Proxy, Proxy];
  const running: ChildProcess[] = [];

  beforeAll(async () => {
    [chain, postgres] = await Promise.all([startAnvil(), startTemporaryPostgres()]);
  });
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'tallystick-nodes-'));
    chmodSync(dataDir, 0o755);
    proxies = [await openProxy(chain.url), await openProxy(chain.url)];
  });
  afterEach(async () => {
    for (const child of running.splice(0)) {
      if (child.exitCode !== null) continue;
      child.kill('SIGTERM');
      await new Promise((settle) => child.once('close', settle));
    }
    await Promise.all(proxies.map((proxy) => proxy.close()));
    rmSync(dataDir, { recursive: true, force: true });
  });
  afterAll(async () => {
    await chain?.close();
    await postgres?.close();
  });

  const start = async (rpcUrl: string) => {
    const env = {
      ...{ PATH: process.env['PATH'], DATA_DIR: dataDir, PORT: '0', DEMO: 'off', ...HANDS },
      ...{ DATABASE_URL: await createDatabase(postgres.url), RPC_URL: rpcUrl, BLOCK_AGE_LIMIT: 'off' },
    };
    const child = spawn(process.execPath, [join(root, 'scripts/start.ts')], { cwd: root, env });
    running.push(child);
    const said = { out: '', err: '' };
    child.stdout.on('data', (text: Buffer) => (said.out += text.toString()));
    child.stderr.on('data', (text: Buffer) => (said.err += text.toString()));
    const url = () => /^Tallystick is ready: (\S+?)\/?$/m.exec(said.out)?.[1];
    await until(() => url() !== undefined || child.exitCode !== null);
    return { said, child, url: url() };
  };
  const ready = async (url: string) => (await fetch(`${url}/ready`)).status;

  it('starts while one is away, and lives on when the other dies and the first is back', async () => {
    const [first, second] = proxies;
    first.status = 502;
    const { said, url } = await start(`${first.url},${second.url}`);
    expect(url, said.err).toBeDefined();
    expect(said.out).toContain(`RPC_URL ${first.url}: status 502; it is left out until it answers`);
    await until(async () => (await ready(url!)) === 200);
    first.status = 200;
    second.status = 502;
    await until(async () => (await ready(url!)) === 200);
    expect(said.err).toContain('a node is left: it does not answer');
  });

  it('refuses nodes of two chains, and nodes that are all away, in one line', async () => {
    const foreign = await startAnvil({ timestamp: 1_700_000_000 });
    try {
      const { said, child } = await start(`${chain.url},${foreign.url}`);
      expect(child.exitCode).toBe(1);
      expect(said.err.trim()).toMatch(
        /^RPC_URL names nodes of two chains: http\S+ is of chain 31337 with the first block 0x\w{8}…, http\S+ is of chain 31337 with the first block 0x\w{8}…$/,
      );
    } finally {
      await foreign.close();
    }
    const nobody = [await freePort(), await freePort()].map((port) => `http://127.0.0.1:${port}`);
    const { said, child } = await start(nobody.join(','));
    expect(child.exitCode).toBe(1);
    expect(said.err.trim()).toMatch(/^RPC_URL: http\S+: .*ECONNREFUSED.*; http\S+: .*ECONNREFUSED.*$/);
  });
});
