/** Sessions: who stands behind a token, without asking the database at each request. */
import { findVisitor, noteSeen, sessionOf, type Visitor } from '#db/requests/sessions.ts';
import { toHex } from '#db/wire/bytes.ts';
import type { Database } from '#db/wire/connect.ts';
import { findMember, type MemberRow } from '#db/members/read.ts';
import { ROLE_BITS } from '#domain/codes.ts';
import type { KnownPerson, MemberPerson } from './access/person.ts';
import type { LiveEvent } from './status/announcements.ts';
import { accountOf } from './members/accounts.ts';

/** Sessions that are remembered at most. */
const MAX_KNOWN = 10_000;
/** How often the database is told that a session is in use (ms). */
const NOTED_MS = 60_000;

type News = { readonly isListening: boolean; subscribe(subscriber: (event: LiveEvent) => void): () => void };

/**
 * Who stands behind a token, as the database said it last. Forgotten when a session is closed by whichever process, when a
 * block may have changed a member or its name was erased, and when news may have been missed; without news nothing is remembered.
 */
export class Visitors {
  readonly #db: Database;
  readonly #news: News;
  readonly #known = new Map<string, KnownPerson>();
  /** When each was last noted as seen (ms): outlives what makes us forget the rest. */
  readonly #noted = new Map<string, number>();
  /** Of those who are remembered, and forgotten with them. */
  readonly #rows = new WeakMap<MemberPerson, MemberRow>();
  /** Counts what made us forget: an answer that was under way meanwhile is not kept. */
  #epoch = 0;

  constructor(db: Database, news: News) {
    this.#db = db;
    this.#news = news;
    news.subscribe(({ type }) => {
      if (type !== 'instruction' && type !== 'inbox') this.forget();
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
    const now = Date.now();
    if (known.expiresAt.getTime() <= now) return undefined;
    // Another process may have seen it meanwhile: only the database knows whether it rested too long.
    if (now - (this.#noted.get(token) ?? 0) > NOTED_MS) return this.#ask(token);
    return known;
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

  async #note(token: string, { seenAt }: Visitor): Promise<void> {
    const now = Date.now();
    if (this.#noted.size >= MAX_KNOWN) this.#noted.clear();
    if (now - seenAt.getTime() > NOTED_MS) await noteSeen(this.#db, token, new Date(now));
    this.#noted.set(token, now);
  }

  async #ask(token: string): Promise<KnownPerson | undefined> {
    const epoch = this.#epoch;
    const visitor = await findVisitor(this.#db, token, new Date());
    const person = visitor && personOf(visitor, sessionOf(token));
    if (visitor !== undefined) await this.#note(token, visitor);
    if (person === undefined || epoch !== this.#epoch || !this.#news.isListening) return person;
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(token, person);
    return person;
  }
}

function personOf(visitor: Visitor, session: string): KnownPerson | undefined {
  const { id, person, member: number, rights, openedAt, expiresAt, ranges, roles, account } = visitor;
  const known = {
    session,
    sessionId: id,
    person: person ?? undefined,
    rights,
    openedAt,
    expiresAt,
    ...(ranges === undefined ? {} : { ranges }),
  };
  if (visitor.isOperator) return { kind: 'operator', ...known };
  if (number === null || roles === null || account === null)
    return person === null ? undefined : { kind: 'person', ...known, rights: [] };
  const branch = visitor.branch === null ? undefined : toHex(visitor.branch);
  const seesAll = (roles & ROLE_BITS.regulator) !== 0 && !visitor.isSuspended;
  return {
    kind: 'member',
    ...known,
    number,
    roles,
    account: accountOf(account),
    branch,
    viewer: { member: number, seesAll, branch },
  };
}
