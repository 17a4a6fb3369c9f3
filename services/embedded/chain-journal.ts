/**
 * What makes the embedded chain durable. Anvil keeps its chain in memory and can write all of it to a file, but it
 * writes in place (a kill in the middle leaves half a file), and a dump taken while blocks are mined may hold the state
 * of one block and the list of another. So:
 *
 * 1. `state.json` is dumped only while no block is being made, and replaced in one step.
 * 2. Every block since then is a line of `journal.jsonl`: number, time, signed transactions. Playing it gives the same
 *    blocks again, hashes included.
 * 3. Anvil tells of each block, and a line is written `gather` after that: blocks that follow each other go together. If
 *    anvil itself is killed in that instant the block is lost, and the indexer sees the chain end one block earlier.
 */
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { writeFileAtomically } from './processes.ts';
import { blockNumber, rpc, rpcBatch } from './rpc.ts';

const gather = 50; // ms
const lookEvery = 2_000; // ms, should a block not be told
const batch = 100; // blocks in one request
const compactAfter = 2_000; // lines
const compactIdle = 5_000; // ms without a block

interface Entry {
  block: number;
  timestamp: number;
  transactions: string[];
}

export interface Journal {
  /** Writes what is missing, dumps the whole chain and ends. */
  close(): Promise<void>;
}

/** Plays the lines above the chain's head. */
export async function replayJournal(url: string, journalFile: string): Promise<void> {
  let head = await blockNumber(url);
  const missing = readEntries(journalFile).filter((entry) => entry.block > head);
  if (missing.length === 0) return;
  await rpc(url, 'evm_setAutomine', false);
  for (const { block, timestamp, transactions } of missing) {
    if (block !== head + 1) break; // a gap: what follows cannot stand on this chain
    for (const raw of transactions) await rpc(url, 'eth_sendRawTransaction', raw); // one by one: order matters
    await rpc(url, 'evm_setTime', timestamp); // a reloaded chain takes its start for the time of its last block
    await rpc(url, 'evm_setNextBlockTimestamp', timestamp);
    await rpc(url, 'evm_mine');
    head += 1;
  }
  await rpc(url, 'evm_setAutomine', true);
}

/** A kill can leave half a line at the end: it stands for a block that nobody was told about. */
function readEntries(journalFile: string): Entry[] {
  if (!existsSync(journalFile)) return [];
  const lines = readFileSync(journalFile, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Entry);
}

/**
 * Dumps the chain if it stands still meanwhile, and empties the journal. Otherwise leaves both as they are: together
 * they still give the whole chain. Returns whether it did.
 */
export async function dumpChain(url: string, stateFile: string, journalFile: string): Promise<boolean> {
  const before = await blockNumber(url);
  const dump = gunzipSync(Buffer.from((await rpc<string>(url, 'anvil_dumpState')).slice(2), 'hex'));
  const block = (tag: string) =>
    rpc<{ number: string; timestamp: string }>(url, 'eth_getBlockByNumber', tag, false);
  const [head, genesis] = [await block('latest'), await block('0x0')];
  const state = JSON.parse(dump.toString()) as {
    best_block_number: number;
    block: { number: string | number };
    blocks: { header: { number: string; timestamp: string } }[];
  };
  const numbers = [state.best_block_number, Number(state.block.number), Number(head.number)];
  if (numbers.some((number) => number !== before)) return false;
  // Each start of anvil makes a block 0 of its own before it loads ours, and dumps both; which one it would take for
  // block 0 after the next load is a matter of luck.
  const isStray = ({ header }: (typeof state.blocks)[number]): boolean =>
    Number(header.number) === 0 && Number(header.timestamp) !== Number(genesis.timestamp);
  const blocks = state.blocks.filter((one) => !isStray(one));
  writeFileAtomically(stateFile, JSON.stringify({ ...state, blocks }));
  rmSync(journalFile, { force: true });
  return true;
}

/** Follows the chain from its present head. */
export function startJournal(url: string, stateFile: string, journalFile: string, head: number): Journal {
  let written = head;
  let lines = 0;
  let lastBlockAt = Date.now();
  let closing = false;
  const news = new News(url);

  const catchUp = async (): Promise<void> => {
    const latest = await blockNumber(url);
    if (latest > written) lastBlockAt = Date.now();
    for (; written < latest;) {
      const until = Math.min(latest, written + batch);
      const entries = await readBlocks(url, written + 1, until);
      appendFileSync(journalFile, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
      lines += entries.length;
      written = until;
    }
  };
  const follow = async (): Promise<void> => {
    while (!closing) {
      const next = news.next();
      await catchUp();
      const idle = Date.now() - lastBlockAt;
      if (lines > compactAfter && idle > compactIdle && (await dumpChain(url, stateFile, journalFile)))
        lines = 0;
      await next;
      if (!closing) await sleep(gather);
    }
  };
  const following = follow()
    .catch(() => undefined) // the chain is gone: its owner sees that too, and says so
    .finally(() => news.close());
  const close = async (): Promise<void> => {
    closing = true;
    news.close();
    await following;
    await catchUp();
    await dumpChain(url, stateFile, journalFile);
  };
  return { close };
}

/** What anvil tells of new blocks. */
class News {
  readonly #socket: WebSocket;
  #tell: () => void = () => {};

  constructor(url: string) {
    this.#socket = new WebSocket(url.replace('http:', 'ws:'));
    this.#socket.onopen = () =>
      this.#socket.send(
        JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] }),
      );
    this.#socket.onmessage = () => this.#tell();
  }

  /** Until the next block from now on, or until it is time to look. */
  next(): Promise<void> {
    return new Promise((settle) => {
      const timer = setTimeout(settle, lookEvery);
      this.#tell = () => {
        clearTimeout(timer);
        settle();
      };
    });
  }

  close(): void {
    this.#socket.close();
    this.#tell();
  }
}

async function readBlocks(url: string, from: number, to: number): Promise<Entry[]> {
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const calls = numbers.map((n) => ({
    method: 'eth_getBlockByNumber',
    params: [`0x${n.toString(16)}`, false],
  }));
  const blocks = (await rpcBatch(url, calls)) as { timestamp: string; transactions: string[] }[];
  const hashes = blocks.flatMap((block) => block.transactions);
  const raw = await rpcBatch(
    url,
    hashes.map((hash) => ({ method: 'debug_getRawTransaction', params: [hash] })),
  );
  const byHash = new Map(hashes.map((hash, index) => [hash, raw[index] as string]));
  return blocks.map(({ timestamp, transactions }, index) => ({
    block: from + index,
    timestamp: Number(timestamp),
    transactions: transactions.map((hash) => byHash.get(hash) ?? ''),
  }));
}
