import type { Restriction } from '#domain/codes.ts';
import type { PrepareInput } from '#web/api/client.ts';
import type { MemberRef } from '#web/api/schema.ts';

type Asked = PrepareInput['restrict'];

/** What is to bind the bills of an issue: said here, and in force once they are prepared with it. */
export class Limits {
  #kinds = $state.raw<readonly Restriction[]>([]);
  members = $state.raw<readonly MemberRef[]>([]);

  has(kind: Restriction): boolean {
    return this.#kinds.includes(kind);
  }

  get isSet(): boolean {
    return this.#kinds.length > 0;
  }

  /** Only named members means at least one. */
  get isWhole(): boolean {
    return !this.has('named_members_only') || this.members.length > 0;
  }

  turn(kind: Restriction): void {
    this.#kinds = this.has(kind) ? this.#kinds.filter((each) => each !== kind) : [...this.#kinds, kind];
  }

  name({ number, name }: MemberRef): void {
    if (this.members.length < 50 && this.members.every((each) => each.number !== number))
      this.members = [...this.members, { number, name }];
  }

  drop({ number }: MemberRef): void {
    this.members = this.members.filter((each) => each.number !== number);
  }

  get asked(): Asked {
    if (!this.isSet) return undefined;
    return {
      ...(this.has('not_to_be_passed_on') ? { passOn: false as const } : {}),
      ...(this.has('not_to_be_financed') ? { finance: false as const } : {}),
      ...(this.has('named_members_only') ? { members: this.members.map(({ number }) => number) } : {}),
    };
  }

  differFrom(prepared: Asked): boolean {
    return JSON.stringify(this.asked) !== JSON.stringify(prepared);
  }
}
