import { tidy } from '#domain/import/table.ts';
import type { MemberRow } from '#db/read/members.ts';

/** Members by all that a firm's books may call them: names, tax number, member number. */
export class Directory {
  readonly #byText = new Map<string, Set<number>>();
  readonly #taxIds = new Map<number, string>();

  constructor(members: readonly Pick<MemberRow, 'number' | 'name_zh' | 'name_en' | 'tax_id'>[]) {
    for (const { number, name_zh, name_en, tax_id } of members) {
      if (tax_id !== null && tax_id !== '') this.#taxIds.set(number, tax_id);
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

  /** The seller of an invoice is known by its tax number, or by what we know it by. */
  sellerOf(member: number): string {
    return this.#taxIds.get(member) ?? `member ${member}`;
  }
}

const keyOf = (text: string): string => tidy(text).toLowerCase();
