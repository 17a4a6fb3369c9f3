/**
 * Asking the database in the name of a viewer, whose rows are all that row-level security shows. There are two ways: one message,
 * {@link ask} to read and {@link write} to change, where no statement waits for the answer to another; and {@link transact}.
 */
import { sql, type Compilable, type Kysely, type RawBuilder } from 'kysely';
import type pg from 'pg';
import { beginningOf, poolOf, readersOf } from '../wire/connect.ts';
import { send, type Statement } from '../wire/message.ts';
import { toBytes } from '../wire/bytes.ts';
import type { DB } from '../types.ts';

export type Viewer = {
  readonly member: number;
  readonly seesAll: boolean;
  /** Account of the branch at which the viewer sits (hex): of what its firm prepares that branch's alone is seen. */
  readonly branch?: string | undefined;
};

/** The system itself, for what no person reads: checking an act, following it. */
export const SYSTEM: Viewer = { member: 0, seesAll: true };

/** What stands for the platform where a member's number stands: nobody has it. */
export const PLATFORM_NUMBER = 0;
/** Sees of what members own nothing, and what the platform owns itself. */
export const PLATFORM: Viewer = { member: PLATFORM_NUMBER, seesAll: false };

/** The operator, who sees of the audit trail what running the platform needs, and of the ledger nothing. */
export const OPERATOR: Viewer = { member: -2, seesAll: false };

/** For what is no secret: nothing of a bill is seen. */
export const NOBODY = undefined;

/** A statement, and what comes of its rows. */
export type Query<Answer> = {
  readonly statement: RawBuilder<unknown> | Compilable;
  readonly answer: (rows: never[]) => Answer;
};

/** A query to which the answer is whether it was done at all. */
export const done = (statement: Query<void>['statement']): Query<void> => ({
  statement,
  answer: () => undefined,
});

type Answers<Q extends readonly Query<unknown>[]> = {
  [N in keyof Q]: Q[N] extends Query<infer Answer> ? Answer : never;
};

/** Reads all of one state. Throws what the database answers to the first that it refuses. */
export const ask = <const Q extends readonly Query<unknown>[]>(
  db: Kysely<DB>,
  viewer: Viewer | typeof NOBODY,
  ...queries: Q
): Promise<Answers<Q>> => inOneMessage(db, readersOf(db), viewer, queries);

/** Writes all or nothing, in order. Throws as {@link ask}. */
export const write = <const Q extends readonly Query<unknown>[]>(
  db: Kysely<DB>,
  viewer: Viewer,
  ...queries: Q
): Promise<Answers<Q>> => inOneMessage(db, poolOf(db), viewer, queries);

/** Up to its end a message is one transaction, and with it who looks is forgotten. */
async function inOneMessage<Q extends readonly Query<unknown>[]>(
  db: Kysely<DB>,
  pool: pg.Pool,
  viewer: Viewer | typeof NOBODY,
  queries: Q,
): Promise<Answers<Q>> {
  const begin = beginningOf(db, pool === readersOf(db));
  const before = [...(begin ?? []).map((text) => ({ text, values: [] })), ...naming(viewer)];
  const after = begin === undefined ? [] : [{ text: 'commit', values: [] }];
  const statements = queries.map(({ statement }): Statement => {
    const { sql: text, parameters } = (statement as RawBuilder<unknown>).compile(db);
    return { text, values: parameters };
  });
  const rows = await withClient(pool, (client) =>
    send(client, [...before, ...statements, ...after], { isKept: begin === undefined }),
  );
  return queries.map(({ answer }, n) => answer(rows[before.length + n] as never[])) as Answers<Q>;
}

const naming = (viewer: Viewer | typeof NOBODY): Statement[] =>
  viewer === NOBODY
    ? []
    : [
        {
          text: `select set_config('tallystick.viewer', $1, true), set_config('tallystick.branch', $2, true)`,
          values: [nameOf(viewer), branchIn(viewer)],
        },
      ];

const nameOf = ({ member, seesAll }: Viewer): string => (seesAll ? '*' : String(member));

function branchIn({ branch }: Viewer): string {
  if (branch === undefined) return '';
  if (!/^0x[0-9a-fA-F]{40}$/.test(branch)) throw new Error('a branch is an address');
  return branch.slice(2).toLowerCase();
}

/** Of rows with a column `branch`: as row-level security has it, which stands behind. */
export const atBranch = ({ branch }: Viewer, column = sql`branch`): RawBuilder<unknown> =>
  branch === undefined ? sql`true` : sql`${column} = ${toBytes(branch)}`;

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

/** A connection in a transaction in which a viewer is named. */
export type Trx = Kysely<DB>;

/** Reads and writes statement by statement, all or nothing. */
export function transact<T>(db: Kysely<DB>, viewer: Viewer, run: (trx: Trx) => Promise<T>): Promise<T> {
  return db.connection().execute(async (trx) => {
    const named = `set local tallystick.viewer = '${nameOf(viewer)}'; set local tallystick.branch = '${branchIn(viewer)}'`;
    await sql.raw(`begin; ${named}`).execute(trx);
    try {
      const result = await run(trx);
      await sql`commit`.execute(trx);
      return result;
    } catch (error) {
      await sql`rollback`.execute(trx).catch(() => undefined);
      throw error;
    }
  });
}
