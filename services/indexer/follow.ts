import type { Where } from '#chain/nodes.ts';
import { beginBackFill, blockHash, blocksDownFrom, endBackFill, isBackFilling } from '#db/chain/store.ts';
import type { Database } from '#db/wire/connect.ts';
import type { Ledger } from '#db/ledger/ledger.ts';
import type { Applier } from './apply.ts';
import { readPieces } from './backfill.ts';
import { readBlock, readHead, readHeaders, type Block, type Header } from './blocks.ts';
import { Retry } from './errors.ts';
import type { Rpc } from './rpc.ts';
import { rollBack, Unit, write, type Point } from './write.ts';

/** Looks at a head behind ours before we believe that the chain went back: nodes behind one address differ for a while. */
const BEHIND_LOOKS = 8;
/** Blocks behind the head within which proofs are made. */
const NEAR = 64n;
/** From so many missing blocks on, they are read and written in bulk. */
const BULK = 4n;
/** From so many on, if that is more than was written before, indexes and constraints are put off until they are there. */
const LONG = 1_000n;

export type Bounds = {
  /** The first block that can hold a log of ours. */
  readonly start: number;
  /** Most blocks that a reorganisation may take back. */
  readonly deepest: number;
  /** The last block that was written. */
  readonly at: Point;
  /** Outlives this follower: after a failure another one goes on. */
  readonly progress: Progress;
  /** Whether another node has a block of ours that this one does not have, and is as far as this head; then that one is asked next. */
  readonly whereIs: (ours: Point, head: bigint) => Promise<Where>;
};

/** What was seen so far; no head before the first look. */
export type Progress = { head: bigint | undefined; reorganisations: number };

/**
 * Where the read model is, and one step at a time towards the head of the chain. One follower asks one node: heads of two never
 * meet in a step. When another node comes into use, another follower begins where the database is.
 */
export class Follower {
  readonly #db: Database;
  readonly #helper: Database;
  readonly #rpc: Rpc;
  readonly #ledger: Ledger;
  readonly #applier: Applier;
  readonly #start: bigint;
  readonly #deepest: bigint;
  readonly #whereIs: Bounds['whereIs'];
  #behind = 0;
  /** Whether indexes and constraints are put off; undefined until the database was asked. */
  #isBackFilling: boolean | undefined;
  at: Point;
  readonly progress: Progress;

  /** @param helper A second connection, for what does not belong to a transaction of the first. */
  constructor(
    [db, helper]: readonly [Database, Database],
    rpc: Rpc,
    ledger: Ledger,
    applier: Applier,
    bounds: Bounds,
  ) {
    const { start, deepest, at, progress, whereIs } = bounds;
    this.#whereIs = whereIs;
    this.#db = db;
    this.#helper = helper;
    this.#rpc = rpc;
    this.#ledger = ledger;
    this.#applier = applier;
    this.#start = BigInt(start);
    this.#deepest = BigInt(deepest);
    this.at = at;
    this.progress = progress;
  }

  /** Whether the read model is so far behind, or so unfinished, that it is not worth proving yet: a node forgets old states. */
  get isFar(): boolean {
    const { head = this.at.number } = this.progress;
    return this.#isBackFilling !== false || head - this.at.number > NEAR;
  }

