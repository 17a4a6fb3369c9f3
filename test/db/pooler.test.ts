/** Behind PgBouncer a connection is anybody's after each transaction. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Member } from '#client/member.ts';
import { connect, type Database } from '#db/wire/connect.ts';
import { keepsSessions, objectionToPooler } from '#db/wire/sessions.ts';
import { ask, NOBODY, transact, write, type Query } from '#db/access/access.ts';
import { Key } from '#client/key.ts';
import { readConfig } from '#scripts/config.ts';
import { createDatabase } from '#embedded/postgres.ts';
import { openInfrastructure } from '#scripts/infrastructure.ts';
import { prepareGround, type Ground } from '../fixtures/ground.ts';
import { pgBouncer, startPgBouncer } from '../fixtures/pgbouncer.ts';

if (pgBouncer === undefined)
  console.warn('skipped: there is no pgbouncer on this machine (apt-get install pgbouncer)');

describe.skipIf(pgBouncer === undefined)('behind PgBouncer in transaction mode', () => {
  let ground: Ground;
  let pooler: { url: string; close(): Promise<void> };
  let db: Database;
  let others: Database;

  beforeAll(async () => {
    ground = await prepareGround();
    pooler = await startPgBouncer(ground.databaseUrl, 'transaction', 2);
    db = connect(pooler.url, { role: 'tallystick_api', isPooled: true, max: 6 });
    others = connect(pooler.url, { role: 'tallystick_indexer', isPooled: true, max: 6 });
  });
  afterAll(async () => {
    await db?.destroy();
    await others?.destroy();
    await pooler?.close();
    await ground?.close();
  });

  type Seen = { who: string; viewer: string; reading: string; isolation: string; cost: string };
  const seeing = sql<Seen>`select current_user as who, coalesce(current_setting('tallystick.viewer', true), '') as viewer,
    current_setting('transaction_read_only') as reading, current_setting('transaction_isolation') as isolation,
    current_setting('random_page_cost') as cost`;
  const seen: Query<Seen> = { statement: seeing, answer: ([row]: Seen[]) => row! };
  const viewer = { member: 7, seesAll: false };
  const api = { who: 'tallystick_api', reading: 'off', isolation: 'read committed', cost: '4' };
  const reader = { ...api, reading: 'on', isolation: 'repeatable read', cost: '1.1' };

  it('keeps role and settings to each transaction, whoever else is served by the same connections', async () => {
    const rounds = Array.from({ length: 40 }, async () => {
      const [alone, other, [asked], [single], [written], talked] = await Promise.all([
        seeing.execute(db),
        seeing.execute(others),
        ask(db, viewer, seen),
        ask(db, NOBODY, seen),
        write(db, viewer, seen),
        transact(db, viewer, async (trx) => (await seeing.execute(trx)).rows),
      ]);
      expect(alone.rows[0]).toMatchObject({ ...api, viewer: '' });
      expect(other.rows[0]).toMatchObject({ ...api, who: 'tallystick_indexer', viewer: '' });
      expect(asked).toEqual({ ...reader, viewer: '7' });
      expect(single).toEqual({ ...reader, viewer: '' });
      expect([written, ...talked]).toEqual([
        { ...api, viewer: '7' },
        { ...api, viewer: '7' },
      ]);
    });
    await Promise.all(rounds);
  });

  it('is served rightly by a connection on which somebody left a role and read-only transactions', async () => {
    const careless = connect(pooler.url, { role: 'tallystick_indexer', max: 3 }); // sets both for its session, as it believes
    await Promise.all([1, 2, 3].map(() => ask(careless, NOBODY, seen)));
    await Promise.all([1, 2, 3].map(() => sql`select 1`.execute(careless)));
    const rows = await Promise.all([1, 2, 3, 4].map(() => seeing.execute(db)));
    for (const {
      rows: [row],
    } of rows)
      expect(row).toMatchObject({ who: 'tallystick_api', reading: 'off' });
    await careless.destroy();
  });

  it('ends what fails with its transaction', async () => {
    const wrong: Query<unknown> = {
      statement: sql`select 1 / (count(*) - count(*)) from pg_class`,
      answer: () => 0,
    };
    await expect(ask(db, viewer, seen, wrong)).rejects.toThrow(/division by zero/);
    await expect(wrongAlone()).rejects.toThrow(/division by zero/);
    await expect(write(db, viewer, seen, wrong)).rejects.toThrow(/division/);
    expect((await seeing.execute(db)).rows[0]).toMatchObject({ who: 'tallystick_api', viewer: '' });

    async function wrongAlone(): Promise<void> {
      await sql`select 1 / (count(*) - count(*)) from pg_class`.execute(db);
    }
  });

  it('serves the API and the relayer: an act is prepared, signed, sent and told', async () => {
    const relayer = await ground.relayer({ poolerUrl: pooler.url });
    const first = await ground.anotherApi({ poolerUrl: pooler.url });
    try {
      const bank = await ground.admit('bank', ['settlement_bank']);
      const firm = await ground.admit('firm', ['supplier']);
      const through = await Member.enter(first.url, firm.number, Key.fromSeed('firm'));
      await through.perform({ type: 'setStanding', standing: true });
      expect((await fetch(`${first.url}/ready`)).status).toBe(200);
      expect(bank.number).not.toBe(firm.number);
    } finally {
      await relayer.close();
    }
  });

  it('is told apart from the database itself, from a pooler of sessions, and from another database', async () => {
    expect(await keepsSessions(ground.databaseUrl)).toBe(true);
    expect(await keepsSessions(pooler.url)).toBe(false);
    const one = await startPgBouncer(ground.databaseUrl, 'transaction', 1);
    expect(await keepsSessions(one.url)).toBe(false);
    await one.close();
    const session = await startPgBouncer(ground.databaseUrl, 'session', 4);
    expect(await keepsSessions(session.url)).toBe(true);
    await session.close();
    expect(await objectionToPooler(pooler.url, ground.databaseUrl)).toBeUndefined();
    const other = await createDatabase(ground.databaseUrl);
    expect(await objectionToPooler(pooler.url, other)).toBe('leads to another database than DATABASE_URL');
    const statement = await startPgBouncer(ground.databaseUrl, 'statement', 2);
    expect(await objectionToPooler(statement.url, ground.databaseUrl).catch((e: Error) => e.message)).toMatch(
      /transaction/,
    );
    await statement.close();
  });

  it('is refused in one line at the start where sessions are needed', async () => {
    const env = { RPC_URL: ground.rpcUrl, DATABASE_URL: ground.databaseUrl, DEMO: 'off' };
    const config = readConfig(env);
    const started = openInfrastructure({ ...config, databaseUrl: pooler.url });
    await expect(started).rejects.toThrow(
      /^DATABASE_URL .* leads through a pooler that shares connections: .*POOLER_URL$/,
    );
    const another = openInfrastructure({ ...config, poolerUrl: await createDatabase(ground.databaseUrl) });
    await expect(another).rejects.toThrow(/^POOLER_URL .*: leads to another database than DATABASE_URL$/);
    await (await openInfrastructure({ ...config, poolerUrl: pooler.url })).close();
  });
});
