/** A wait that ends early when somebody says that something will happen; said while nobody waits, it ends the next wait. */
export class Nap {
  #isWoken = false;
  #end: () => void = () => {};

  wake(): void {
    this.#isWoken = true;
    this.#end();
  }

  /** Waits so many milliseconds, or until the signal. Returns whether it was woken. */
  async take(milliseconds: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#isWoken && !signal.aborted) {
      await new Promise<void>((settle) => {
        const timer = setTimeout(settle, milliseconds);
        this.#end = () => {
          clearTimeout(timer);
          settle();
        };
        signal.addEventListener('abort', this.#end, { once: true });
      });
      signal.removeEventListener('abort', this.#end);
    }
    const isWoken = this.#isWoken;
    this.#isWoken = false;
    return isWoken;
  }
}
