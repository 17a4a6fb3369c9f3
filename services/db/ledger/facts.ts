import { sql, type Insertable, type Selectable } from 'kysely';
import type { DB } from '../types.ts';
import { names, unnest, type Columns } from './columns.ts';
import type { Unit } from './versions.ts';

export type FactTable = {
  [T in keyof DB]: T extends `ledger.${string}`
    ? DB[T] extends { block_number: bigint }
      ? T
      : never
    : never;
}[keyof DB];

/** A table of things that happened once, in one block; nothing ends them. In memory until {@link flush}. */
export class Facts<T extends FactTable> {
  readonly table: T;
  readonly #unit: Unit;
  readonly #onRepeat: 'refuse' | 'ignore';
  #rows: Selectable<DB[T]>[] = [];

  /** @param onRepeat What to do with a fact whose primary key is known already. */
  constructor(table: T, unit: Unit, onRepeat: 'refuse' | 'ignore' = 'refuse') {
    this.table = table;
    this.#unit = unit;
    this.#onRepeat = onRepeat;
  }

  add(row: Selectable<DB[T]> & Insertable<DB[T]>): void {
    this.#rows.push(row);
  }

  /** The newest fact of this unit of work. */
  last(): Selectable<DB[T]> | undefined {
    return this.#rows.at(-1);
  }

  async flush(columns: Columns): Promise<void> {
    if (this.#rows.length === 0) return;
    const all = columns.get(this.table)!;
    await sql`
      insert into ${sql.table(this.table)} (${names(all)}) select * from ${unnest(all, this.#rows)}
      ${this.#onRepeat === 'ignore' ? sql`on conflict do nothing` : sql``}
    `.execute(this.#unit.db);
    this.#rows = [];
  }

  forget(): void {
    this.#rows = [];
  }
}
