/** What the database announces, for all who listen in this process. */
import type { Logger } from 'pino';
import {
  listen,
  type ActNotice,
  type BlockNotice,
  type ErasedNotice,
  type InboxNotice,
  type SessionNotice,
  type Listener,
} from '#db/instructions/notices.ts';
import type { Database } from '#db/wire/connect.ts';
import { isOverIn } from '../instructions/follow.ts';
import { partiesOfBlocks } from '#db/bills/acts.ts';

export type LiveEvent =
  | { readonly type: 'block'; readonly block: number; readonly proved: number | null }
  | {
      readonly type: 'instruction';
      readonly id: string;
      readonly state: string;
      readonly member: number | null;
    }
  | { readonly type: 'inbox'; readonly members: readonly number[] }
  | { readonly type: 'session'; readonly closed: string }
  | { readonly type: 'erased'; readonly member: number }
  /** Notices may have been missed: look again at whatever matters. */
  | { readonly type: 'resumed' };

/** After a start or a long silence only the newest blocks count. */
const MAX_BLOCKS_TOLD = 100;

type Subscriber = (event: LiveEvent) => void;

/** All that the database tells, from one connection to everybody in this process who wants to know. */
export class Announcements {
  readonly #subscribers = new Set<Subscriber>();
  #streams = 0;
  readonly #db: Database;
  readonly #log: Logger;
  #listener: Listener | undefined;
  #block = 0;
  #lastAsked = 0;
  #isClosing = false;

  static async open(databaseUrl: string, db: Database, log: Logger): Promise<Announcements> {
    const made = new Announcements(db, log);
    made.#listener = await listen(
      databaseUrl,
      ['ledger', 'app'],
      (channel, payload) =>
        channel === 'ledger' ? made.#onBlock(payload as BlockNotice) : made.#onApp(payload),
      () => made.#emit({ type: 'resumed' }),
    );
    return made;
  }

  private constructor(db: Database, log: Logger) {
    this.#db = db;
    this.#log = log;
  }

  /** Whether whatever is said is heard. */
  get isListening(): boolean {
    return this.#listener?.isOpen ?? false;
  }

  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Open streams of live events. */
  get streams(): number {
    return this.#streams;
  }

  /** For somebody who wants to hear everything, inboxes too. Returns how to stop it. */
  stream(subscriber: Subscriber): () => void {
    this.#streams++;
    const stop = this.subscribe(subscriber);
    return () => {
      this.#streams--;
      stop();
    };
  }

  /** For this process itself: inboxes are not worked out for it. Returns how to stop it. */
  subscribe(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /** Settles when the act is over, when notices may have been missed, or after the time. */
  untilIsOver(id: string, milliseconds: number): { moved: Promise<void>; cancel(): void } {
    if (this.#isClosing) return { moved: Promise.resolve(), cancel: () => {} };
    let settle = (): void => {};
    const moved = new Promise<void>((resolve) => (settle = resolve));
    const timer = setTimeout(() => settle(), milliseconds);
    const stop = this.subscribe((event) => {
      const isOver = event.type === 'instruction' && event.id === id && isOverIn(event.state);
      if (isOver || event.type === 'resumed') settle();
    });
    const cancel = (): void => {
      clearTimeout(timer);
      stop();
      settle();
    };
    return { moved: moved.finally(cancel), cancel };
  }

  /** Whoever waits is answered with what there is. */
  stopWaiting(): void {
    this.#isClosing = true;
    this.#emit({ type: 'resumed' });
  }

  async close(): Promise<void> {
    await this.#listener?.close();
  }

  #emit(event: LiveEvent): void {
    for (const subscriber of this.#subscribers) subscriber(event);
  }

  #onApp(payload: unknown): void {
    const notice = payload as ActNotice | InboxNotice | SessionNotice | ErasedNotice;
    if ('inbox' in notice) this.#emit({ type: 'inbox', members: notice.inbox });
    else if ('erased' in notice) this.#emit({ type: 'erased', member: notice.erased });
    else if ('session' in notice) this.#emit({ type: 'session', closed: notice.session });
    else this.#emit({ type: 'instruction', id: notice.act, state: notice.state, member: notice.member });
  }

  #onBlock({ block, proved }: BlockNotice): void {
    this.#emit({ type: 'block', block, proved });
    this.#block = block;
    if (this.#streams === 0) {
      this.#lastAsked = block;
      return;
    }
    void this.#tellParties();
  }

  /** Whose bills the new blocks touched. Blocks that come while the question is out are asked about together. */
  async #tellParties(): Promise<void> {
    const after = this.#lastAsked;
    const upTo = this.#block;
    if (upTo <= after) return;
    this.#lastAsked = upTo;
    try {
      const members = await partiesOfBlocks(
        this.#db,
        BigInt(Math.max(after, upTo - MAX_BLOCKS_TOLD)),
        BigInt(upTo),
      );
      if (members.length > 0) this.#emit({ type: 'inbox', members });
    } catch (error) {
      this.#log.warn({ err: error }, 'the parties of new blocks could not be read');
    }
  }
}
