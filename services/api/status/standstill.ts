/** Watches for a chain that stands still. */
import type { JsonRpcProvider } from 'ethers';
import { isoOf } from '../clock.ts';
import { newestBlock, standsStillSince } from './health.ts';

/** Told since when the chain stands still, and null when it goes on. */
type Watcher = (since: string | null) => void;

/** A chain that stands still tells nobody: somebody has to look. Looks only while there is somebody to tell. */
export class Standstill {
  readonly #provider: JsonRpcProvider;
  readonly #limit: number | undefined;
  readonly #pause: number;
  readonly #watchers = new Set<Watcher>();
  #timer: NodeJS.Timeout | undefined;
  #since: number | null = null;

  /** @param limit Seconds; undefined: nobody can say of this chain whether it stands still. */
  constructor(provider: JsonRpcProvider, limit: number | undefined, pause = 5_000) {
    this.#provider = provider;
    this.#limit = limit;
    this.#pause = pause;
  }

  /** Returns how to stop it. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    if (this.#limit !== undefined) this.#timer ??= setInterval(() => void this.#look(), this.#pause);
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.#since = null;
    };
  }

  async #look(): Promise<void> {
    const block = await newestBlock(this.#provider).catch(() => undefined);
    if (block === undefined) return; // that is another trouble
    const since = standsStillSince(block.madeAt, this.#limit);
    if (since === this.#since) return;
    this.#since = since;
    for (const watcher of this.#watchers) watcher(since === null ? null : isoOf(since));
  }
}
