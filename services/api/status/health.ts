/** What this process stands on, asked with little patience: /ready and /metrics have to answer when a part does not. */
import { queueLengths } from '#db/instructions/own.ts';
import { oldestWaiting } from '#db/instructions/relayer-view.ts';
import { readModelStatus, type ReadModelStatus } from '#db/status/read.ts';
import { isoOf } from '../clock.ts';
import type { Services } from '../services.ts';
import { refused } from '../problems/refused.ts';

/** How long a part may take to answer (ms). */
const PATIENCE_MS = 3_000;
/** How far the read model may be behind the chain before it is of little use (blocks). */
export const MOST_BEHIND = 64;

export type Health = {
  /** Newest block of the chain; undefined: the node does not answer. */
  readonly head: number | undefined;
  /** When it was made (seconds since 1970). */
  readonly madeAt: number | undefined;
  /** Undefined: the database does not answer; null: the indexer has not begun. */
  readonly readModel: ReadModelStatus | null | undefined;
};

type Parts = Pick<Services, 'db' | 'provider'>;

export async function lookAt({ db, provider }: Parts): Promise<Health> {
  const [newest, readModel] = await Promise.all([
    soon(newestBlock(provider)),
    soon(readModelStatus(db).then((status) => status ?? null)),
  ]);
  return { head: newest?.number, madeAt: newest?.madeAt, readModel };
}

export async function newestBlock(provider: Parts['provider']): Promise<{ number: number; madeAt: number }> {
  const block = (await provider.send('eth_getBlockByNumber', ['latest', false])) as {
    number: string;
    timestamp: string;
  };
  return { number: Number(block.number), madeAt: Number(block.timestamp) };
}

/** How old a block is (seconds). */
export const ageOf = (madeAt: number): number => Math.max(0, Date.now() / 1_000 - madeAt);

/** When a chain that stands still made its newest block; null: it goes on, or a limit makes no sense for it. */
export const standsStillSince = (madeAt: number, limit: number | undefined): number | null =>
  limit !== undefined && ageOf(madeAt) > limit ? madeAt : null;

/** Acts that are signed and not over: how many, and for how long the oldest waits (seconds). */
export async function queueOf({ db }: Parts) {
  const queue = await soon(Promise.all([queueLengths(db), oldestWaiting(db)]));
  if (queue === undefined) return undefined;
  const [lengths, since] = queue;
  return { lengths, oldest: since === null ? 0 : Math.max(0, (Date.now() - since.getTime()) / 1_000) };
}

/** Throws UNAVAILABLE with the reason unless reads are true now and acts can be prepared. */
export function requireReady(
  { head, madeAt, readModel }: Health,
  blockAgeLimit: number | undefined,
): { indexed: number; chainHead: number } {
  if (readModel === undefined) throw refused('DATABASE_SILENT');
  if (head === undefined || madeAt === undefined) throw refused('NODE_SILENT');
  if (readModel === null) throw refused('INDEXER_NOT_BEGUN');
  if (readModel.stopped !== null) throw refused('INDEXER_STOPPED');
  const indexed = Number(readModel.indexed);
  if (head - indexed > MOST_BEHIND) throw refused('READ_MODEL_BEHIND', { blocks: head - indexed });
  const since = standsStillSince(madeAt, blockAgeLimit);
  if (since !== null) throw refused('CHAIN_STANDS_STILL', { since: isoOf(since) });
  return { indexed, chainHead: head };
}

/** The answer, or undefined if it fails or takes too long. */
async function soon<T>(asked: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((settle) => (timer = setTimeout(() => settle(undefined), PATIENCE_MS)));
  try {
    return await Promise.race([asked.catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}
