/**
 * Several statements in one message to the database. Each is prepared and described once on a connection: after that only
 * its values go there, and only rows come back.
 */
import type pg from 'pg';
import { serialize } from 'pg-protocol';
import { prepareValue } from 'pg/lib/utils.js';
import { types } from './connect.ts';

export type Statement = { readonly text: string; readonly values: readonly unknown[] };

/**
 * The rows of each statement. Throws what the database answers to the first that it refuses.
 * @param isKept Whether the connection keeps what it prepared: a pooler's does not.
 */
export const send = (
  client: pg.PoolClient,
  statements: readonly Statement[],
  { isKept = true } = {},
): Promise<object[][]> =>
  new Promise((resolve, reject) => client.query(new Message(statements, isKept, resolve, reject)));

/** Statements that one connection keeps prepared; what comes after is planned each time. */
const MOST_PREPARED = 300;

type Row = Record<string, unknown>;
type Column = { readonly name: string; readonly read: (text: string) => unknown };
type Prepared = { readonly name: string; columns: readonly Column[] };

type Wire = { readonly stream: { write(message: Buffer): void } };

/** The statements that a connection knows, by their text. */
const known = new WeakMap<Wire, Map<string, Prepared>>();
let names = 0;

/** As pg itself has it for cursors and streams: something that speaks the protocol on a connection. */
class Message implements pg.Submittable {
  readonly #statements: readonly Statement[];
  readonly #mostKept: number;
  readonly #resolve: (rows: object[][]) => void;
  readonly #reject: (error: Error) => void;
  readonly #answers: Row[][] = [];
  /** What the statements are on this connection, in their order. */
  readonly #prepared: Prepared[] = [];
  /** Prepared in this message; known only when all went well. */
  readonly #fresh = new Map<string, Prepared>();
  #rows: Row[] = [];
  #wire: Wire | undefined;
  #error: Error | undefined;

  constructor(
    statements: readonly Statement[],
    isKept: boolean,
    resolve: (rows: object[][]) => void,
    reject: (error: Error) => void,
  ) {
    this.#statements = statements;
    this.#mostKept = isKept ? MOST_PREPARED : 0;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  submit(connection: unknown): void {
    this.#wire = connection as Wire;
    let parts: Buffer[] = [];
    try {
      for (const { text, values } of this.#statements) {
        const prepared = this.#prepare(this.#wire, text, parts);
        this.#prepared.push(prepared);
        parts.push(
          serialize.bind({
            statement: prepared.name,
            values: values as unknown[],
            valueMapper: prepareValue,
          }),
          EXECUTE,
        );
      }
    } catch (error) {
      // What cannot be written leaves nothing of the message behind: its beginning would be done without its end.
      parts = [];
      this.#fresh.clear();
      throw error;
    } finally {
      parts.push(SYNC);
      this.#wire.stream.write(Buffer.concat(parts));
    }
  }

  #prepare(wire: Wire, text: string, parts: Buffer[]): Prepared {
    let all = known.get(wire);
    if (all === undefined) known.set(wire, (all = new Map()));
    const before = all.get(text) ?? this.#fresh.get(text);
    if (before !== undefined) return before;
    const isRoom = all.size + this.#fresh.size < this.#mostKept;
    // A name is never used again: what became of a statement beside one that failed is not told.
    const prepared: Prepared = { name: isRoom ? `kept_${(names++).toString(36)}` : '', columns: [] };
    parts.push(
      serialize.parse({ text, name: prepared.name }),
      serialize.describe({ type: 'S', name: prepared.name }),
    );
    if (isRoom) this.#fresh.set(text, prepared);
    return prepared;
  }

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }): void {
    this.#prepared[this.#answers.length]!.columns = fields.map(({ name, dataTypeID }) => ({
      name,
      read: types.getTypeParser(dataTypeID, 'text') as Column['read'],
    }));
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    if (this.#error !== undefined) return;
    const { columns } = this.#prepared[this.#answers.length]!;
    const row: Row = {};
    try {
      for (let n = 0; n < columns.length; n++) {
        const { name, read } = columns[n]!;
        const text = fields[n]!;
        row[name] = text === null ? null : read(text);
      }
      this.#rows.push(row);
    } catch (error) {
      this.#error = error as Error;
    }
  }

  handleCommandComplete(): void {
    this.#answers.push(this.#rows);
    this.#rows = [];
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete();
  }

  handlePortalSuspended(): void {}

  handleError(error: Error): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    if (this.#error !== undefined) return this.#reject(this.#error);
    const all = known.get(this.#wire!)!;
    for (const [text, prepared] of this.#fresh) all.set(text, prepared);
    this.#resolve(this.#answers);
  }
}

const EXECUTE = serialize.execute();
const SYNC = serialize.sync();
