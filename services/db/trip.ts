/**
 * Several statements in one message to the database and one transaction, in the name of a viewer: what a request asks for
 * costs one way there and back.
 */
import type { Compilable, Kysely, RawBuilder } from 'kysely';
import type pg from 'pg';
import { poolOf } from './connect.ts';
import { send, type Statement } from './message.ts';
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

/** Reads what no viewer has to be named for: nothing of a bill is seen. */
export async function ask<Answer>(db: Kysely<DB>, question: Question<Answer>): Promise<Answer> {
  const [rows] = await withClient(db, (client) => send(client, asked(db, [question])));
  return question.answer(rows as never[]);
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
