import type { Deployment } from '#chain/deployment.ts';
import { recordStop } from '#db/chain/store.ts';
import { openReader, openWriter } from '#db/chain/writer.ts';
import { Ledger } from '#db/ledger/ledger.ts';
import { applierOf } from './apply.ts';
import { messageOf } from './errors.ts';
import { Follower, type Progress } from './follow.ts';
import { prove } from './prove.ts';
import { repeat } from './repeat.ts';
import { resume } from './resume.ts';
import { connectRpc } from './rpc.ts';

export type Log = Record<'info' | 'warn' | 'error', (facts: object, message: string) => void>;

export type Config = {
  readonly databaseUrl: string;
  readonly rpcUrl: string;
  readonly deployment: Deployment;
  readonly log: Log;
  /** Milliseconds between looks at the head of a quiet chain; default 250. */
  readonly pollMs?: number;
  /** Milliseconds between proofs of what changed; default 1000. */
  readonly proveMs?: number;
  /** Milliseconds to wait for another indexer to leave; default 5000. */
  readonly patience?: number;
  /** Most blocks that a reorganisation may take back before somebody has to look; default 64. */
  readonly deepest?: number;
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

/** After a block the next look follows soon, then later and later up to `pollMs`. */
const SOON_MS = 10;

/**
 * Follows the chain until it is closed. Throws if the database cannot be reached or another indexer writes to it; a node
 * that cannot be reached is waited for. What stops it for good is recorded in chain.cursor.stopped_reason.
 */
export async function start(config: Config): Promise<Indexer> {
  const { databaseUrl, rpcUrl, deployment, log } = config;
  const { pollMs = 250, proveMs = 1_000, patience = 5_000, deepest = 64 } = config;
  const writer = await openWriter(databaseUrl, patience);
  const reader = openReader(databaseUrl);
  const rpc = connectRpc(rpcUrl);
  const ledger = await Ledger.open(reader); // not from the connection that writes: it may be busy
  const closing = new AbortController();
  const { signal } = closing;
  const progress: Progress = { head: undefined, reorganisations: 0 };
  let follower: Follower | undefined;
  let proved: bigint | undefined;
  let problem: string | undefined;
  let stopped: string | undefined;

  const follow = async (): Promise<boolean> => {
    follower ??= new Follower([writer, reader], rpc, ledger, applierOf(deployment), {
      start: deployment.startBlock,
      deepest,
      at: await resume(writer, rpc, deployment),
      progress,
    });
    return follower.step(signal);
  };
  const proveNewest = async (): Promise<boolean> => {
    if (follower === undefined || follower.isFar) return false;
    proved = await prove(reader, rpc, deployment);
    return false;
  };
  const stop = async (error: unknown): Promise<void> => {
    if (signal.aborted) return;
    const reason = messageOf(error);
    closing.abort();
    log.error({ err: error, block: follower?.at.number.toString() }, `the indexer stopped: ${reason}`);
    await recordStop(writer, reason).catch(() => {});
    stopped = reason; // whoever reads it finds it in the database as well
  };
  const troubled = (error: unknown): void => {
    if (problem === undefined) log.warn({ err: error }, `the indexer waits: ${messageOf(error)}`);
    problem = messageOf(error);
  };

  const following = repeat(follow, {
    waits: { first: Math.min(SOON_MS, pollMs), most: pollMs },
    signal,
    stop,
    fine: () => (problem = undefined),
    again: (error) => {
      troubled(error);
      ledger.forget();
      follower = undefined; // where we are, the database knows
    },
  });
  const proving = repeat(proveNewest, {
    waits: { first: proveMs, most: proveMs },
    signal,
    stop,
    fine: () => {},
    again: (error) => log.warn({ err: error }, `a proof has to wait: ${messageOf(error)}`),
  });

  return {
    status: () => ({
      head: progress.head,
      indexed: follower?.at.number,
      proved,
      reorganisations: progress.reorganisations,
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
