/**
 * The audit trail from the side of the API. Looks are put together in memory and written some times a second, so that a request does not
 * wait for its own entry; what waits is sealed into links; and what was sealed a day ago is anchored. What a look costs a request
 * is an array's push; what a crash costs is the looks of the last moment, at most a second.
 */
import type { Logger } from 'pino';
import { recordAudit, type AuditEntry } from '#db/audit/write.ts';
import { isWaiting, sealNext } from '#db/audit/seal.ts';
import type { Database } from '#db/wire/connect.ts';

/** Milliseconds between two rounds; a look waits for one, an entry to be sealed for two at most. */
const PAUSE_MS = 400;
/** Looks of one statement at most. */
const MOST_LOOKS = 2_000;
/** Milliseconds between two looks whether there is something to anchor. */
const ANCHOR_PAUSE_MS = 600_000;

export class Trail {
  readonly #db: Database;
  readonly #log: Logger;
  readonly #anchor: () => Promise<unknown>;
  #looks: AuditEntry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #isClosing = false;
  #isFailing = false;
  #anchorAt = 0;

  /** @param anchor Anchors what is due, if anything is. */
  constructor(db: Database, log: Logger, anchor: () => Promise<unknown>) {
    this.#db = db;
    this.#log = log.child({ service: 'audit' });
    this.#anchor = anchor;
    this.#plan();
  }

  /** Remembers a look, or something else that changed nothing. */
  add(entry: AuditEntry): void {
    this.#looks.push({ at: new Date(), ...entry });
  }

  /** Looks that are not written yet. */
  get unwritten(): number {
    return this.#looks.length;
  }

  /** Writes what is not written and seals what waits, after what is under way. */
  flush(): Promise<void> {
    const next = this.#round.then(() => this.#write());
    this.#round = next.catch(() => undefined);
    return next;
  }

  async #write(): Promise<void> {
    while (this.#looks.length > 0) {
      const batch = this.#looks.slice(0, MOST_LOOKS);
      await recordAudit(this.#db, ...batch);
      this.#looks = this.#looks.slice(batch.length);
    }
    while ((await isWaiting(this.#db)) && (await sealNext(this.#db)));
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#timer);
    await this.flush().catch((error: unknown) =>
      this.#log.error({ err: error, lost: this.#looks.length }, 'looks are lost'),
    );
  }

  #plan(): void {
    if (this.#isClosing) return;
    this.#timer = setTimeout(() => void this.#go().finally(() => this.#plan()), PAUSE_MS);
    this.#timer.unref();
  }

  /** A database that is away is waited for: nothing is looked at meanwhile. */
  async #go(): Promise<void> {
    try {
      await this.flush();
      if (Date.now() >= this.#anchorAt) {
        this.#anchorAt = Date.now() + ANCHOR_PAUSE_MS;
        await this.#anchor();
      }
      if (this.#isFailing) this.#log.warn('the audit trail goes on');
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing)
        this.#log.error({ err: error, looks: this.#looks.length }, 'the audit trail waits');
      this.#isFailing = true;
    }
  }
}
