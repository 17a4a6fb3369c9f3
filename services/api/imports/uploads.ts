/**
 * How many files are in our hands at once. A place is taken before a file is received and bounds what lies in memory; a turn
 * is waited for before it is read, so that no file holds a connection of the database while it waits.
 */
import { availableParallelism } from 'node:os';
import { refused } from '../problems/refused.ts';

type Bounds = { readonly places: number; readonly placesOfMember: number; readonly turns: number };

const BOUNDS: Bounds = { places: 12, placesOfMember: 3, turns: Math.max(1, availableParallelism() - 1) };

export type Place = Disposable & {
  /** Waits until the file may be read; of one member one is read at a time. */
  readonly turn: () => Promise<void>;
};
/** A member by its number, or a person. */
type Owner = number | string;
type Waiting = { readonly member: Owner; readonly begin: () => void };

export class Uploads {
  readonly #bounds: Bounds;
  readonly #places = new Map<Owner, number>();
  readonly #reading = new Set<Owner>();
  #waiting: Waiting[] = [];

  constructor(bounds: Bounds = BOUNDS) {
    this.#bounds = bounds;
  }

  /** Throws RATE_LIMITED where the member has enough of them under way, UNAVAILABLE where all have. */
  place(member: Owner): Place {
    const { places, placesOfMember } = this.#bounds;
    const taken = this.#places.get(member) ?? 0;
    if (taken >= placesOfMember) throw refused('UPLOADS_OF_MEMBER', { count: placesOfMember });
    if ([...this.#places.values()].reduce((sum, count) => sum + count, 0) >= places)
      throw refused('UPLOADS_OF_ALL');
    this.#places.set(member, taken + 1);
    let isReading = false;
    let isOver = false;
    return {
      turn: async () => {
        await new Promise<void>((begin) => {
          this.#waiting.push({ member, begin });
          this.#next();
        });
        isReading = true;
      },
      [Symbol.dispose]: () => {
        if (isOver) return;
        isOver = true;
        const left = this.#places.get(member)! - 1;
        if (left === 0) this.#places.delete(member);
        else this.#places.set(member, left);
        if (isReading) this.#reading.delete(member);
        this.#next();
      },
    };
  }

  #next(): void {
    while (this.#reading.size < this.#bounds.turns) {
      const at = this.#waiting.findIndex(({ member }) => !this.#reading.has(member));
      if (at < 0) return;
      const [{ member, begin }] = this.#waiting.splice(at, 1) as [Waiting];
      this.#reading.add(member);
      begin();
    }
  }
}
