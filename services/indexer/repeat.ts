import { setTimeout as sleep } from 'node:timers/promises';
import { isRetry } from './errors.ts';
import type { Nap } from './nap.ts';
import { RpcRefusal } from './rpc.ts';

type Repeat = {
  /**
   * Milliseconds to wait when there was nothing to do: at first, at most, and at most when there has been nothing for
   * {@link QUIET}; it doubles while there is nothing.
   */
  readonly waits: { readonly first: number; readonly most: number; readonly quiet: number };
  /** What ends such a wait early. */
  readonly nap: Nap;
  /** Most milliseconds to wait after a failure: it doubles with each that follows another. */
  readonly longestPause: number;
  readonly signal: AbortSignal;
  fine(): void;
  /** The work failed and will be tried again; `isFirst`: it did not fail the last time. */
  again(error: unknown, isFirst: boolean): void;
  /** The work failed for good. */
  stop(error: unknown): Promise<void>;
};

/** Milliseconds to wait after a first failure. */
const FIRST_PAUSE = 100;
/** Milliseconds. */
const QUIET = 30_000;

/** Runs `work` again and again, at once while it returns true, until the signal or a failure that another try cannot mend. */
export async function repeat(
  work: () => Promise<boolean>,
  { waits, nap, longestPause, signal, ...on }: Repeat,
): Promise<void> {
  let lastAt = Date.now();
  for (let idle = 0, failures = 0; !signal.aborted;) {
    try {
      const more = await work();
      on.fine();
      failures = 0;
      const limit = Date.now() - lastAt > QUIET ? waits.quiet : waits.most;
      if (more || (await nap.take(Math.min(limit, waits.first * 2 ** idle++), signal))) {
        idle = 0;
        lastAt = Date.now();
      }
    } catch (error) {
      if (!isRetry(error) && !(error instanceof RpcRefusal)) return on.stop(error);
      on.again(error, failures === 0);
      const pause = Math.min(longestPause, FIRST_PAUSE * 2 ** failures++);
      await sleep(pause, undefined, { signal }).catch(() => {});
    }
  }
}
