import { sql, type Kysely, type Selectable } from 'kysely';
import type { DB } from '../types.ts';
import { insertion, unnest, type Change, type Columns, type Table } from './columns.ts';

export type VersionedTable = {
  [T in keyof DB]: DB[T] extends { from_block: bigint; to_block: bigint | null } ? T : never;
}[keyof DB];

type Range = { from_block: bigint; to_block: bigint | null };
type Version<T extends VersionedTable> = Row<T> & Range;

/** What is true of one thing, without the blocks in which it was. */
export type Row<T extends VersionedTable> = Omit<Selectable<DB[T]>, keyof Range>;

/** Where is read from, and the block whose logs are handled. */
export type Unit = { db: Kysely<DB>; block: bigint };

/**
 * A table of the read model whose rows carry the blocks [from_block, to_block) in which they were true. Changes stay in
 * memory until {@link collect}, so that many blocks are written with a few statements, and one block in the same way.
 *
 * What happens to the open version of a key when it changes in block N:
 * 1) There is none: a version from N on begins.
 * 2) It began before N and is in the database: it ends at N there, a new one begins.
 * 3) It began before N in this unit of work: the same, but it is written once, with its end.
 * 4) It began in N: it is replaced and never written. Only the last version of a block counts, a version is never empty.
 * 5) It is removed: as 2 to 4, and none begins.
 *
 * What was read or written stays known, so the next unit need not read it again. That is right as long as nobody else
 * writes; {@link forget} makes it read anew.
 */
export class Versions<T extends VersionedTable> {
  readonly table: T;
  readonly #key: readonly (keyof Row<T> & string)[];
  readonly #unit: Unit;
  /** The open version of each key that was asked for; null where there is none. */
  readonly #open = new Map<Id, Version<T> | null>();
  readonly #begun = new Set<Version<T>>();
  /** Ends of versions that are in the database, or on their way to it: those are not touched any more. */
  #ended: (Partial<Row<T>> & Range)[] = [];

