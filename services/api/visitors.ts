import { createHash } from 'node:crypto';
import { findVisitor, type Visitor } from '#db/app/sessions.ts';
import type { Database } from '#db/connect.ts';
import type { LiveEvent } from './live/hub.ts';

/** Sessions that are remembered at most. */
const MOST = 10_000;

type News = { readonly isListening: boolean; subscribe(subscriber: (event: LiveEvent) => void): () => void };

/**
 * Who stands behind a token, as the database said it last. Forgotten when a session is closed by whichever process, when a
 * block may have changed a member, and when news may have been missed; without news nothing is remembered.
 */
export class Visitors {
  readonly #db: Database;
  readonly #news: News;
  readonly #known = new Map<string, Visitor>();
  /** Counts what made us forget: an answer that was under way meanwhile is not kept. */
  #epoch = 0;

  constructor(db: Database, news: News) {
    this.#db = db;
    this.#news = news;
    news.subscribe(({ type }) => {
      if (type === 'block' || type === 'resumed' || type === 'session') this.forget();
    });
  }

  forget(): void {
    this.#epoch++;
    this.#known.clear();
  }

  /** Undefined for a token that is unknown or over. */
  async find(token: string): Promise<Visitor | undefined> {
    const key = createHash('sha256').update(token).digest('base64');
    const known = this.#news.isListening ? this.#known.get(key) : undefined;
    if (known !== undefined) return known.expiresAt > new Date() ? known : undefined;
    const epoch = this.#epoch;
    const visitor = await findVisitor(this.#db, token, new Date());
    if (visitor === undefined || epoch !== this.#epoch || !this.#news.isListening) return visitor;
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(key, visitor);
    return visitor;
  }
}
