import { setTimeout as sleep } from 'node:timers/promises';
import { isRetry } from './errors.ts';
import { RpcRefusal } from './rpc.ts';

type Repeat = {
  /** Milliseconds to wait when there was nothing to do: at first, and at most; it doubles while there is nothing. */
  readonly waits: { readonly first: number; readonly most: number };
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

/** Runs `work` again and again, at once while it returns true, until the signal or a failure that another try cannot mend. */
export async function repeat(
  work: () => Promise<boolean>,
  { waits, longestPause, signal, ...on }: Repeat,
): Promise<void> {
  for (let idle = 0, failures = 0; !signal.aborted;) {
    let wait: number;
    try {
      const more = await work();
      on.fine();
      failures = 0;
      idle = more ? 0 : idle + 1;
      wait = more ? 0 : Math.min(waits.most, waits.first * 2 ** (idle - 1));
    } catch (error) {
      if (!isRetry(error) && !(error instanceof RpcRefusal)) return on.stop(error);
      on.again(error, failures === 0);
      wait = Math.min(longestPause, FIRST_PAUSE * 2 ** failures++);
    }
    if (wait > 0) await sleep(wait, undefined, { signal }).catch(() => {});
  }
}