  constructor(table: T, key: readonly (keyof Row<T> & string)[], unit: Unit) {
    this.table = table;
    this.#key = key;
    this.#unit = unit;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Whether {@link get} can answer without asking the database. */
  knows(key: Partial<Row<T>>): boolean {
    return this.#open.has(this.#id(key));
  }

  async get(key: Partial<Row<T>>): Promise<Row<T> | undefined> {
    return (await this.#find(this.#id(key), key)) ?? undefined;
  }

  /** Throws if there is no such row: the chain then speaks of something that it never told of. */
  async must(key: Partial<Row<T>>): Promise<Row<T>> {
    return this.#found(await this.#find(this.#id(key), key), key);
  }

  /** Replaces what is true of the row's key. */
  async set(row: Row<T>): Promise<void> {
    const id = this.#id(row);
    this.#begin(id, await this.#find(id, row), row);
  }

  async change(key: Partial<Row<T>>, change: Partial<Row<T>>): Promise<void> {
    const id = this.#id(key);
    const old = this.#found(await this.#find(id, key), key);
    this.#begin(id, old, old, change);
  }

  /** For a key that is new by its nature; saves the look. A key that exists after all is refused by the database. */
  add(row: Row<T>): void {
    const id = this.#id(row);
    if (this.#open.get(id)) throw new Error(`${this.table} has a row ${this.#describe(row)} already`);
    this.#begin(id, null, row);
  }

  async remove(key: Partial<Row<T>>): Promise<void> {
    if ((await this.get(key)) === undefined) return;
    const id = this.#id(key);
    this.#end(this.#open.get(id)!);
    this.#open.set(id, null);
  }

  /** For a key that cannot be there yet: saves the look. */
  assumeNone(key: Partial<Row<T>>): void {
    const id = this.#id(key);
    if (!this.#open.has(id)) this.#open.set(id, null);
  }

  /**
   * Reads all open versions with one of these values in a column at once, instead of one by one later. Where the column is
   * the whole key, a value without a version is known as well from then on.
   */
  async preload(column: keyof Row<T> & string, values: readonly unknown[]): Promise<void> {
    if (values.length === 0) return;
    const { rows } = await sql<Version<T>>`
      select * from ${sql.table(this.table)} where to_block is null and ${sql.ref(column)} = any(${values})
    `.execute(this.#unit.db);
    for (const row of rows) if (!this.#open.has(this.#id(row))) this.#open.set(this.#id(row), row);
    if (this.#key.length === 1)
      for (const value of values) this.assumeNone({ [column]: value } as Partial<Row<T>>);
  }

  /** As {@link preload}, for a key of two numbers; a pair without a version is known as well from then on. */
  async preloadPairs(pairs: readonly (readonly [bigint, bigint])[]): Promise<void> {
    const [one, other] = this.#key as [keyof Row<T> & string, keyof Row<T> & string];
    const keyOf = ([a, b]: readonly [bigint, bigint]) => ({ [one]: a, [other]: b }) as Partial<Row<T>>;
    const wanted = pairs.filter((pair) => !this.knows(keyOf(pair)));
    if (wanted.length === 0) return;
    const [firsts, seconds] = [wanted.map(([a]) => a), wanted.map(([, b]) => b)];
    const { rows } = await sql<Version<T>>`
      select t.* from unnest(${firsts}::bigint[], ${seconds}::bigint[]) as k (a, b)
      join ${sql.table(this.table)} t on t.${sql.ref(one)} = k.a and t.${sql.ref(other)} = k.b and t.to_block is null
    `.execute(this.#unit.db);
    for (const row of rows) if (!this.#open.has(this.#id(row))) this.#open.set(this.#id(row), row);
    for (const pair of wanted) this.assumeNone(keyOf(pair));
  }

  /** What is to be written, and nothing of it a second time: ends before beginnings, as a key has one open version. */
  collect(columns: Columns): Change[] {
    const table = columns.get(this.table)!;
    const changes = [...this.#ends(table), ...insertion(table, [...this.#begun])];
    this.#ended = [];
    this.#begun.clear();
    return changes;
  }

  forget(): void {
    this.#open.clear();
    this.#begun.clear();
    this.#ended = [];
  }

  async #find(id: Id, key: Partial<Row<T>>): Promise<Version<T> | null> {
    let version = this.#open.get(id);
    if (version === undefined) {
      version = (await this.#read(key)) ?? null;
      this.#open.set(id, version);
    }
    return version;
  }

  #found(version: Version<T> | null, key: Partial<Row<T>>): Version<T> {
    if (version === null) throw new Error(`${this.table} has no row ${this.#describe(key)}`);
    return version;
  }

  #begin(id: Id, old: Version<T> | null, row: Row<T>, change?: Partial<Row<T>>): void {
    if (old !== null) this.#end(old);
    const version = { ...row, from_block: this.#unit.block, to_block: null } as Version<T>;
    if (change !== undefined) Object.assign(version, change);
    this.#open.set(id, version);
    this.#begun.add(version);
  }

  #end(version: Version<T>): void {
    const { block } = this.#unit;
    if (version.from_block === block && this.#begun.delete(version)) return;
    if (version.from_block >= block)
      throw new Error(`${this.table} ${this.#describe(version)} is newer than block ${block}`);
    if (this.#begun.has(version)) version.to_block = block;
    else this.#ended.push(this.#endOf(version));
  }

  async #read(key: Partial<Row<T>>): Promise<Version<T> | undefined> {
    const is = (column: string) => sql`${sql.ref(column)} = ${(key as Record<string, unknown>)[column]}`;
    const { rows } = await sql<Version<T>>`
      select * from ${sql.table(this.table)} where to_block is null and ${sql.join(this.#key.map(is), sql` and `)}
    `.execute(this.#unit.db);
    return rows[0];
  }

  #endOf(version: Version<T>): Partial<Row<T>> & Range {
    const key = Object.fromEntries(this.#key.map((column) => [column, version[column]]));
    return { ...(key as Partial<Row<T>>), from_block: version.from_block, to_block: this.#unit.block };
  }

  #ends(table: Table): Change[] {
    const ends = this.#ended;
    if (ends.length === 0) return [];
    const key = [...this.#key, 'from_block'];
    const same = key.map((name) => sql`t.${sql.ref(name)} = ended.${sql.ref(name)}`);
    const write: Change = async (db) => {
      const { numAffectedRows } = await sql`
        update ${sql.table(this.table)} t set to_block = ended.to_block from ${unnest(table, ends)} as ended
        where t.to_block is null and ${sql.join(same, sql` and `)}
      `.execute(db);
      if (Number(numAffectedRows) !== ends.length)
        throw new Error(`somebody else wrote to ${this.table}: ${numAffectedRows} of ${ends.length} rows`);
    };
    return [write];
  }

  #id(key: Partial<Row<T>>): Id {
    if (this.#key.length === 1) return idOf(key[this.#key[0]!]);
    let id = '';
    for (const column of this.#key) {
      const part = idOf(key[column]);
      id += typeof part === 'string' ? part : `${part}/`;
    }
    return id;
  }

  #describe(key: Partial<Row<T>>): string {
    return this.#key.map((column) => `${column} ${text(key[column])}`).join(', ');
  }
}

/** What tells one key from another. */
type Id = string | number | bigint;

const idOf = (value: unknown): Id => (Buffer.isBuffer(value) ? value.toString('latin1') : (value as Id));

const text = (value: unknown): string => (Buffer.isBuffer(value) ? value.toString('hex') : String(value));
