import { setImmediate as nextTurn } from 'node:timers/promises';
import { deleteAbove, moveCursor, type StoredBlock } from '#db/chain/store.ts';
import type { Database } from '#db/wire/connect.ts';
import type { Change } from '#db/ledger/columns.ts';
import type { Ledger, RawLog } from '#db/ledger/ledger.ts';
import type { Applier } from './apply.ts';
import type { Block } from './blocks.ts';
import { Retry } from './errors.ts';

export type Point = Pick<StoredBlock, 'number' | 'hash'>;

/** Logs in one transaction; reached where the database is slower than the node. */
const MOST_LOGS = 20_000;

/** Blocks that follow `from`, applied to the ledger in memory, to be written in one transaction. */
export class Unit {
  readonly #ledger: Ledger;
  readonly #applier: Applier;
  readonly #blocks: Block[] = [];
  readonly #logs: RawLog[] = [];
  readonly from: Point;
  to: Point;

  constructor(ledger: Ledger, applier: Applier, from: Point) {
    this.#ledger = ledger;
    this.#applier = applier;
    this.from = from;
    this.to = from;
  }

  get isEmpty(): boolean {
    return this.#blocks.length === 0;
  }

  get isFull(): boolean {
    return this.#logs.length >= MOST_LOGS;
  }

  /** One block when the head is followed, many at a time when there is much to catch up with. */
  async add(blocks: readonly Block[]): Promise<void> {
    if (!blocks[0]!.parent_hash.equals(this.to.hash)) throw new Retry('the chain moved while it was read');
    if (blocks.length > 1) await this.#applier.preload(this.#ledger, blocks);
    for (const block of blocks) {
      for (const log of await this.#applier.apply(this.#ledger, block)) this.#logs.push(log);
      this.#blocks.push(block);
      if (blocks.length > 1) await nextTurn(); // a transaction that is under way must not wait for all of them
    }
    const { number, hash } = blocks.at(-1)!;
    this.to = { number, hash };
  }

  /** What the blocks changed since the last time that somebody asked. */
  collect(): Change[] {
    return this.#ledger.collect(this.#blocks, this.#logs);
  }
}

/** Writes blocks, raw logs, what the handlers made of them, and the cursor: all or nothing. */
export async function write(db: Database, unit: Unit): Promise<void> {
  const changes = unit.collect();
  await db.transaction().execute(async (trx) => {
    for (const change of changes) await change(trx);
    await moveCursor(trx, unit.from, unit.to);
  });
}

/** Forgets what was read above `to`, a block that the chain still has. */
export async function rollBack(db: Database, ledger: Ledger, from: Point, to: Point): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await ledger.rollback(trx, to.number);
    await deleteAbove(trx, to.number);
    await moveCursor(trx, from, to);
  });
}
