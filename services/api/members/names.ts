/** Names of members for all answers of this process. */
import type { Static } from 'typebox';
import { PLATFORM } from '#domain/instructions/sentences.ts';
import type { Text } from '#domain/problems.ts';
import { PLATFORM_NUMBER } from '#db/access/access.ts';
import type { Database } from '#db/wire/connect.ts';
import { findMembers } from '#db/members/read.ts';
import type { LiveEvent } from '../status/announcements.ts';
import type { MemberRef } from '../schemas/common.ts';

type Ref = Static<typeof MemberRef>;

type News = { subscribe(subscriber: (event: LiveEvent) => void): () => void };

/** Members by number with their names. A name stands until it is erased, so it is asked for once. */
export class Names {
  readonly #db: Database;
  readonly #known = new Map<number, Text>([[PLATFORM_NUMBER, PLATFORM]]);
  #epoch = 0;

  constructor(db: Database, news: News) {
    this.#db = db;
    news.subscribe((event) => {
      if (event.type === 'erased') this.forget(event.member);
      else if (event.type === 'resumed') this.forget();
    });
  }

  /** Counts what was forgotten: what was written with a name before is not to be told again. */
  get epoch(): number {
    return this.#epoch;
  }

  /** One that was erased; or all, when it may have been missed that one was. */
  forget(number?: number): void {
    this.#epoch++;
    if (number !== undefined) this.#known.delete(number);
    else this.#known.clear();
    this.#known.set(PLATFORM_NUMBER, PLATFORM);
  }

  /** Looks up all of them; the function that comes back knows them. */
  async of(numbers: Iterable<number | null>): Promise<(number: number) => Ref> {
    const missing = [...new Set(numbers)].filter(
      (number): number is number => number !== null && !this.#known.has(number),
    );
    const epoch = this.#epoch;
    const found = new Map<number, Text>();
    if (missing.length > 0) {
      for (const { number, name_zh, name_en } of await findMembers(this.#db, missing)) {
        if (name_zh !== null && name_en !== null) found.set(number, { zh: name_zh, en: name_en });
      }
      if (epoch === this.#epoch) for (const [number, name] of found) this.#known.set(number, name);
    }
    return (number) => ({ number, name: this.#known.get(number) ?? found.get(number) ?? nameless(number) });
  }

  /** Whether all of them have a name: it changes only with the {@link epoch}. */
  know(numbers: readonly (number | null)[]): boolean {
    return numbers.every((number) => number === null || this.#known.has(number));
  }
}

/** Admitted by somebody who told us no name, or erased. */
export const nameless = (number: number): Text => ({ zh: `成员 ${number}`, en: `Member ${number}` });
