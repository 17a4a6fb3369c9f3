/** Names of members for all answers of this process. */
import type { Static } from 'typebox';
import { PLATFORM } from '#domain/instructions/sentences.ts';
import type { Text } from '#domain/problems.ts';
import { PLATFORM_NUMBER } from '#db/access/access.ts';
import type { Database } from '#db/wire/connect.ts';
import { findMembers } from '#db/members/read.ts';
import type { MemberRef } from '../schemas/common.ts';

type Ref = Static<typeof MemberRef>;

/** Members by number with their names. A name stands for good once it is known, so it is asked for once. */
export class Names {
  readonly #db: Database;
  readonly #known = new Map<number, Text>([[PLATFORM_NUMBER, PLATFORM]]);

  constructor(db: Database) {
    this.#db = db;
  }

  /** Looks up all of them; the function that comes back knows them. */
  async of(numbers: Iterable<number | null>): Promise<(number: number) => Ref> {
    const missing = [...new Set(numbers)].filter(
      (number): number is number => number !== null && !this.#known.has(number),
    );
    if (missing.length > 0) {
      for (const { number, name_zh, name_en } of await findMembers(this.#db, missing)) {
        if (name_zh !== null && name_en !== null) this.#known.set(number, { zh: name_zh, en: name_en });
      }
    }
    return (number) => ({ number, name: this.#known.get(number) ?? nameless(number) });
  }

  /** Whether all of them have a name: it will not change. */
  know(numbers: readonly (number | null)[]): boolean {
    return numbers.every((number) => number === null || this.#known.has(number));
  }
}

/** Admitted by somebody who told us no name. */
export const nameless = (number: number): Text => ({ zh: `成员 ${number}`, en: `Member ${number}` });
