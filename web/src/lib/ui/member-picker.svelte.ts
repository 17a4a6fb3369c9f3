import type { Role } from '#domain/codes.ts';
import { api } from '#web/api/client.ts';
import type { Member } from '#web/api/schema.ts';
import { text } from '#web/format.ts';
import { Query } from '#web/state/query.svelte.ts';

type Wanted = { role?: Role | undefined; not?: number | undefined };

/**
 * Finding one member by part of its name or its number. The first hit is at hand at once, so that typing and Enter are
 * enough; nothing depends on key events while a name is typed, because input methods send none.
 */
export class MemberPick {
  typed = $state('');
  isOpen = $state(false);
  readonly found: Query<{ items: Member[] }>;
  #active = $state(0);
  #wanted: () => Wanted;
  #onpick: (member: Member | undefined) => void;

  constructor(wanted: () => Wanted, onpick: (member: Member | undefined) => void) {
    this.#wanted = wanted;
    this.#onpick = onpick;
    this.found = new Query(
      (signal) => {
        const { role } = wanted();
        return api.members({ q: this.typed.trim(), ...(role ? { role } : {}), limit: 20 }, signal);
      },
      { live: false, keep: true },
    );
  }

  get members(): Member[] {
    const { not } = this.#wanted();
    return (this.found.value?.items ?? []).filter((member) => member.number !== not && member.active);
  }

  get active(): Member | undefined {
    return this.isOpen ? this.members[Math.min(this.#active, this.members.length - 1)] : undefined;
  }

  type(typed: string): void {
    this.typed = typed;
    this.#active = 0;
    this.isOpen = true;
    this.#onpick(undefined);
  }

  pick(member: Member): void {
    this.typed = text(member.name);
    this.isOpen = false;
    this.#onpick(member);
  }

  key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      this.#active = this.isOpen
        ? (this.#active + step + this.members.length) % Math.max(1, this.members.length)
        : 0;
      this.isOpen = true;
    } else if (event.key === 'Enter' && this.active) this.pick(this.active);
    else if (event.key === 'Escape' && this.isOpen) this.isOpen = false;
    else return;
    event.preventDefault();
  }
}
