/**
 * Work that is done when woken, one run at a time: whatever wakes it during a run leads to one more run after it. Without
 * being woken it runs every `everyMs`, so that a notice that was lost only delays.
 */
export class Loop {
  readonly #run: () => Promise<void>;
  readonly #everyMs: number;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(run: () => Promise<void>, everyMs: number, onError: (error: unknown) => void) {
    this.#run = run;
    this.#everyMs = everyMs;
    this.#onError = onError;
  }

  wake(): void {
    if (this.#closed) return;
    if (this.#running !== undefined) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#running = this.#run()
      .catch(this.#onError)
      .then(() => this.#rest());
  }

  #rest(): void {
    this.#running = undefined;
    if (this.#closed) return;
    if (this.#again) {
      this.#again = false;
      this.wake();
    } else {
      this.#timer = setTimeout(() => this.wake(), this.#everyMs);
    }
  }

  /** Waits for the run that is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }
}
