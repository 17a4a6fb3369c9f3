/**
 * A chain of our own, for one machine and for tests: anvil with the Osaka rules, free gas, a block for each
 * transaction, and none of its well-known accounts.
 *
 * What was found by trying, and what follows (see chain-journal.ts for the durable part):
 * - Blocks, hashes, logs, receipts and nonces are the same after a reload. `eth_call` on a block before the reload is
 *   not possible any more; otherwise the last 256 blocks can be asked.
 * - After a reload the clock is the machine's. With `--timestamp` it would start again at that time and run backwards,
 *   so that flag is for a new chain only, and a chain whose head is ahead of the machine's clock goes on from its head.
 * - After a `kill -9` of ours anvil lives on, complete. The next start takes over what it knows and stops it.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dumpChain, replayJournal, startJournal } from './chain-journal.ts';
import {
  claim,
  dyingWithParent,
  freePort,
  identify,
  isAlive,
  readJson,
  stop,
  writeFileAtomically,
} from './processes.ts';
import type { Command, ProcessId } from './processes.ts';
import { blockNumber, rpc } from './rpc.ts';

export interface Anvil {
  url: string;
  pid: number;
  /** Settles when the process is gone, wanted or not. */
  exited: Promise<void>;
  close(): Promise<void>;
}

interface Options {
  /** Where the chain is kept; without it the chain lives in memory and dies with us. */
  stateFile?: string;
  port?: number;
  /** Time of the first block of a new chain, in seconds; its clock runs on from there. Default: the machine's clock. */
  timestamp?: number;
  chainId?: number;
  /** Blocks at whose end its state can still be asked for. Each costs a copy of the state: few make a large chain fast. */
  history?: number;
}

interface Running extends ProcessId {
  url: string;
  /** False while the journal is still being played. */
  complete: boolean;
}

export async function startAnvil(options: Options = {}): Promise<Anvil> {
  return options.stateFile === undefined
    ? startInMemory(options)
    : startOnDisk({ ...options, stateFile: options.stateFile });
}

async function startInMemory(options: Options): Promise<Anvil> {
  const { id, url, exited } = await launch(options, dyingWithParent);
  return { url, pid: id.pid, exited, close: () => stop(id, 'SIGTERM') };
}

async function startOnDisk(options: Options & { stateFile: string }): Promise<Anvil> {
  const { stateFile } = options;
  const folder = dirname(stateFile);
  const journalFile = join(folder, 'journal.jsonl');
  const pidFile = join(folder, 'anvil.json');
  const { release } = claim(join(folder, 'owner.json'), `the chain in ${folder}`);
  try {
    const orphan = readJson<Running>(pidFile);
    if (orphan !== undefined && isAlive(orphan)) await takeOver(orphan, stateFile, journalFile);
    const { id, url, exited } = await launch(options, (program, args) => [program, args]);
    const mark = (complete: boolean): void =>
      writeFileAtomically(pidFile, JSON.stringify({ ...id, url, complete } satisfies Running));
    try {
      mark(false);
      await replayJournal(url, journalFile);
      await followMachineClock(url);
      await dumpChain(url, stateFile, journalFile); // a new chain needs its first block on disk, a replayed one no journal
      mark(true);
    } catch (error) {
      await stop(id, 'SIGTERM'); // all that it knows is on disk
      throw error;
    }
    const journal = startJournal(url, stateFile, journalFile, await blockNumber(url));
    const close = async (): Promise<void> => {
      if (isAlive(id)) await journal.close();
      await stop(id, 'SIGTERM');
      rmSync(pidFile, { force: true });
      release();
    };
    return { url, pid: id.pid, exited, close };
  } catch (error) {
    release();
    throw error;
  }
}

/** The chain that a killed run left behind knows every block: nothing acts on it now, so it can be dumped. */
async function takeOver(orphan: Running, stateFile: string, journalFile: string): Promise<void> {
  try {
    if (orphan.complete) await dumpChain(orphan.url, stateFile, journalFile);
  } catch {
    // it does not answer any more: state and journal hold all but its last instant
  }
  await stop(orphan, 'SIGTERM');
}

/** Blocks are dated by the machine's clock, but never before their parent. */
export async function followMachineClock(url: string): Promise<void> {
  const head = await rpc<{ number: string; timestamp: string }>(url, 'eth_getBlockByNumber', 'latest', false);
  if (Number(head.number) === 0) return; // a new chain: its first block sets the clock
  await rpc(url, 'evm_setTime', Math.max(Number(head.timestamp), Math.floor(Date.now() / 1000)));
}

/** Dates the next block, which is empty, and goes on from there: forward only, because no block is older than its parent. */
export async function moveClock(url: string, to: number): Promise<void> {
  await rpc(url, 'evm_setTime', to);
  await rpc(url, 'evm_setNextBlockTimestamp', to);
  await rpc(url, 'evm_mine');
}

async function launch(
  { stateFile, port, timestamp, chainId = 31337, history = 256 }: Options,
  wrap: (program: string, args: string[]) => Command,
): Promise<{ id: ProcessId; url: string; exited: Promise<void> }> {
  const chosenPort = port ?? (await freePort());
  const isNew = stateFile === undefined || !existsSync(stateFile);
  const [program, args] = wrap(anvilProgram(), [
    ...[
      '--host',
      '127.0.0.1',
      '--port',
      String(chosenPort),
      '--chain-id',
      String(chainId),
      '--hardfork',
      'osaka',
    ],
    // free gas; the limit of a block is so high that its base fee, which follows use, stays 0
    ...[
      '--gas-price',
      '0',
      '--block-base-fee-per-gas',
      '0',
      '--disable-min-priority-fee',
      '--gas-limit',
      '1000000000',
    ],
    '--enable-tx-gas-limit', // a transaction may use 2^24 gas, as on every chain with these rules (EIP-7825)
    ...[
      '--accounts',
      '0',
      '--no-cors',
      '--no-request-size-limit',
      '--prune-history',
      String(history),
      '--quiet',
    ],
    ...(isNew ? [] : ['--load-state', stateFile]),
    ...(isNew && timestamp !== undefined ? ['--timestamp', String(timestamp)] : []),
  ]);
  const logFile = stateFile === undefined ? undefined : join(dirname(stateFile), 'log');
  const log = logFile === undefined ? 'ignore' : openSync(logFile, 'w'); // no pipe: it has to outlive us
  const child = spawn(program, args, { detached: true, stdio: ['ignore', 'ignore', log] });
  if (log !== 'ignore') closeSync(log);
  child.unref();
  const exited = new Promise<void>((resolve) =>
    child.once('exit', () => resolve()).once('error', () => resolve()),
  );
  const id = child.pid === undefined ? undefined : identify(child.pid);
  if (id === undefined) throw new Error('anvil did not start');
  const url = `http://127.0.0.1:${chosenPort}`;
  while (!(await answers(url))) {
    if (!isAlive(id))
      throw new Error(`anvil did not start${logFile === undefined ? '' : `: see ${logFile}`}`);
    await sleep(20);
  }
  return { id, url, exited };
}

async function answers(url: string): Promise<boolean> {
  return blockNumber(url).then(
    () => true,
    () => false,
  );
}

function anvilProgram(): string {
  const require = createRequire(createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json'));
  const processor = process.arch === 'x64' ? 'amd64' : process.arch;
  const system = process.platform === 'win32' ? 'win32' : process.platform;
  const folder = dirname(require.resolve(`@foundry-rs/anvil-${system}-${processor}/package.json`));
  return join(folder, 'bin', process.platform === 'win32' ? 'anvil.exe' : 'anvil');
}
