/** What one message to the database is: one transaction, of one state, that changes nothing and leaves nothing behind. */
import { sql, type RawBuilder } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect, readersOf, type Database } from '#db/wire/connect.ts';
import { migrate } from '#db/migrate.ts';
import { statusQuestion } from '#db/status/read.ts';
import { ask, askAs, type Question } from '#db/wire/trip.ts';
import { startTemporaryPostgres, type Postgres } from '#embedded/postgres.ts';

const VIEWER = { member: 7, seesAll: false };
const LOCK = 4_711;

let postgres: Postgres;
let owner: Database;
/** Of its readers there is one: whatever a trip leaves there, the next one finds. */
let db: Database;

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  await migrate(postgres.url);
  owner = connect(postgres.url, { max: 2 });
  db = connect(postgres.url, { max: 1 });
  await sql`create table seen (n integer)`.execute(owner);
});
beforeEach(() => sql`truncate seen`.execute(owner));
afterAll(async () => {
  await db?.destroy();
  await owner?.destroy();
  await postgres?.close();
});

const question = <Row>(statement: RawBuilder<unknown>): Question<Row[]> => ({
  statement,
  answer: (rows: Row[]) => rows,
});
const viewer = question<{ who: string | null }>(
  sql`select nullif(current_setting('tallystick.viewer', true), '') as who`,
);
const count = question<{ n: bigint }>(sql`select count(*) as n from seen`);
const nobody = [{ who: null }];

describe('who looks', () => {
  it.each([
    ['said with the status', [statusQuestion, viewer]],
    ['said by itself', [viewer, statusQuestion]],
  ] as const)('is known to all that is asked, and forgotten with it: %s', async (_, questions) => {
    const answers = await askAs(db, VIEWER, ...questions);
    expect(answers).toContainEqual([{ who: '7' }]);
    expect(answers).toContainEqual(undefined); // the indexer has not begun
    expect(await ask(db, viewer)).toEqual(nobody);
    expect(await askAs(db, { member: 8, seesAll: true }, viewer)).toEqual([[{ who: '*' }]]);
    expect(await ask(db, viewer)).toEqual(nobody);
  });

  it.each([
    ['refuses to plan', sql`select nothing from nowhere`, /nowhere/],
    ['refuses to do', sql`select 1 / (count(*) - count(*)) from seen`, /division by zero/],
  ])('is forgotten when the database %s', async (_, statement, message) => {
    await expect(askAs(db, VIEWER, viewer, question(statement))).rejects.toThrow(message);
    expect(await ask(db, viewer)).toEqual(nobody);
  });

  it('is forgotten when an answer cannot be read, or what is asked cannot be written', async () => {
    const fraction = question(sql`select 0.5::numeric`);
    await expect(askAs(db, VIEWER, viewer, fraction)).rejects.toThrow(SyntaxError);
    expect(await ask(db, viewer)).toEqual(nobody);
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const unwritable = question(sql`select ${circle}::jsonb`);
    await expect(askAs(db, VIEWER, viewer, unwritable)).rejects.toThrow(/circular/i);
    expect(await ask(db, viewer)).toEqual(nobody);
  });

  it('is forgotten with a connection that is cut off, and another takes its place', async () => {
    const cut = question(sql`select pg_terminate_backend(pg_backend_pid())`);
    await expect(askAs(db, VIEWER, viewer, cut)).rejects.toThrow();
    expect(await ask(db, viewer)).toEqual(nobody);
    expect(readersOf(db).totalCount).toBe(1);
  });
});

it('is true together: what another writes meanwhile is not seen by half of the questions', async () => {
  const holder = await readersOf(owner).connect(); // a lock of its own session
  try {
    await holder.query('select pg_advisory_lock($1)', [LOCK]);
    const trip = askAs(db, VIEWER, count, question(sql`select pg_advisory_xact_lock_shared(${LOCK})`), count);
    await waiting();
    await sql`insert into seen values (1)`.execute(owner);
    await holder.query('select pg_advisory_unlock($1)', [LOCK]);
    const [before, , after] = await trip;
    expect([before, after]).toEqual([[{ n: 0n }], [{ n: 0n }]]);
  } finally {
    holder.release();
  }
  expect(await ask(db, count)).toEqual([{ n: 1n }]);
});

it('changes nothing', async () => {
  const write = question(sql`insert into seen values (1)`);
  await expect(ask(db, write)).rejects.toThrow(/read-only transaction/);
  await expect(askAs(db, VIEWER, statusQuestion, write)).rejects.toThrow(/read-only transaction/);
  expect(await ask(db, count)).toEqual([{ n: 0n }]);
});

async function waiting(): Promise<void> {
  for (;;) {
    const { rows } = await sql`select from pg_locks where locktype = 'advisory' and not granted`.execute(
      owner,
    );
    if (rows.length > 0) return;
  }
}
