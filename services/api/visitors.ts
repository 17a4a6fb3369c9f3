/** Sessions: who stands behind a token, without asking the database at each request. */
import { findVisitor, sessionOf, type Visitor } from '#db/requests/sessions.ts';
import type { Database } from '#db/wire/connect.ts';
import { findMember, type MemberRow } from '#db/members/read.ts';
import { ROLE_BITS } from '#domain/codes.ts';
import type { KnownPerson, MemberPerson } from './access/person.ts';
import type { LiveEvent } from './status/announcements.ts';
import { accountOf } from './members/accounts.ts';

/** Sessions that are remembered at most. */
const MAX_KNOWN = 10_000;

type News = { readonly isListening: boolean; subscribe(subscriber: (event: LiveEvent) => void): () => void };

/**
 * Who stands behind a token, as the database said it last. Forgotten when a session is closed by whichever process, when a
 * block may have changed a member, and when news may have been missed; without news nothing is remembered.
 */
export class Visitors {
  readonly #db: Database;
  readonly #news: News;
  readonly #known = new Map<string, KnownPerson>();
  /** Of those who are remembered, and forgotten with them. */
  readonly #rows = new WeakMap<MemberPerson, MemberRow>();
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

  /** Undefined for a token that is unknown or over. At once, if it is remembered. */
  find(token: string): KnownPerson | undefined | Promise<KnownPerson | undefined> {
    const known = this.#news.isListening ? this.#known.get(token) : undefined;
    if (known === undefined) return this.#ask(token);
    return known.expiresAt.getTime() > Date.now() ? known : undefined;
  }

  /** All that is known of the member who asks, as of when it was found. Undefined for one that is not there any more. */
  async rowOf(person: MemberPerson): Promise<MemberRow | undefined> {
    const known = this.#rows.get(person);
    if (known !== undefined) return known;
    const row = await findMember(this.#db, person.number);
    // A member's names stand for good, but only once they are known.
    if (row !== undefined && row.name_zh !== null) this.#rows.set(person, row);
    return row;
  }

  async #ask(token: string): Promise<KnownPerson | undefined> {
    const epoch = this.#epoch;
    const visitor = await findVisitor(this.#db, token, new Date());
    const person = visitor && personOf(visitor, sessionOf(token));
    if (person === undefined || epoch !== this.#epoch || !this.#news.isListening) return person;
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(token, person);
    return person;
  }
}

function personOf(visitor: Visitor, session: string): KnownPerson | undefined {
  const { member: number, expiresAt, roles, account, isSuspended } = visitor;
  if (number === null) return { kind: 'operator', session, expiresAt };
  if (roles === null || account === null) return undefined;
  return {
    kind: 'member',
    session,
    number,
    roles,
    account: accountOf(account),
    viewer: { member: number, seesAll: (roles & ROLE_BITS.regulator) !== 0 && !isSuspended },
    expiresAt,
  };
}
