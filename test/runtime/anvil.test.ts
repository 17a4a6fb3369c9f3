import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Wallet } from 'ethers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAnvil } from '#embedded/anvil.ts';
import { identify, isAlive, readJson } from '#embedded/processes.ts';
import type { ProcessId } from '#embedded/processes.ts';
import { blockNumber, rpc } from '#embedded/rpc.ts';

const wallet = new Wallet(`0x${'11'.repeat(32)}`);
// PUSH32 topic, LOG1 of nothing, STOP: a contract whose making emits one event
const emitsAnEvent = `0x7f${'ab'.repeat(32)}5f5fa100`;

async function send(url: string, nonce: number): Promise<void> {
  const raw = await wallet.signTransaction({
    nonce,
    data: emitsAnEvent,
    gasLimit: 100_000,
    gasPrice: 0,
    chainId: 31337,
  });
  const hash = await rpc<string>(url, 'eth_sendRawTransaction', raw);
  while ((await rpc(url, 'eth_getTransactionReceipt', hash)) === null);
}

/** All that an indexer reads: blocks with hashes and times, receipts, logs, and the sender's nonce. */
async function history(url: string): Promise<unknown[]> {
  const head = await blockNumber(url);
  const blocks = [];
  for (let number = 0; number <= head; number++) {
    const block = await rpc<{ transactions: string[] }>(
      url,
      'eth_getBlockByNumber',
      `0x${number.toString(16)}`,
      false,
    );
    const receipts = await Promise.all(
      block.transactions.map((hash) => rpc(url, 'eth_getTransactionReceipt', hash)),
    );
    blocks.push({ block, receipts });
  }
  const logs = await rpc(url, 'eth_getLogs', { fromBlock: '0x0', toBlock: 'latest' });
  return [...blocks, logs, await rpc(url, 'eth_getTransactionCount', wallet.address, 'latest')];
}

describe('startAnvil', () => {
  let folder: string;
  let stateFile: string;
  let keeper: ChildProcess | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tallystick-test-'));
    stateFile = join(folder, 'state.json');
  });
  afterEach(() => {
    keeper?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  /** Another process keeps the chain, so that it can be killed as an operator's would be. */
  async function startInAnotherProcess(): Promise<string> {
    const program = `
      import { startAnvil } from '#embedded/anvil.ts';
      const { url } = await startAnvil({ stateFile: ${JSON.stringify(stateFile)}, timestamp: 1_330_560_000 });
      console.log(url);
      setInterval(() => {}, 1000);`;
    keeper = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return new Promise((resolve) =>
      keeper?.stdout?.once('data', (line: Buffer) => resolve(line.toString().trim())),
    );
  }

  async function killKeeper(): Promise<void> {
    const gone = new Promise((resolve) => keeper?.once('exit', resolve));
    keeper?.kill('SIGKILL');
    await gone;
  }

  const journalled = (): number => {
    try {
      return readFileSync(join(folder, 'journal.jsonl'), 'utf8').split('\n').length - 1;
    } catch {
      return 0;
    }
  };

  it('goes on where it was closed', async () => {
    const first = await startAnvil({ stateFile });
    await send(first.url, 0);
    await send(first.url, 1);
    const before = await history(first.url);
    await first.close();

    const second = await startAnvil({ stateFile });
    expect(await history(second.url)).toEqual(before);
    await send(second.url, 2);
    expect(await blockNumber(second.url)).toBe(3);
    await second.close();
  });

  it('begins with the same block 0 however often it is loaded', async () => {
    const first = await startAnvil({ stateFile, timestamp: 1_330_560_000 });
    await send(first.url, 0);
    const before = await history(first.url);
    await first.close();
    for (let load = 0; load < 5; load++) {
      const next = await startAnvil({ stateFile });
      expect(await history(next.url)).toEqual(before);
      await next.close();
      const { blocks } = readJson<{ blocks: unknown[] }>(stateFile)!;
      expect(blocks).toHaveLength(2);
    }
  });

  it('takes over the chain of a killed run, to the last block', async () => {
    const url = await startInAnotherProcess();
    await send(url, 0);
    await killKeeper();
    await send(url, 1); // nobody writes the journal any more; the orphan still knows
    const before = await history(url);
    const orphan = readJson<ProcessId>(join(folder, 'anvil.json'));

    const next = await startAnvil({ stateFile });
    expect(await history(next.url)).toEqual(before);
    expect(orphan && isAlive(orphan)).toBe(false);
    await next.close();
  });

  it('plays the journal when the chain itself was killed too', async () => {
    const url = await startInAnotherProcess();
    for (let nonce = 0; nonce < 5; nonce++) await send(url, nonce);
    const before = await history(url);
    while (journalled() < 5) await new Promise((resolve) => setTimeout(resolve, 10));
    await killKeeper();
    const anvil = readJson<ProcessId>(join(folder, 'anvil.json'));
    if (anvil && isAlive(anvil)) process.kill(anvil.pid, 'SIGKILL');
    while (anvil && isAlive(anvil)) await new Promise((resolve) => setTimeout(resolve, 10));

    const next = await startAnvil({ stateFile });
    expect(await history(next.url)).toEqual(before);
    await send(next.url, 5);
    expect(await blockNumber(next.url)).toBe(6);
    await next.close();
  });

  it('dates the blocks after a reload by the clock of the machine, never before their parent', async () => {
    const first = await startAnvil({ stateFile, timestamp: 1_330_560_000 });
    await send(first.url, 0);
    await first.close();
    const second = await startAnvil({ stateFile, timestamp: 1_330_560_000 });
    const now = Math.floor(Date.now() / 1000);
    await send(second.url, 1);
    const block = await rpc<{ timestamp: string }>(second.url, 'eth_getBlockByNumber', 'latest', false);
    expect(Number(block.timestamp)).toBeGreaterThanOrEqual(now);
    await rpc(second.url, 'evm_setNextBlockTimestamp', now + 1_000_000);
    await send(second.url, 2);
    await second.close();
    const third = await startAnvil({ stateFile });
    await send(third.url, 3);
    const ahead = await rpc<{ timestamp: string }>(third.url, 'eth_getBlockByNumber', 'latest', false);
    expect(Number(ahead.timestamp)).toBeGreaterThanOrEqual(now + 1_000_000);
    await third.close();
  });

  it('refuses a chain that another live process keeps', async () => {
    await startInAnotherProcess();
    await expect(startAnvil({ stateFile })).rejects.toThrow(`is in use by process ${keeper?.pid}`);
    const anvil = readJson<ProcessId>(join(folder, 'anvil.json'));
    await killKeeper();
    if (anvil && isAlive(anvil)) process.kill(anvil.pid, 'SIGKILL');
  });

  it('has free gas and no account that everybody knows', async () => {
    const { url, pid, close } = await startAnvil({ chainId: 4242, timestamp: 1_330_560_000 });
    expect(await rpc(url, 'eth_accounts')).toEqual([]);
    expect(await rpc(url, 'eth_gasPrice')).toBe('0x0');
    expect(await rpc(url, 'eth_chainId')).toBe('0x1092');
    const block = await rpc<{ timestamp: string }>(url, 'eth_getBlockByNumber', '0x0', false);
    expect(Number(block.timestamp)).toBe(1_330_560_000);
    await close();
    expect(identify(pid)).toBeUndefined();
  });
});
