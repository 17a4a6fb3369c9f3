/**
 * Several statements in one message to the database and one transaction, in the name of a viewer: what a request asks for
 * costs one way there and back.
 */
import type { Compilable, Kysely, RawBuilder } from 'kysely';
import type pg from 'pg';
import { beginningOf, poolOf, readersOf } from './connect.ts';
import { send, type Statement } from './message.ts';
import type { Viewer } from '../access/access.ts';
import type { DB } from '../types.ts';

/** What is asked, and what comes of the rows. */
export type Question<Answer> = {
  readonly statement: RawBuilder<unknown> | Compilable;
  readonly answer: (rows: never[]) => Answer;
  /** The same in a statement that says who looks ($1), for a question that is asked first: one statement less. */
  readonly asViewer?: string;
};
type Answers<Q extends readonly Question<unknown>[]> = {
  [N in keyof Q]: Q[N] extends Question<infer Answer> ? Answer : never;
};

const VIEWER = `select set_config('tallystick.viewer', $1, true)`;

/** Reads all at once. Throws what the database answers to the first that it refuses. */
export async function askAs<const Q extends readonly Question<unknown>[]>(
  db: Kysely<DB>,
  viewer: Viewer,
  ...questions: Q
): Promise<Answers<Q>> {
  const asViewer = questions[0]?.asViewer;
  const first = statementOf(asViewer ?? VIEWER, nameOf(viewer));
  const others = asked(db, asViewer === undefined ? questions : questions.slice(1));
  const rows = await read(db, [first, ...others]);
  return answered(questions, asViewer === undefined ? rows.slice(1) : rows);
}

/** Reads what no viewer has to be named for: nothing of a bill is seen. */
export async function ask<Answer>(db: Kysely<DB>, question: Question<Answer>): Promise<Answer> {
  const [rows] = await read(db, asked(db, [question]));
  return question.answer(rows as never[]);
}

/** Up to its end a message is one transaction, and with it who looks is forgotten. */
async function read(db: Kysely<DB>, statements: readonly Statement[]): Promise<object[][]> {
  const begin = beginningOf(db, true)?.map((text) => statementOf(text));
  const rows = await withClient(readersOf(db), (client) =>
    begin === undefined
      ? send(client, statements)
      : send(client, [...begin, ...statements, COMMIT], { isKept: false }),
  );
  return begin === undefined ? rows : rows.slice(begin.length, -1);
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
export function transact<T>(db: Kysely<DB>, viewer: Viewer, run: (talk: Talk) => Promise<T>): Promise<T> {
  return withClient(poolOf(db), async (client) => {
    const bound = beginningOf(db, false);
    let begin = [
      ...(bound ?? ['begin']).map((text) => statementOf(text)),
      statementOf(VIEWER, nameOf(viewer)),
    ];
    let isOver = false;
    const talk = async <const Q extends readonly Question<unknown>[]>(
      questions: Q,
      end: readonly Statement[],
    ): Promise<Answers<Q>> => {
      const first = begin;
      begin = [];
      const rows = await send(client, [...first, ...asked(db, questions), ...end], {
        isKept: bound === undefined,
      });
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

const nameOf = ({ member, seesAll }: Viewer): string => (seesAll ? '*' : String(member));

const statementOf = (text: string, ...values: unknown[]): Statement => ({ text, values });
const COMMIT = statementOf('commit');

async function withClient<T>(pool: pg.Pool, run: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
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
