import type { Logger } from 'pino';
import type { SignedBy } from '#db/instructions/own.ts';
import type { Sender } from './sender.ts';

/** Milliseconds after a first failure (no node, no database) before the next try; they double with each that follows another. */
const FIRST_PAUSE = 500;
/** Milliseconds between looks for what is stuck or was lost. */
const CHECK = 3_000;

/** Runs one sender whenever somebody wakes it; woken while at work, it goes round once more. */
export class Worker {
  readonly #sender: Sender;
  readonly #log: Logger;
  #isClosing = false;
  #wake: () => void = () => {};
  #isWoken = true;
  /** The read model has moved since transactions were last asked after. */
  #hasMoved = true;
  /** The queue may hold something. */
  #hasQueued = true;
  readonly #longestPause: number;
  /** In a row. */
  #failures = 0;
  #checked = Date.now();
  readonly #running: Promise<void>;

  constructor(sender: Sender, log: Logger, longestPause: number) {
    this.#longestPause = longestPause;
    this.#sender = sender;
    this.#log = log;
    this.#running = this.#run();
  }

  /** Something may have happened, of which no notice came. */
  wake(): void {
    this.#hasMoved = this.#hasQueued = true;
    this.#rouse();
  }

  /** Something that was sent may be over. */
  wakeToSettle(): void {
    this.#hasMoved = true;
    this.#rouse();
  }

  /** Something is in the queue. */
  wakeToSend(signedBy: SignedBy | undefined): void {
    if (signedBy !== undefined && !this.#sender.sends(signedBy)) return;
    this.#hasQueued = true;
    this.#rouse();
  }

  #rouse(): void {
    this.#isWoken = true;
    this.#wake();
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    let isResumed = false;
    while (!this.#isClosing) {
      this.#isWoken = false;
      try {
        if (!isResumed) await this.#sender.resume();
        isResumed = true;
        await this.#round();
        if (this.#failures > 0) {
          await this.#sender.recover({ wasAway: true });
          this.#log.warn({ sender: this.#sender.address }, 'the relayer goes on');
        }
        this.#failures = 0;
      } catch (error) {
        if (this.#failures === 0)
          this.#log.error({ err: error, sender: this.#sender.address }, 'the relayer waits');
        await this.#sleep(Math.min(this.#longestPause, FIRST_PAUSE * 2 ** this.#failures++));
        this.#isWoken = this.#hasMoved = this.#hasQueued = true;
      }
      if (!this.#isWoken && !this.#isClosing) await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async #round(): Promise<void> {
    let again = true;
    while (again && !this.#isClosing) {
      const hasMoved = this.#hasMoved;
      this.#hasMoved = false;
      const settled = hasMoved && (await this.#sender.settle());
      const hasQueued = this.#hasQueued;
      this.#hasQueued = false;
      const isMore = hasQueued && (await this.#sender.send());
      this.#hasQueued ||= isMore;
      again = settled || (isMore && !this.#sender.isFull);
    }
    if (Date.now() - this.#checked < CHECK) return;
    this.#checked = Date.now();
    await this.#sender.recover({ wasAway: false });
    await this.#sender.resendStuck();
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        if (!this.#isClosing) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
