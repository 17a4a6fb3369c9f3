/** Has sheets drawn apart; the thread is there as long as somebody takes something away. */
import { Worker } from 'node:worker_threads';
import type { Sheet } from './sheet.ts';

type Said = { readonly id: number; readonly bytes?: Uint8Array; readonly failure?: string };
type Waiting = { readonly settle: (bytes: Uint8Array) => void; readonly fail: (error: Error) => void };

export class Sheets {
  #users = 0;
  #worker: Worker | undefined;
  #next = 0;
  readonly #waiting = new Map<number, Waiting>();

  /** Whoever comes leaves again. */
  enter(): void {
    this.#users++;
  }

  leave(): void {
    this.#users--;
    if (this.#users === 0) this.#end(new Error('nobody waits for sheets any more'));
  }

  draw(sheet: Sheet): Promise<Uint8Array> {
    const worker = (this.#worker ??= this.#begin());
    const id = this.#next++;
    return new Promise((settle, fail) => {
      this.#waiting.set(id, { settle, fail });
      worker.postMessage({ id, sheet });
    });
  }

  #begin(): Worker {
    // Nothing of ours is in its environment: neither addresses nor keys.
    const worker = new Worker(new URL('./draw.ts', import.meta.url), {
      env: { TZ: 'UTC' },
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    worker.unref();
    worker.on('message', ({ id, bytes, failure }: Said) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (bytes === undefined) waiting?.fail(new Error(`a sheet cannot be drawn: ${failure}`));
      else waiting?.settle(bytes);
    });
    worker.on('error', (error) => this.#worker === worker && this.#end(error));
    return worker;
  }

  #end(why: Error): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
    for (const { fail } of this.#waiting.values()) fail(why);
    this.#waiting.clear();
  }
}
