import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { JsonRpcProvider, Wallet, id } from 'ethers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeDeployment } from '#chain/deployment.ts';
import { NOWHERE } from '#scripts/bench/nowhere.ts';
import { readConfig, reason, StartError } from '#scripts/config.ts';
import { startAnvil } from '#embedded/anvil.ts';
import { freePort } from '#embedded/processes.ts';
import { rpc } from '#embedded/rpc.ts';
import { HANDS } from '../fixtures/hands.ts';

describe('readConfig', () => {
  it('needs nothing', () => {
    expect(readConfig({}, '/srv/tallystick')).toEqual({
      host: '127.0.0.1',
      port: 8080,
      dataDir: '/srv/tallystick/.data',
      databaseUrl: undefined,
      poolerUrl: undefined,
      rpcUrl: undefined,
      demo: true,
      clock: 'operator',
      logLevel: 'warn',
      reorgLimit: 64,
      trustProxy: undefined,
      metricsToken: undefined,
      hands: undefined,
      keys: {},
    });
  });

  it('lets the operator own the clock in a demonstration on the embedded chain, and nowhere else', () => {
    expect(readConfig({ DEMO: 'off' })).toMatchObject({ clock: 'chain' });
    expect(readConfig({ CLOCK: 'chain' })).toMatchObject({ clock: 'chain' });
    const message = 'CLOCK is "operator", but only DEMO=on with the embedded chain has a clock that is moved';
    for (const env of [{ DEMO: 'off' }, { DEMO: 'off', RPC_URL: 'https://chain' }])
      expect(() => readConfig({ CLOCK: 'operator', ...env })).toThrow(message);
  });

  it('takes real infrastructure and the clock of the machine with it', () => {
    const env = {
      DATABASE_URL: 'postgres://u:p@db:5432/t',
      RPC_URL: 'https://chain',
      DEMO: 'off',
      PORT: '0',
    };
    expect(readConfig(env)).toMatchObject({
      databaseUrl: env.DATABASE_URL,
      rpcUrl: env.RPC_URL,
      demo: false,
      clock: 'system',
      port: 0,
    });
  });

  it('takes those who govern, and needs them only for contracts that are yet to be deployed', () => {
    const p256 = '1:' + 'Ab'.repeat(64);
    const { hands } = readConfig({ ...HANDS, GUARDIAN: p256, DEMO: 'off' });
    expect(hands?.GUARDIAN).toEqual({ threshold: 1, signers: ['ab'.repeat(64)] });
    expect(hands?.DESKS).toMatchObject({ threshold: 2, signers: [{}, {}, {}].map(() => expect.any(String)) });
    expect(readConfig({ ...HANDS }).hands).toBeUndefined(); // a demonstration
    expect(readConfig({ DEMO: 'off' }).hands).toBeUndefined();
  });

  it('takes proxies by number or by address', () => {
    expect(readConfig({ TRUST_PROXY: '2' }).trustProxy).toBe(2);
    expect(readConfig({ TRUST_PROXY: '10.0.0.1,fd00::/8' }).trustProxy).toEqual(['10.0.0.1', 'fd00::/8']);
  });

  it.each([
    [{ PORT: 'http' }, 'PORT is "http", but has to be a number from 0 to 65535'],
    [{ PORT: '65536' }, 'PORT is "65536", but has to be a number from 0 to 65535'],
    [
      { DATABASE_URL: 'mysql://u:secret@db/t' },
      'DATABASE_URL is "mysql://u@db/t", but has to be postgres://',
    ],
    [{ DATABASE_URL: 'postgres://db' }, 'DATABASE_URL is "postgres://db", but has to be postgres://'],
    [{ RPC_URL: 'localhost:8545' }, 'RPC_URL is "localhost:8545", but has to be http://host:port'],
    [{ RPC_URL: 'http://[oops' }, 'RPC_URL is not a URL'],
    [{ DEMO: 'yes' }, 'DEMO is "yes", but has to be one of on, off'],
    [{ RPC_URL: 'https://chain' }, 'DEMO=on keeps all keys in one place'],
    [{ HOST: '0.0.0.0' }, 'DEMO=on lets anybody enter as any member, so HOST cannot be "0.0.0.0"'],
    [{ HOST: 'tallystick.example' }, 'set DEMO=off'],
    [{ ADMIN: HANDS.ADMIN }, 'DESKS is missing beside ADMIN'],
    [{ ...HANDS, GUARDIAN: '' }, 'GUARDIAN is missing beside ADMIN and DESKS'],
    [{ ...HANDS, ADMIN: '2:0x12' }, 'ADMIN is "2:0x12", but has to be how many must sign, and who'],
    [{ ...HANDS, ADMIN: HANDS.ADMIN.replace('2:', '1:') }, 'ADMIN needs at least two who sign'],
    [{ ...HANDS, DESKS: HANDS.DESKS.replace('2:', '4:') }, 'DESKS asks for 4 of 3 signers'],
    [{ ...HANDS, DESKS: `${HANDS.DESKS},${HANDS.DESKS.slice(2)}` }, 'DESKS names a signer twice'],
    [{ ...HANDS, GUARDIAN: HANDS.ADMIN }, 'GUARDIAN has to be others than ADMIN and DESKS'],
    [{ TRUST_PROXY: 'true' }, 'TRUST_PROXY is "true", but has to be how many proxies'],
    [{ TRUST_PROXY: '10.0.0.1,10.0.0.0/33' }, 'TRUST_PROXY is "10.0.0.1,10.0.0.0/33", but has to be'],
    [{ TRUST_PROXY: '0.0.0.0/0' }, 'TRUST_PROXY is "0.0.0.0/0", but has to be'],
    [{ METRICS_TOKEN: 'short' }, 'METRICS_TOKEN has to be at least twenty'],
    [{ RELAYER_KEY: `0x${'ab'.repeat(32)}` }, 'RELAYER_KEY has to be a key in a module'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is "loud", but has to be one of'],
  ])('refuses %o', (given, message) => {
    const env = 'ADMIN' in given ? { DEMO: 'off', ...given } : given;
    expect(() => readConfig(env)).toThrow(StartError);
    expect(() => readConfig(env)).toThrow(message);
  });
});

it('what a node refuses is said in its words, without the transaction', async () => {
  const chain = await startAnvil();
  const provider = new JsonRpcProvider(chain.url);
  try {
    await rpc(chain.url, 'anvil_setNextBlockBaseFeePerGas', '0x3b9aca00');
    await rpc(chain.url, 'evm_mine');
    const poor = new Wallet(id('poor'), provider);
    const long = { to: poor.address, data: `0x${'11'.repeat(5_000)}`, gasLimit: 1_000_000n };
    const error: unknown = await poor.sendTransaction(long).catch((refused: unknown) => refused);
    expect(reason(error)).toMatch(/^insufficient funds.{0,100}$/i);
  } finally {
    provider.destroy();
    await chain.close();
  }
});

describe('npm start', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tallystick-test-'));
    chmodSync(folder, 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function start(env: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
    const entry = resolve(import.meta.dirname, '../../scripts/start.ts');
    const child = spawn(process.execPath, [entry], {
      env: { PATH: process.env['PATH'], DATA_DIR: folder, DEMO: 'off', PORT: '0', ...HANDS, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    return new Promise((settle) => child.once('close', (code) => settle({ code, stderr })));
  }

  async function expectOneLine(env: Record<string, string>, line: RegExp): Promise<void> {
    const { code, stderr } = await start(env);
    expect(stderr).toMatch(line);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  }

  it('says in one line that a variable is wrong', () => expectOneLine({ PORT: 'x' }, /^PORT is "x"/));

  it('says in one line that nobody governs', () =>
    expectOneLine(
      { ADMIN: '', DESKS: '', GUARDIAN: '' },
      /^DEMO=off: ADMIN, DESKS and GUARDIAN say who governs/,
    ));

  it('says in one line that the data folder cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expectOneLine(
      { DATA_DIR: join(folder, 'file/inner') },
      /^DATA_DIR .*file\/inner cannot be written: ENOTDIR/,
    );
  });

  it('says in one line that the database cannot be reached, without its password', async () => {
    const url = `postgres://u:secret@127.0.0.1:${await freePort()}/t`;
    const { stderr } = await start({ DATABASE_URL: url });
    expect(stderr).not.toContain('secret');
    await expectOneLine(
      { DATABASE_URL: url },
      /^DATABASE_URL postgres:\/\/u@127.0.0.1:\d+\/t: .*ECONNREFUSED/,
    );
  });

  it('says in one line that the chain cannot be reached', async () => {
    await expectOneLine({ RPC_URL: `http://127.0.0.1:${await freePort()}` }, /^RPC_URL http:.*ECONNREFUSED/);
  });

  it('says in one line that the port is taken', async () => {
    const server = createServer();
    const port = await new Promise<number>((settle) =>
      server.listen(0, '127.0.0.1', () => settle((server.address() as { port: number }).port)),
    );
    await expectOneLine({ PORT: String(port) }, /^PORT \d+ is in use by another program$/m);
    server.close();
  });

  it('says in one line that what answers is not a chain', async () => {
    const server = createServer((socket) =>
      socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\nno'),
    );
    const port = await new Promise<number>((settle) =>
      server.listen(0, '127.0.0.1', () => settle((server.address() as { port: number }).port)),
    );
    await expectOneLine(
      { RPC_URL: `http://127.0.0.1:${port}` },
      /^RPC_URL .*: what answers there is not a chain$/m,
    );
    server.close();
  });

  it('says in one line that the chain is not the one of the recorded deployment', async () => {
    writeDeployment(join(folder, 'deployment.json'), NOWHERE);
    const chain = await startAnvil();
    try {
      await expectOneLine(
        { RPC_URL: chain.url },
        /^the chain has id 31337, but .* was recorded on chain 1$/m,
      );
      writeFileSync(join(folder, 'deployment.json'), JSON.stringify({ ...NOWHERE, chainId: 31337 }));
      await expectOneLine({ RPC_URL: chain.url }, /^the chain is another one than that of /);
      writeFileSync(join(folder, 'deployment.json'), '{}');
      await expectOneLine(
        { RPC_URL: chain.url },
        /deployment.json is not a deployment of Tallystick of this version: start with another DATA_DIR$/m,
      );
    } finally {
      await chain.close();
    }
  });
});