  /**
   * Compares the chain's head with the last block that was written:
   * 1) The same block: nothing to do.
   * 2) Behind ours, and a block that we have: a node that lags. If it stays so, the chain went back: roll back to it. One
   *    from before our contracts is of a node that fetches the chain anew: wait.
   * 3) Behind ours or as high, and a block that we do not have: the chain was reorganised, roll back.
   * 4) The child of ours: write it (the usual case).
   * 5) One ahead but not our child, or the first of several ahead is not: reorganised, roll back.
   * 6) Several ahead: write them one by one, or in bulk if they are many, each the child of the one before.
   * A rollback goes to the last block that both have; the steps after it are case 4 or 6. One that is deeper than allowed
   * is none: in case 2 the node is waited for, in 3 and 5 the indexer stops and leaves what it read as it is. Nothing is rolled
   * back while another node that is at least as far has our last block: then this node has strayed, and that one is asked. Nor in
   * case 2 while another one does not answer: it may have the block.
   *
   * @returns whether anything was written.
   */
  async step(signal: AbortSignal): Promise<boolean> {
    const head = await readHead(this.#rpc);
    this.progress.head = head.number;
    await this.#putOff(head.number - this.at.number);
    if (head.hash.equals(this.at.hash)) return this.#rest(); // 1
    if (head.number <= this.at.number) return this.#lookBack(head); // 2, 3
    this.#behind = 0;
    if (!(await this.#buildsOnOurs(head))) return this.#rollBackToAncestor(head); // 5
    await this.#catchUp(head, signal); // 4, 6
    return true;
  }

  /** A crash in between changes nothing: the next life finds them put off, and makes up for them when it is near the head. */
  async #putOff(missing: bigint): Promise<void> {
    const was = (this.#isBackFilling ??= await isBackFilling(this.#db));
    const is = missing >= LONG && (was || missing > this.at.number - this.#start);
    if (is === was) return;
    await (is ? beginBackFill(this.#db) : endBackFill(this.#db, this.#helper));
    this.#isBackFilling = is;
  }

  #rest(): false {
    this.#behind = 0;
    return false;
  }

  async #lookBack(head: Header): Promise<boolean> {
    const missing = this.at.number - head.number;
    const behind = new Retry(`the node is ${missing} blocks behind what was read`);
    if (head.number < this.#start - 1n) throw behind; // it still fetches the chain, and has no block that we know
    const known = await blockHash(this.#db, head.number);
    if (known?.equals(head.hash)) {
      if (missing > this.#deepest) throw behind;
      if (++this.#behind < BEHIND_LOOKS) return false; // 2
      return this.#rollBackToAncestor(head, true); // 2
    }
    return this.#rollBackToAncestor(head); // 3
  }

  async #buildsOnOurs(head: Header): Promise<boolean> {
    if (head.number === this.at.number + 1n) return head.parent_hash.equals(this.at.hash);
    const [same] = await readHeaders(this.#rpc, [this.at.number]);
    return same !== undefined && same.hash.equals(this.at.hash);
  }

  async #catchUp(head: Header, signal: AbortSignal): Promise<void> {
    const from = this.at.number + 1n;
    if (head.number - this.at.number >= BULK) {
      return this.#backfill(readPieces(this.#rpc, from, head.number), signal);
    }
    for (let number = from; number < head.number; number++) {
      const [header] = await readHeaders(this.#rpc, [number]);
      if (header === undefined) throw new Retry(`the chain has no block ${number} any more`);
      await this.#writeBlock(await readBlock(this.#rpc, header));
    }
    await this.#writeBlock(await readBlock(this.#rpc, head));
  }

  /**
   * While one unit is written, the next ones are read and applied in memory; what has come when that is done is the next
   * unit. So units grow with the database's delay, up to a limit, and neither side waits for the other.
   */
  async #backfill(pieces: AsyncIterable<Block[]>, signal: AbortSignal): Promise<void> {
    let unit = new Unit(this.#ledger, this.#applier, this.at);
    let writing: Promise<void> | undefined;
    const writeNext = async (): Promise<void> => {
      await writing;
      const next = unit;
      unit = new Unit(this.#ledger, this.#applier, next.to);
      writing = this.#write(next).finally(() => (writing = undefined));
      writing.catch(() => {}); // thrown when it is waited for
    };
    try {
      for await (const blocks of pieces) {
        await unit.add(blocks);
        if (writing === undefined || unit.isFull) await writeNext();
        if (this.#ledger.isFull) {
          if (!unit.isEmpty) await writeNext();
          await writing;
          this.#ledger.forget();
        }
        if (signal.aborted) return;
      }
      if (!unit.isEmpty) await writeNext();
    } finally {
      await writing; // whoever tries again must find nothing under way
    }
  }

  async #write(unit: Unit): Promise<void> {
    await write(this.#db, unit);
    this.at = unit.to;
  }

  async #writeBlock(block: Block): Promise<void> {
    const unit = new Unit(this.#ledger, this.#applier, this.at);
    await unit.add([block]);
    await this.#write(unit);
    if (this.#ledger.isFull) this.#ledger.forget();
  }

  /** Returns false if there was nothing to roll back. */
  async #rollBackToAncestor(head: Header, isOnlyBehind = false): Promise<boolean> {
    this.#behind = 0;
    const where = await this.#whereIs(this.at, head.number);
    if (where === 'elsewhere') throw new Retry('the node does not have the blocks that another one has');
    if (where === 'unknown' && isOnlyBehind)
      throw new Retry('the node is behind what was read, and another one does not answer');
    const ancestor = await this.#findAncestor(head.number < this.at.number ? head.number : this.at.number);
    if (ancestor.hash.equals(this.at.hash)) return false;
    const depth = this.at.number - ancestor.number;
    if (depth > this.#deepest)
      throw new Error(
        `the chain was reorganised ${depth} blocks deep, more than ${this.#deepest} (REORG_LIMIT): ` +
          `what was read above block ${ancestor.number} is of a branch that the node no longer has`,
      );
    await rollBack(this.#db, this.#ledger, this.at, ancestor);
    this.at = ancestor;
    this.progress.reorganisations++;
    return true;
  }

  async #findAncestor(top: bigint): Promise<Point> {
    for (let number = top, look = 1; ; look = Math.min(look * 2, 256)) {
      const ours = await blocksDownFrom(this.#db, number, look);
      if (ours.length === 0)
        throw new Error('the chain no longer has the block before our contracts: it is another chain');
      const theirs = await readHeaders(
        this.#rpc,
        ours.map((block) => block.number),
      );
      const common = ours.find((block, n) => theirs[n]?.hash.equals(block.hash));
      if (common) return { number: common.number, hash: common.hash };
      number = ours.at(-1)!.number - 1n;
    }
  }
}
