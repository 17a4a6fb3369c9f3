import { keccak256 } from '#chain/keccak.ts';
import type { Deployment } from '#chain/deployment.ts';
import { Nodes } from '#chain/nodes.ts';
import { toHex } from '#db/wire/bytes.ts';
import { listen } from '#db/instructions/notices.ts';
import { recordStop } from '#db/chain/store.ts';
import { openReader, openWriter } from '#db/chain/writer.ts';
import { Ledger } from '#db/ledger/ledger.ts';
import { applierOf } from './apply.ts';
import { messageOf } from './errors.ts';
import { Follower, type Progress } from './follow.ts';
import { Nap } from './nap.ts';
import { prove } from './prove.ts';
import { repeat } from './repeat.ts';
import { resume } from './resume.ts';
import { connectRpc } from './rpc.ts';
import type { Point } from './write.ts';

export type Log = Record<'info' | 'warn' | 'error', (facts: object, message: string) => void>;

export type Config = {
  readonly databaseUrl: string;
  /** One node, or several separated by commas. */
  readonly rpcUrl: string;
  readonly deployment: Deployment;
  readonly log: Log;
  /** Milliseconds between looks at the head of a chain that was busy lately; four times as many if it was not; default 250. */
  readonly pollMs?: number;
  /** Milliseconds between proofs of what changed; default 1000. */
  readonly proveMs?: number;
  /** Milliseconds to wait for another indexer to leave; default 5000. */
  readonly patienceMs?: number;
  /** Most blocks that a reorganisation may take back before somebody has to look; default 64. */
  readonly deepest?: number;
  /** Blocks that a node may be behind another before it is left; default 8. */
  readonly lag?: number;
  /** Milliseconds between looks at all nodes; default 5000. */
  readonly lookMs?: number;
  /** Most milliseconds between two tries after failures; default 15,000. */
  readonly longestPauseMs?: number;
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

/** After a block, and when an act is to be sent, the next look follows soon, then later and later up to `pollMs`. */
const SOON_MS = 10;

/**
 * Follows the chain until it is closed. Throws if the database cannot be reached or another indexer writes to it; a node
 * that cannot be reached is waited for. What stops it for good is recorded in chain.cursor.stopped_reason.
 */
export async function start(config: Config): Promise<Indexer> {
  const { databaseUrl, rpcUrl, deployment, log } = config;
  const { pollMs = 250, proveMs = 1_000, patienceMs = 5_000, deepest = 64 } = config;
  const writer = await openWriter(databaseUrl, patienceMs);
  const reader = openReader(databaseUrl);
  const { longestPauseMs: longestPause = 15_000 } = config;
  const nodes = new Nodes(rpcUrl, deployment, config);
  const ledger = await Ledger.open(reader, keccak256); // not from the connection that writes: it may be busy
  const closing = new AbortController();
  const { signal } = closing;
  const progress: Progress = { head: undefined, reorganisations: 0 };
  const nap = new Nap();
  const listener = await listen(databaseUrl, ['queue'], () => nap.wake());
  let follower: Follower | undefined;
  let turn: number | undefined;
  let proved: bigint | undefined;
  let provedAt: Point | undefined;
  let problem: string | undefined;
  let stopped: string | undefined;

  /** On the node that is in use now, from where the database is. */
  const beginWith = async ({ turn: now, ask }: Awaited<ReturnType<Nodes['pinned']>>): Promise<Follower> => {
    turn = now;
    const rpc = connectRpc(ask);
    return new Follower([writer, reader], rpc, ledger, applierOf(deployment), {
      start: deployment.startBlock,
      deepest,
      at: await resume(writer, rpc, deployment),
      progress,
      whereIs: ({ number, hash }, head) => nodes.whereIs({ number, hash: toHex(hash) }, head),
    });
  };
  const follow = async (): Promise<boolean> => {
    if (nodes.turn !== turn) follower = undefined;
    follower ??= await beginWith(await nodes.pinned());
    return follower.step(signal);
  };
  const proveNewest = async (): Promise<boolean> => {
    if (follower === undefined || follower.isFar || follower.at === provedAt) return false;
    const { at } = follower;
    const { ask } = await nodes.pinned();
    proved = await prove(reader, connectRpc(ask), deployment);
    if (proved === at.number) provedAt = at;
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
  const fine = (): void => {
    if (problem !== undefined) log.warn({}, 'the indexer goes on');
    problem = undefined;
  };
  let isProofLate = false;

  const following = repeat(follow, {
    waits: { first: Math.min(SOON_MS, pollMs), most: pollMs, quiet: 4 * pollMs },
    nap,
    longestPause,
    signal,
    stop,
    fine,
    again: (error) => {
      troubled(error);
      ledger.forget();
      follower = undefined; // where we are, the database knows
    },
  });
  const proving = repeat(proveNewest, {
    waits: { first: proveMs, most: proveMs, quiet: proveMs },
    nap: new Nap(),
    longestPause,
    signal,
    stop,
    fine: () => {
      if (isProofLate) log.warn({}, 'proofs go on');
      isProofLate = false;
    },
    again: (error, isFirst) => {
      isProofLate = true;
      if (isFirst) log.warn({ err: error }, `a proof has to wait: ${messageOf(error)}`);
    },
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
      nodes.close();
      await listener.close();
      await Promise.all([writer.destroy(), reader.destroy()]);
    },
  };
}
