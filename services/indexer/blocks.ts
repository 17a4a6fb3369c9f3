/**
 * Reads blocks with all their logs. A node that answers with status 200 may still have left logs out (an index that lags
 * behind, a cap on the answer), so every block is checked against what its header and its receipts say:
 * 1) the logs are of this very block, in order, without a gap from 0 on;
 * 2) the bloom filter made of them is the header's, bit by bit;
 * 3) the last receipt that holds a log ends with the last of them. (A log that is missing at the end could hide from 1
 *    and 2 behind another with the same address and topics.)
 * The logs of a block are asked for unfiltered: the chain of a consortium has few that are not ours.
 */
import { toBytes, toHex } from '#db/wire/bytes.ts';
import type { StoredBlock } from '#db/chain/store.ts';
import type { RawLog } from '#db/ledger/ledger.ts';
import { bloomOf } from './bloom.ts';
import { Retry } from './errors.ts';
import type { RpcCall, Rpc } from './rpc.ts';

export type Header = StoredBlock & { readonly bloom: Buffer; readonly transactions: readonly string[] };
export type Block = StoredBlock & { readonly logs: readonly RawLog[] };

type RpcHeader = {
  number: string;
  hash: string;
  parentHash: string;
  timestamp: string;
  logsBloom: string;
  transactions: string[];
};
type RpcLog = {
  blockHash: string;
  blockNumber: string;
  logIndex: string;
  transactionHash: string;
  transactionIndex: string;
  address: string;
  topics: string[];
  data: string;
  removed?: boolean;
};
type Receipt = { logs: RpcLog[] };

export const hexNumber = (number: bigint): string => `0x${number.toString(16)}`;

const headerCall = (block: bigint | 'latest'): RpcCall => ({
  method: 'eth_getBlockByNumber',
  params: [typeof block === 'bigint' ? hexNumber(block) : block, false],
});

export async function readHead(rpc: Rpc): Promise<Header> {
  const [head] = await rpc.batch([headerCall('latest')]);
  if (head === null) throw new Retry('the node has no latest block');
  return parseHeader(head as RpcHeader);
}

/** Undefined where the chain has no such block. */
export async function readHeaders(rpc: Rpc, numbers: readonly bigint[]): Promise<(Header | undefined)[]> {
  const headers = await rpc.batch(numbers.map(headerCall));
  return headers.map((header) => (header === null ? undefined : parseHeader(header as RpcHeader)));
}

/** The block of this header. */
export async function readBlock(rpc: Rpc, header: Header): Promise<Block> {
  if (isEmpty(header)) return complete(header, [], undefined);
  const logs = await rpc.one<RpcLog[]>('eth_getLogs', { blockHash: `0x${header.hash.toString('hex')}` });
  const [last] = await lastLogs(rpc, [header]);
  return complete(header, logs, last);
}

/** The blocks `[from, to]`, each the child of the one before it. */
export async function readRange(rpc: Rpc, from: bigint, to: bigint): Promise<Block[]> {
  const numbers = Array.from({ length: Number(to - from) + 1 }, (_, n) => from + BigInt(n));
  const [logs, headers] = await Promise.all([
    rpc.one<RpcLog[]>('eth_getLogs', { fromBlock: hexNumber(from), toBlock: hexNumber(to) }),
    readHeaders(rpc, numbers),
  ]);
  const byBlock = Map.groupBy(logs, ({ blockNumber }) => Number(blockNumber));
  const known = headers.map((header, n) => {
    if (header === undefined) throw new Retry(`the chain has no block ${numbers[n]} any more`);
    const parent = headers[n - 1];
    if (parent && !header.parent_hash.equals(parent.hash))
      throw new Retry('the chain moved while it was read');
    return header;
  });
  const lasts = await lastLogs(rpc, known);
  return known.map((header, n) => complete(header, byBlock.get(Number(header.number)) ?? [], lasts[n]));
}

function parseHeader(header: RpcHeader): Header {
  return {
    number: BigInt(header.number),
    hash: toBytes(header.hash),
    parent_hash: toBytes(header.parentHash),
    timestamp: BigInt(header.timestamp),
    bloom: toBytes(header.logsBloom),
    transactions: header.transactions,
  };
}

