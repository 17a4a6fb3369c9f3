import { readRange, type Block } from './blocks.ts';
import type { Rpc } from './rpc.ts';
import { RpcRefusal } from './rpc.ts';

/** Ranges that are read at the same time. */
const PARALLEL = 4;
/** Range sizes in blocks; the size follows how many logs the last ranges held. */
const FIRST = 100;
const SMALLEST = 1;
const LARGEST = 2_000;
const LOGS_WANTED = 4_000;

/**
 * The blocks `[from, to]` in pieces, in order, a few pieces read ahead. A node that refuses a range as too large is asked
 * for its halves; the size of the ranges to come follows.
 */
export async function* readPieces(rpc: Rpc, from: bigint, to: bigint): AsyncGenerator<Block[]> {
  let size = FIRST;
  let next = from;
  const ahead: Promise<Block[]>[] = [];
  const read = async (first: bigint, last: bigint): Promise<Block[]> => {
    try {
      return await readRange(rpc, first, last);
    } catch (error) {
      if (!(error instanceof RpcRefusal) || first === last) throw error;
      const middle = (first + last) / 2n;
      size = Math.max(SMALLEST, Math.ceil(size / 2));
      return [...(await read(first, middle)), ...(await read(middle + 1n, last))];
    }
  };
  for (;;) {
    for (; ahead.length < PARALLEL && next <= to; next += BigInt(size)) {
      const last = next + BigInt(size) - 1n;
      const piece = read(next, last < to ? last : to);
      piece.catch(() => {}); // thrown when it is its turn
      ahead.push(piece);
    }
    const blocks = await ahead.shift();
    if (blocks === undefined) return;
    size = sizeAfter(blocks, size);
    yield blocks;
  }
}

function sizeAfter(blocks: readonly Block[], size: number): number {
  const logs = blocks.reduce((sum, block) => sum + block.logs.length, 0);
  const wanted = logs === 0 ? LARGEST : Math.ceil((blocks.length * LOGS_WANTED) / logs);
  return Math.max(SMALLEST, Math.min(LARGEST, wanted, size * 2));
}
