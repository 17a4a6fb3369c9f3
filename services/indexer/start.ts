import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployment } from '#chain/deployment.ts';
import { toBytes } from '#db/bytes.ts';
import { createCursor, readCursor, recordStop } from '#db/chain/store.ts';
import { openWriter } from '#db/chain/writer.ts';
import { connect, type Database } from '#db/connect.ts';
import { Ledger } from '#db/ledger/ledger.ts';
import { applierOf } from './apply.ts';
import { readHeaders } from './blocks.ts';
import { isRetry, messageOf, Retry } from './errors.ts';
import { Follower } from './follow.ts';
import { prove } from './prove.ts';
import { connectRpc, RpcRefusal, type Rpc } from './rpc.ts';
import type { Point } from './write.ts';

export type Log = Record<'info' | 'warn' | 'error', (facts: object, message: string) => void>;

export type Config = {
  readonly databaseUrl: string;
  readonly rpcUrl: string;
  readonly deployment: Deployment;
  readonly log: Log;
  /** Milliseconds between looks at the chain's head; default 250. */
  readonly pollMs?: number;
  /** Milliseconds between proofs of what changed; default 1000. */
  readonly proveMs?: number;
  /** Milliseconds to wait for another indexer to leave; default 5000. */
  readonly patience?: number;
};

export type Status = {
  /** Newest block that the chain told of, that was written, that was proved; undefined before the first. */
  readonly head: bigint | undefined;
  readonly indexed: bigint | undefined;
  readonly proved: bigint | undefined;
  readonly reorganisations: number;
  /** What it waits for, if the last try failed and it tries again. */
  readonly problem: string | undefined;
  /** Why it stopped, for good until somebody looks. */
  readonly stopped: string | undefined;
};

export type Indexer = { status(): Status; close(): Promise<void> };

/** Waits between tries after failures. */
const BACKOFF_MS = [100, 250, 500, 1_000, 2_000, 5_000];
/** Proofs wait while the read model is further behind: a node forgets old states. */
const NEAR = 64n;

/**
 * Follows the chain until it is closed. Throws if the database cannot be reached or another indexer writes to it; a node
 * that cannot be reached is waited for. What stops it for good is recorded in chain.cursor.stopped_reason.
 */
export async function start(config: Config): Promise<Indexer> {
  const { databaseUrl, rpcUrl, deployment, log, pollMs = 250, proveMs = 1_000, patience = 5_000 } = config;
  const writer = await openWriter(databaseUrl, patience);
  const reader = connect(databaseUrl, {
    role: 'tallystick_indexer',
    applicationName: 'tallystick-proof',
    max: 2,
  });
  const rpc = connectRpc(rpcUrl);
  const ledger = await Ledger.open(writer);
  const closing = new AbortController();
  const { signal } = closing;
  let follower: Follower | undefined;
  let proved: bigint | undefined;
  let problem: string | undefined;
  let stopped: string | undefined;

  const follow = async (): Promise<boolean> => {
    follower ??= new Follower(
      writer,
      rpc,
      ledger,
      applierOf(deployment),
      await resume(writer, rpc, deployment),
    );
    return follower.step(signal);
  };
  const proveNewest = async (): Promise<boolean> => {
    if (follower === undefined || follower.progress.head - follower.at.number > NEAR) return false;
    proved = await prove(reader, rpc, deployment);
    return false;
  };
  const stop = async (error: unknown): Promise<void> => {
    if (signal.aborted) return;
    stopped = messageOf(error);
    closing.abort();
    log.error({ err: error, block: follower?.at.number.toString() }, `the indexer stopped: ${stopped}`);
    await recordStop(writer, stopped).catch(() => {});
  };
  const troubled = (error: unknown): void => {
    if (problem === undefined) log.warn({ err: error }, `the indexer waits: ${messageOf(error)}`);
    problem = messageOf(error);
  };

  const following = repeat(follow, pollMs, {
    signal,
    stop,
    fine: () => (problem = undefined),
    again: (error) => {
      troubled(error);
      ledger.forget();
      follower = undefined; // where we are, the database knows
    },
  });
  const proving = repeat(proveNewest, proveMs, {
    signal,
    stop,
    fine: () => {},
    again: (error) => log.warn({ err: error }, `a proof has to wait: ${messageOf(error)}`),
  });

  return {
    status: () => ({
      head: follower?.progress.head,
      indexed: follower?.at.number,
      proved,
      reorganisations: follower?.progress.reorganisations ?? 0,
      problem,
      stopped,
    }),
    close: async () => {
      closing.abort();
      await Promise.all([following, proving]);
      await Promise.all([writer.destroy(), reader.destroy()]);
    },
  };
}

type Repeat = {
  readonly signal: AbortSignal;
  fine(): void;
  again(error: unknown): void;
  stop(error: unknown): Promise<void>;
};

/** Runs `work` again and again: at once while it returns true, else after a while; after a failure later and later. */
async function repeat(work: () => Promise<boolean>, everyMs: number, { signal, fine, again, stop }: Repeat) {
  for (let failures = 0; !signal.aborted;) {
    let wait = everyMs;
    try {
      const more = await work();
      fine();
      failures = 0;
      if (more) continue;
    } catch (error) {
      if (!isRetry(error) && !(error instanceof RpcRefusal)) return stop(error);
      again(error);
      wait = BACKOFF_MS[Math.min(failures++, BACKOFF_MS.length - 1)]!;
    }
    await sleep(wait, undefined, { signal }).catch(() => {});
  }
}

/** The block up to which the read model is written. Throws if node, database and deployment are not of one chain. */
async function resume(db: Database, rpc: Rpc, deployment: Deployment): Promise<Point> {
  const before = BigInt(Math.max(0, deployment.startBlock - 1));
  const [genesis, first] = await readHeaders(rpc, [0n, before]);
  if (genesis === undefined) throw new Retry('the node has no block 0');
  const genesisHash = toBytes(deployment.genesisHash);
  if (!genesis.hash.equals(genesisHash)) throw new Error('the node is of another chain than the deployment');
  const bills = toBytes(deployment.addresses.bills);
  const cursor = await readCursor(db);
  if (cursor === undefined) {
    if (first === undefined) throw new Retry(`the node has no block ${before} yet`);
    await createCursor(db, { genesis_hash: genesisHash, bills }, first);
    return { number: first.number, hash: first.hash };
  }
  if (!cursor.genesis_hash.equals(genesisHash) || !cursor.bills.equals(bills))
    throw new Error('the database holds the books of another deployment');
  if (cursor.stopped_reason !== null) await recordStop(db, null);
  return { number: cursor.block_number, hash: cursor.block_hash };
}
