import { deleteAbove, insertBlocks, insertLogs, moveCursor, type StoredBlock } from '#db/chain/store.ts';
import type { Database } from '#db/connect.ts';
import type { Ledger } from '#db/ledger/ledger.ts';
import type { Applier } from './apply.ts';
import type { Block } from './blocks.ts';

export type Point = Pick<StoredBlock, 'number' | 'hash'>;

/**
 * Writes blocks that follow `from`, in one transaction: blocks, raw logs, what the handlers make of them, cursor. One
 * block when the head is followed, many at a time when there is much to catch up with.
 */
export async function writeBlocks(
  db: Database,
  ledger: Ledger,
  applier: Applier,
  from: Point,
  blocks: readonly Block[],
): Promise<Point> {
  const to = blocks.at(-1)!;
  await db.transaction().execute(async (trx) => {
    ledger.begin(trx);
    if (blocks.length > 1) await applier.preload(ledger, blocks);
    const ours = [];
    for (const block of blocks) ours.push(...(await applier.apply(ledger, block)));
    await insertBlocks(trx, blocks);
    await insertLogs(trx, ours);
    await ledger.flush();
    await moveCursor(trx, from, to);
  });
  return { number: to.number, hash: to.hash };
}

/** Forgets what was read above `to`, a block that the chain still has. */
export async function rollBack(db: Database, ledger: Ledger, from: Point, to: Point): Promise<void> {
  await db.transaction().execute(async (trx) => {
    ledger.begin(trx);
    await ledger.rollback(to.number);
    await deleteAbove(trx, to.number);
    await moveCursor(trx, from, to);
  });
}
