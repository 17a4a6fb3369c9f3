/**
 * Changes of policies whose time has come are carried out without anybody asking for it. Each process of the API looks, with each block
 * and every half minute besides, because time goes on where no block comes; the database says which of them does it.
 */
import { readyChanges } from '#db/accounts/read.ts';
import { PLATFORM, PLATFORM_NUMBER, SYSTEM, transact } from '#db/access/access.ts';
import { ITSELF } from '#db/audit/write.ts';
import { operatorAccounts } from '#db/operator/enrolment.ts';
import { Problem } from '#domain/problems.ts';
import type { App } from '../app-types.ts';
import type { Services } from '../services.ts';
import { carryOut } from './changes.ts';

/** Milliseconds between looks that no block called for. */
const LOOK_MS = 30_000;
/** Changes of one look. */
const MOST = 50;
/** What was refused is left alone for so long (ms). */
const AGAIN_MS = 600_000;

export class ChangeKeeper {
  readonly #services: Services;
  /** Refused ones, and when that was. */
  readonly #refused = new Map<string, number>();
  #running: Promise<void> | undefined;
  #isAskedAgain = false;

  constructor(services: Services) {
    this.#services = services;
  }

  wake(): void {
    if (this.#running === undefined) this.#running = this.#run();
    else this.#isAskedAgain = true;
  }

  /** Until what is under way is through. */
  settled(): Promise<void> {
    return this.#running ?? Promise.resolve();
  }

  async #run(): Promise<void> {
    do {
      this.#isAskedAgain = false;
      await this.#look().catch((error: unknown) =>
        this.#services.log.error({ err: error }, 'ready changes were not carried out; the next look does it'),
      );
    } while (this.#isAskedAgain);
    this.#running = undefined;
  }

  async #look(): Promise<void> {
    const { db, clock, log } = this.#services;
    const now = await clock.now();
    const others = await operatorAccounts(db);
    const ready = await transact(db, SYSTEM, (trx) => readyChanges(trx, { now, limit: MOST, others }));
    for (const { account, member, ...change } of ready) {
      if (Date.now() < (this.#refused.get(change.change) ?? 0) + AGAIN_MS) continue;
      const number = member ?? PLATFORM_NUMBER;
      const viewer = member === null ? PLATFORM : { member, seesAll: false };
      await carryOut(this.#services, { number, account, viewer }, change, ITSELF).catch((error: unknown) => {
        if (!(error instanceof Problem)) throw error;
        if (error.code === 'CHANGE_NOT_WAITING') return; // another process has it in hand
        this.#refused.set(change.change, Date.now());
        log.warn({ account, change: change.change, code: error.code }, 'a ready change was refused');
      });
    }
  }
}

export function keepChanges(app: App): void {
  const { services } = app;
  const keeper = new ChangeKeeper(services);
  const timer = setInterval(() => keeper.wake(), LOOK_MS);
  timer.unref();
  const stop = services.announcements.subscribe(({ type }) => {
    if (type === 'block' || type === 'resumed') keeper.wake();
  });
  app.addHook('onReady', async () => keeper.wake());
  app.addHook('onClose', async () => {
    clearInterval(timer);
    stop();
    await keeper.settled();
  });
}
