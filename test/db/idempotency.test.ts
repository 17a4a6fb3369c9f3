import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimKey, KEPT, keepAnswer } from '#db/requests/idempotency.ts';
import { connect, type Database } from '#db/wire/connect.ts';
import { migrate } from '#db/migrate.ts';
import { startTemporaryPostgres, type Postgres } from '#embedded/postgres.ts';

const hash = Buffer.alloc(32, 1);

describe('answers under a key', () => {
  let postgres: Postgres;
  let db: Database;

  beforeAll(async () => {
    postgres = await startTemporaryPostgres();
    await migrate(postgres.url);
    db = connect(postgres.url);
  });
  afterAll(async () => {
    await db?.destroy();
    await postgres?.close();
  });

  const answer = async (key: string) => {
    expect(await claimKey(db, { subject: 'member 1', key }, hash)).toEqual({ kind: 'new' });
    await keepAnswer(db, { subject: 'member 1', key }, 201, key);
  };
  const age = (key: string, days: number) =>
    sql`update app.idempotency_key set created_at = now() - make_interval(days => ${days}) where key = ${key}`.execute(
      db,
    );
  const keys = async () =>
    (await db.selectFrom('app.idempotency_key').select('key').orderBy('key').execute()).map(({ key }) => key);

  it('are forgotten when they are old, a few with each new one, the oldest first', async () => {
    for (let n = 0; n < 6; n++) await answer(`old ${n}`);
    for (let n = 0; n < 6; n++) await age(`old ${n}`, KEPT + 10 - n);
    await answer('young');
    expect(await keys()).toEqual(['old 3', 'old 4', 'old 5', 'young']);
    await age('young', KEPT - 1);
    await answer('younger');
    await answer('youngest');
    expect(await keys()).toEqual(['young', 'younger', 'youngest']);
    expect(await claimKey(db, { subject: 'member 1', key: 'young' }, hash)).toEqual({
      kind: 'answered',
      status: 201,
      body: 'young',
    });
  });
});
