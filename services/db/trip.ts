/**
 * Several statements in one message to the database and one transaction, in the name of a viewer: what a request asks for
 * costs one way there and back. Statements are prepared once on each connection.
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

const QUICK = `select set_config('tallystick.viewer', $1, true), set_config('plan_cache_mode', 'auto', true)`;

/** Reads all at once. Throws what the database answers to the first that it refuses. */
export async function askAs<const Q extends readonly Question<unknown>[]>(
  db: Kysely<DB>,
  { member, seesAll }: Viewer,
  ...questions: Q
): Promise<Answers<Q>> {
  const begin = [statementOf(BEGIN), statementOf(VIEWER, seesAll ? '*' : String(member))];
  const rows = await withClient(db, (client) => send(client, [...begin, ...asked(db, questions), COMMIT]));
  return answered(questions, rows.slice(begin.length));
}

/** Writes all at once, in order; whatever one needs of another is asked within its statement. */
export const writeAs = <const Q extends readonly Question<unknown>[]>(
  db: Kysely<DB>,
  viewer: Viewer,
  ...questions: Q
): Promise<Answers<Q>> => transact(db, viewer, ({ finish }) => finish(...questions));

export type Talk = {
  ask<const Q extends readonly Question<unknown>[]>(...questions: Q): Promise<Answers<Q>>;
  /** What is asked last goes with the end of the transaction. Without it the transaction comes to nothing. */
  finish<const Q extends readonly Question<unknown>[]>(...questions: Q): Promise<Answers<Q>>;
};

/** A transaction of several messages; the first brings its beginning, the last its end. */
export function transact<T>(
  db: Kysely<DB>,
  { member, seesAll }: Viewer,
  run: (talk: Talk) => Promise<T>,
): Promise<T> {
  return withClient(db, async (client) => {
    let begin = [statementOf('begin'), statementOf(QUICK, seesAll ? '*' : String(member))];
    let isOver = false;
    const talk = async <const Q extends readonly Question<unknown>[]>(
      questions: Q,
      end: readonly Statement[],
    ): Promise<Answers<Q>> => {
      const first = begin;
      begin = [];
      const rows = await send(client, [...first, ...asked(db, questions), ...end]);
      isOver = end.length > 0;
      return answered(questions, rows.slice(first.length));
    };
    const result = await run({
      ask: (...questions) => talk(questions, []),
      finish: (...questions) => talk(questions, [COMMIT]),
    });
    if (!isOver && begin.length === 0) await client.query('rollback');
    return result;
  });
}

const asked = (db: Kysely<DB>, questions: readonly Question<unknown>[]): Statement[] =>
  questions.map(({ statement }) => {
    const { sql: text, parameters } = (statement as RawBuilder<unknown>).compile(db);
    return { text, values: parameters };
  });

const answered = <const Q extends readonly Question<unknown>[]>(questions: Q, rows: object[][]): Answers<Q> =>
  questions.map(({ answer }, n) => answer(rows[n] as never[])) as Answers<Q>;

/** A question to which the answer is whether it was done at all. */
export const done = (statement: Question<void>['statement']): Question<void> => ({
  statement,
  answer: () => undefined,
});

type Statement = { readonly text: string; readonly values: readonly unknown[] };

const statementOf = (text: string, ...values: unknown[]): Statement => ({ text, values });
const COMMIT = statementOf('commit');

async function withClient<T>(db: Kysely<DB>, run: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await poolOf(db).connect();
  let broken: Error | undefined;
  try {
    return await run(client);
  } catch (error) {
    // A connection that broke, or will not end its transaction, is not one for the next request.
    await client.query('rollback').catch((worse: Error) => (broken = worse));
    throw error;
  } finally {
    client.release(broken);
  }
}

const send = (client: pg.PoolClient, statements: readonly Statement[]): Promise<object[][]> =>
  new Promise((resolve, reject) => client.query(new Trip(statements, resolve, reject)));

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
