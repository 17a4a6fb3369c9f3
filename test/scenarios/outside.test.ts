/** Plays on a chain that RPC_URL names. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { instantOf, parseLegalDate } from '#domain/dates.ts';
import { startAnvil, type Anvil } from '#embedded/anvil.ts';
import { blockNumber } from '#embedded/rpc.ts';
import { openProxy } from '../indexer/support/proxy.ts';

const root = resolve(import.meta.dirname, '../..');
const fileOf = (name: string): string => join(import.meta.dirname, `${name}.json`);

describe('on a chain of RPC_URL', () => {
  let dataDir: string;
  let chain: Anvil | undefined;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'tallystick-outside-'));
  });
  afterEach(async () => {
    await chain?.close();
    chain = undefined;
    rmSync(dataDir, { recursive: true });
  });

  const chainAt = async (date: string): Promise<Anvil> =>
    (chain = await startAnvil({ timestamp: instantOf(parseLegalDate(date)), chainId: 4_711 }));
  const run = async (script: string, args: readonly string[], rpcUrl: string) => {
    const env = { ...process.env, DATA_DIR: dataDir, RPC_URL: rpcUrl };
    const child = spawn(process.execPath, [join(root, 'scripts', script), ...args], { cwd: root, env });
    let [out, err] = ['', ''];
    child.stdout.on('data', (text: Buffer) => (out += text.toString()));
    child.stderr.on('data', (text: Buffer) => (err += text.toString()));
    const code = await new Promise((settle) => child.once('close', settle));
    const lines = out
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    return { code, lines, err: err.trim() };
  };

  it('scenarios play there one after the other, and leave it as it was', async () => {
    const { url } = await chainAt('2026-01-01');
    const files = ['one-day-bill', 'dates-refused', 'one-day-bill'].map(fileOf);
    const { code, lines, err } = await run('scenario.ts', files, url);
    expect([err, lines.map(({ failures }) => failures)]).toEqual(['', [[], [], []]]);
    expect(lines.every(({ passed }) => passed)).toBe(true);
    expect(code).toBe(0);
    expect(await blockNumber(url)).toBe(0);
    expect(existsSync(join(dataDir, 'play/keys/deployer.key'))).toBe(true);
  });

  it('a scenario does not begin where the clock is past its first day', async () => {
    const { url } = await chainAt('2027-06-01');
    const { code, lines } = await run('scenario.ts', [fileOf('one-day-bill')], url);
    expect(lines).toMatchObject([
      {
        passed: false,
        acts: 0,
        failures: ['the chain has reached 2027-06-01, after 2026-12-31, and its clock goes forward only'],
      },
    ]);
    expect(code).toBe(1);
  });

  it('scenarios say in one line that a node does not let its clock be moved', async () => {
    const { url } = await chainAt('2026-01-01');
    const proxy = await openProxy(url);
    proxy.spoil = ({ id, method }, answer) =>
      method.startsWith('eth_')
        ? answer
        : { id, error: { code: -32_601, message: `the method ${method} does not exist` } };
    try {
      const { code, lines, err } = await run('scenario.ts', [fileOf('one-day-bill')], proxy.url);
      expect(err).toBe(
        `RPC_URL ${proxy.url}: this node does not let its clock be moved, as scenarios do: ` +
          'the method evm_setNextBlockTimestamp does not exist',
      );
      expect([code, lines]).toEqual([1, []]);
    } finally {
      await proxy.close();
    }
  });

  it('acts are measured there, whatever day it is', async () => {
    const anvil = (chain = await startAnvil());
    const proxy = await openProxy(anvil.url);
    try {
      const { code, lines, err } = await run('bench.ts', ['acts', '4', '3'], proxy.url);
      expect(err).toBe('');
      expect(lines).toMatchObject([
        { bench: 'acts', chain: 'RPC_URL', run: 'one at a time', acts: 50 },
        { bench: 'acts', chain: 'RPC_URL', run: 'at once', acts: 4, firms: 3 },
      ]);
      expect(code).toBe(0);
      expect(await blockNumber(anvil.url)).toBeGreaterThan(100);
    } finally {
      await proxy.close();
    }
  });
});
