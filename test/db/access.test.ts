/** What one message to the database is: one transaction in the name of a viewer, of which nothing is left behind. */
import { sql, type RawBuilder } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect, readersOf, type Database } from '#db/wire/connect.ts';
import { migrate } from '#db/migrate.ts';
import { statusQuery } from '#db/status/read.ts';
import { ask, NOBODY, write, type Query } from '#db/access/access.ts';
import { startTemporaryPostgres, type Postgres } from '#embedded/postgres.ts';

const VIEWER = { member: 7, seesAll: false };
const LOCK = 4_711;

let postgres: Postgres;
let owner: Database;
/** Of its readers there is one: whatever a message leaves there, the next one finds. */
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

const query = <Row>(statement: RawBuilder<unknown>): Query<Row[]> => ({
  statement,
  answer: (rows: Row[]) => rows,
});
const viewer = query<{ who: string | null }>(
  sql`select nullif(current_setting('tallystick.viewer', true), '') as who`,
);
const count = query<{ n: bigint }>(sql`select count(*) as n from seen`);
const circle: { self?: unknown } = {};
circle.self = circle;
const unwritable = query(sql`select ${circle}::jsonb`);
const impossible = query(sql`select 1 / (count(*) - count(*)) from seen`);
const addition = query(sql`insert into seen values (1)`);
const nobody = [{ who: null }];
const open = async <Answer>(asked: Query<Answer>) => (await ask(db, NOBODY, asked))[0];

describe('who looks', () => {
  it('is known to all that is asked, and forgotten with it', async () => {
    // The indexer has not begun.
    expect(await ask(db, VIEWER, statusQuery, viewer)).toEqual([undefined, [{ who: '7' }]]);
    expect(await open(viewer)).toEqual(nobody);
    expect(await ask(db, { member: 8, seesAll: true }, viewer)).toEqual([[{ who: '*' }]]);
    expect(await open(viewer)).toEqual(nobody);
  });

  it.each([
    ['refuses to plan', sql`select nothing from nowhere`, /nowhere/],
    ['refuses to do', impossible.statement, /division by zero/],
  ])('is forgotten when the database %s', async (_, statement, message) => {
    await expect(ask(db, VIEWER, viewer, { ...viewer, statement })).rejects.toThrow(message);
    expect(await open(viewer)).toEqual(nobody);
  });

  it('is forgotten when an answer cannot be read, or what is asked cannot be written', async () => {
    const fraction = query(sql`select 0.5::numeric`);
    await expect(ask(db, VIEWER, viewer, fraction)).rejects.toThrow(SyntaxError);
    expect(await open(viewer)).toEqual(nobody);
    await expect(ask(db, VIEWER, viewer, unwritable)).rejects.toThrow(/circular/i);
    expect(await open(viewer)).toEqual(nobody);
  });

  it('is forgotten with a connection that is cut off, and another takes its place', async () => {
    const cut = query(sql`select pg_terminate_backend(pg_backend_pid())`);
    await expect(ask(db, VIEWER, viewer, cut)).rejects.toThrow();
    expect(await open(viewer)).toEqual(nobody);
    expect(readersOf(db).totalCount).toBe(1);
  });
});

it('is true together: what another writes meanwhile is not seen by half of the queries', async () => {
  const holder = await readersOf(owner).connect(); // a lock of its own session
  try {
    await holder.query('select pg_advisory_lock($1)', [LOCK]);
    const asking = ask(db, VIEWER, count, query(sql`select pg_advisory_xact_lock_shared(${LOCK})`), count);
    await waiting();
    await sql`insert into seen values (1)`.execute(owner);
    await holder.query('select pg_advisory_unlock($1)', [LOCK]);
    const [before, , after] = await asking;
    expect([before, after]).toEqual([[{ n: 0n }], [{ n: 0n }]]);
  } finally {
    holder.release();
  }
  expect(await open(count)).toEqual([{ n: 1n }]);
});

it('changes nothing when it asks', async () => {
  await expect(open(addition)).rejects.toThrow(/read-only transaction/);
  await expect(ask(db, VIEWER, statusQuery, addition)).rejects.toThrow(/read-only transaction/);
  expect(await open(count)).toEqual([{ n: 0n }]);
});

describe('what is written', () => {
  it('is written in the name of the viewer, who is forgotten with it', async () => {
    expect(await write(db, VIEWER, addition, viewer, count)).toEqual([[], [{ who: '7' }], [{ n: 1n }]]);
    const { rows } = await sql`select nullif(current_setting('tallystick.viewer', true), '') as who`.execute(
      db,
    );
    expect(rows).toEqual(nobody);
    expect(await open(count)).toEqual([{ n: 1n }]);
  });

  it.each([
    ['is refused', impossible, /division by zero/],
    ['cannot be sent', unwritable, /circular/i],
  ])('is all taken back when a part of it %s', async (_, part, message) => {
    await expect(write(db, VIEWER, addition, part, addition)).rejects.toThrow(message);
    await expect(write(db, VIEWER, addition, addition, part)).rejects.toThrow(message);
    expect(await write(db, VIEWER, count)).toEqual([[{ n: 0n }]]);
  });
});

async function waiting(): Promise<void> {
  for (;;) {
    const { rows } = await sql`select from pg_locks where locktype = 'advisory' and not granted`.execute(
      owner,
    );
    if (rows.length > 0) return;
  }
}
