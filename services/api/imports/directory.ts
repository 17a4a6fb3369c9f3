import { tidy } from '#domain/import/table.ts';
import type { MemberRow } from '#db/read/members.ts';

/** Members by all that a firm's books may call them: names, tax number, member number. */
export class Directory {
  readonly #byText = new Map<string, Set<number>>();

  constructor(members: readonly MemberRow[]) {
    for (const { number, name_zh, name_en, tax_id } of members) {
      for (const text of [String(number), name_zh, name_en, tax_id]) {
        if (text === null || text === '') continue;
        const key = keyOf(text);
        this.#byText.set(key, (this.#byText.get(key) ?? new Set()).add(number));
      }
    }
  }

  find(text: string): number[] {
    return [...(this.#byText.get(keyOf(text)) ?? [])];
  }
}

const keyOf = (text: string): string => tidy(text).toLowerCase();