const isEmpty = ({ bloom }: Header): boolean => bloom.every((byte) => byte === 0);

/** The index of the last log of each block, from the last receipt that has one; undefined for a block without logs. */
async function lastLogs(rpc: Rpc, headers: readonly Header[]): Promise<(number | undefined)[]> {
  const lasts: (number | undefined)[] = headers.map(() => undefined);
  let open = headers.flatMap((header, n) =>
    isEmpty(header) ? [] : [{ n, hash: toHex(header.hash), left: [...header.transactions] }],
  );
  while (open.length > 0) {
    const receipts = (await rpc.batch(
      open.map(({ left }) => ({ method: 'eth_getTransactionReceipt', params: [left.pop()] })),
    )) as (Receipt | null)[];
    const unknown = open.filter((_, i) => receipts[i] === null);
    const found = await lastLogsIn(rpc, unknown);
    unknown.forEach(({ n }, i) => (lasts[n] = found[i]));
    open = open.filter(({ n, left }, i) => {
      if (receipts[i] === null) return false;
      const last = receipts[i]?.logs.at(-1);
      if (last === undefined) return left.length > 0;
      lasts[n] = Number(last.logIndex);
      return false;
    });
  }
  return lasts;
}

/** The same from all receipts of each block: a node may have forgotten in which block an old transaction is. */
async function lastLogsIn(rpc: Rpc, blocks: readonly { hash: string }[]): Promise<(number | undefined)[]> {
  const receipts = (await rpc.batch(
    blocks.map(({ hash }) => ({ method: 'eth_getBlockReceipts', params: [hash] })),
  )) as (Receipt[] | null)[];
  return receipts.map((ofBlock) => {
    const last = ofBlock?.findLast(({ logs }) => logs.length > 0)?.logs.at(-1);
    return last && Number(last.logIndex);
  });
}

function complete(header: Header, given: readonly RpcLog[], last: number | undefined): Block {
  const { bloom, transactions: _, ...block } = header;
  const logs = given.map((log) => parseLog(log, block.number)).toSorted((a, b) => a.log_index - b.log_index);
  const incomplete = (why: string): never => {
    throw new Retry(`the node's logs of block ${block.number} are not complete: ${why}`);
  };
  const hash = toHex(block.hash);
  const isOurs = (blockHash: string): boolean => blockHash === hash || blockHash.toLowerCase() === hash;
  if (given.some(({ blockHash, removed }) => removed || !isOurs(blockHash)))
    incomplete('some are of another block');
  if (logs.some(({ log_index }, n) => log_index !== n)) incomplete('there is a gap between them');
  if (!bloomOf(logs).equals(bloom)) incomplete('their bloom is not the one of its header');
  if (logs.length !== (last ?? -1) + 1)
    incomplete(`${logs.length} came, its receipts hold ${(last ?? -1) + 1}`);
  return { ...block, logs };
}

/** The bytes of what was asked for last: logs that follow each other are often of one transaction, or of one contract. */
function sharing(): (hex: string) => Buffer {
  let last = '';
  let bytes = toBytes(last);
  return (hex) => {
    if (hex !== last) [last, bytes] = [hex, toBytes(hex)];
    return bytes;
  };
}

const [txHashOf, addressOf] = [sharing(), sharing()];

/** Topics and data share one piece of memory: buffers are what a back-fill makes most of. */
function parseLog(log: RpcLog, blockNumber: bigint): RawLog {
  let topics = '';
  for (const topic of log.topics) topics += topic.slice(2);
  const bytes = Buffer.from(topics + log.data.slice(2), 'hex');
  const end = topics.length / 2;
  return {
    block_number: blockNumber,
    log_index: Number(log.logIndex),
    tx_hash: txHashOf(log.transactionHash),
    tx_index: Number(log.transactionIndex),
    address: addressOf(log.address),
    topics: bytes.subarray(0, end),
    data: bytes.subarray(end),
  };
}
