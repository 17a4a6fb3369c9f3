import type { Insertable, Selectable } from 'kysely';
import type { DB } from '../types.ts';
import { insertion, type Change, type Columns } from './columns.ts';

export type FactTable = {
  [T in keyof DB]: T extends `ledger.${string}`
    ? DB[T] extends { block_number: bigint }
      ? T
      : never
    : never;
}[keyof DB];

/** A table of things that happened once, in one block; nothing ends them. In memory until {@link collect}. */
export class Facts<T extends FactTable> {
  readonly table: T;
  readonly #onRepeat: 'refuse' | 'ignore';
  #rows: Selectable<DB[T]>[] = [];

  /** @param onRepeat What to do with a fact whose primary key is known already. */
  constructor(table: T, onRepeat: 'refuse' | 'ignore' = 'refuse') {
    this.table = table;
    this.#onRepeat = onRepeat;
  }

  add(row: Selectable<DB[T]> & Insertable<DB[T]>): void {
    this.#rows.push(row);
  }

  /** The newest fact of this unit of work. */
  last(): Selectable<DB[T]> | undefined {
    return this.#rows.at(-1);
  }

  /** What is to be written, and nothing of it a second time. */
  collect(columns: Columns): Change[] {
    const rows = this.#rows;
    this.#rows = [];
    return insertion(columns.get(this.table)!, rows, this.#onRepeat);
  }

  forget(): void {
    this.#rows = [];
  }
}
