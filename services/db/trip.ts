/**
 * Several statements in one message to the database and one transaction, in the name of a viewer: what a request asks for
 * costs one way there and back. Statements are prepared once on each connection. As `readAs`, for reads alone.
 */
import type { Compilable, Kysely, RawBuilder } from 'kysely';
import type pg from 'pg';
import Result from 'pg/lib/result.js';
import { prepareValue } from 'pg/lib/utils.js';
import { poolOf, types } from './connect.ts';
import type { Viewer } from './read/access.ts';
import type { DB } from './types.ts';

/** What is asked, and what comes of the rows. */
export type Question<Answer> = {
  readonly statement: RawBuilder<unknown> | Compilable;
  readonly answer: (rows: never[]) => Answer;
};
type Answers<Q extends readonly Question<unknown>[]> = {
  [N in keyof Q]: Q[N] extends Question<infer Answer> ? Answer : never;
};

/** What is read together was true together, and nothing is changed. */
const BEGIN = 'begin isolation level repeatable read read only';
/** Each list has its index, whoever looks; to plan it anew would cost more than to read it. */
const VIEWER = `select set_config('tallystick.viewer', $1, true), set_config('plan_cache_mode', 'force_generic_plan', true)`;

/** Statements that one connection keeps prepared; what comes after is planned each time. */
const MOST_PREPARED = 300;

/** Asks all at once. Throws what the database answers to the first that it refuses. */
export async function askAs<const Q extends readonly Question<unknown>[]>(
  db: Kysely<DB>,
  { member, seesAll }: Viewer,
  ...questions: Q
): Promise<Answers<Q>> {
  const statements = questions.map(({ statement }) => {
    const { sql: text, parameters } = 'compile' in statement ? compiled(statement, db) : statement;
    return { text, values: parameters };
  });
  const rows = await send(db, [
    { text: BEGIN, values: [] },
    { text: VIEWER, values: [seesAll ? '*' : String(member)] },
    ...statements,
    { text: 'commit', values: [] },
  ]);
  return questions.map(({ answer }, n) => answer(rows[n + 2] as never[])) as Answers<Q>;
}

const compiled = (statement: RawBuilder<unknown> | Compilable, db: Kysely<DB>) =>
  (statement as RawBuilder<unknown>).compile(db);

type Statement = { readonly text: string; readonly values: readonly unknown[] };

async function send(db: Kysely<DB>, statements: readonly Statement[]): Promise<object[][]> {
  const client = await poolOf(db).connect();
  let failed: Error | undefined;
  try {
    return await new Promise((resolve, reject) => client.query(new Trip(statements, resolve, reject)));
  } catch (error) {
    // A connection that broke, or will not end its transaction, is not one for the next request.
    await client.query('rollback').catch((broken: Error) => (failed = broken));
    throw error;
  } finally {
    client.release(failed);
  }
}

type Wire = {
  readonly stream: { cork(): void; uncork(): void };
  parse(message: object): void;
  bind(message: object): void;
  describe(message: object): void;
  execute(message: object): void;
  sync(): void;
};

/** Names of the statements that a connection knows. */
const known = new WeakMap<Wire, Map<string, string>>();
let names = 0;

/** As pg itself has it for cursors and streams: something that speaks the protocol on a connection. */
class Trip implements pg.Submittable {
  readonly #statements: readonly Statement[];
  readonly #resolve: (rows: object[][]) => void;
  readonly #reject: (error: Error) => void;
  readonly #rows: object[][] = [];
  /** Prepared in this message; known only when all went well. */
  readonly #fresh: [text: string, name: string][] = [];
  #result: Result | undefined;
  #wire: Wire | undefined;
  #error: Error | undefined;

  constructor(
    statements: readonly Statement[],
    resolve: (rows: object[][]) => void,
    reject: (error: Error) => void,
  ) {
    this.#statements = statements;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  submit(connection: unknown): void {
    const wire = (this.#wire = connection as Wire);
    wire.stream.cork();
    try {
      for (const { text, values } of this.#statements) {
        const name = this.#prepare(wire, text);
        wire.bind({ portal: '', statement: name, values, valueMapper: prepareValue });
        wire.describe({ type: 'P', name: '' });
        wire.execute({ portal: '', rows: 0 });
      }
    } finally {
      wire.sync();
      wire.stream.uncork();
    }
  }

  #prepare(wire: Wire, text: string): string {
    let prepared = known.get(wire);
    if (prepared === undefined) known.set(wire, (prepared = new Map()));
    const before = prepared.get(text) ?? this.#fresh.find(([fresh]) => fresh === text)?.[1];
    if (before !== undefined) return before;
    const isRoom = prepared.size + this.#fresh.length < MOST_PREPARED;
    // A name is never used again: what became of a statement beside one that failed is not told.
    const name = isRoom ? `trip_${(names++).toString(36)}` : '';
    wire.parse({ text, name });
    if (isRoom) this.#fresh.push([text, name]);
    return name;
  }

  handleRowDescription({ fields }: { fields: never[] }): void {
    this.#result = new Result(undefined, types);
    this.#result.addFields(fields);
  }

  handleDataRow({ fields }: { fields: never[] }): void {
    if (this.#error !== undefined) return;
    try {
      this.#result!.addRow(this.#result!.parseRow(fields));
    } catch (error) {
      this.#error = error as Error;
    }
  }

  handleCommandComplete(): void {
    this.#rows.push(this.#result?.rows ?? []);
    this.#result = undefined;
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
    const prepared = known.get(this.#wire!)!;
    for (const [text, name] of this.#fresh) prepared.set(text, name);
    this.#resolve(this.#rows);
  }
}
