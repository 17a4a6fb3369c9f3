import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDeployment } from '#chain/deployment.ts';
import { readCursor } from '#db/chain/store.ts';
import type { Database } from '#db/wire/connect.ts';
import { verify } from '#indexer/verify.ts';
import type { Postgres } from '#embedded/postgres.ts';
import { Random } from './support/random.ts';
import { caughtUp, dump, index, indexAnew, openDatabase, openPostgres } from './support/read-model.ts';
import { Story } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

/** `CRASHES=200 npx vitest run --project services test/indexer/crash.test.ts` takes minutes. */
const CRASHES = Number(process.env['CRASHES'] ?? 10);
const SEED = Number(process.env['SEED'] ?? 1);

describe('an indexer that is killed', () => {
  let postgres: Postgres;
  let world: World;
  let folder: string;

  beforeAll(async () => {
    [postgres, world] = await Promise.all([openPostgres(), openWorld()]);
    folder = mkdtempSync(join(tmpdir(), 'tallystick-crash-'));
    writeDeployment(join(folder, 'deployment.json'), world.deployment);
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await world.close();
    await postgres.close();
  });

  const writesFile = () => join(folder, 'writes');

  /** One life; ends when it dies at that write, or has reached the head before. */
  async function live(databaseUrl: string, dieAt: string): Promise<'killed' | 'finished'> {
    const support = join(import.meta.dirname, 'support');
    const head = String(await world.head());
    const args = [
      join(support, 'child.ts'),
      databaseUrl,
      world.rpcUrl,
      join(folder, 'deployment.json'),
      head,
    ];
    const child = spawn(process.execPath, ['--import', join(support, 'mortal.ts'), ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DIE_AT: dieAt, WRITES_FILE: writesFile() },
    });
    return new Promise((resolve, reject) => {
      child.once('exit', (code, signal) => {
        if (signal === 'SIGKILL') resolve('killed');
        else if (code === 0) resolve('finished');
        else reject(new Error(`the indexer ended with ${code}`));
      });
    });
  }

  /** Between two lives the database holds whole blocks only, and nothing of a block that the cursor has not reached. */
  async function expectWhole(db: Database): Promise<void> {
    const cursor = await readCursor(db);
    const newest = await db
      .selectFrom('chain.block')
      .select(({ fn }) => [fn.max('number').as('number'), fn.countAll().as('count')])
      .executeTakeFirstOrThrow();
    expect(newest.number).toBe(cursor?.block_number ?? null);
    for (const table of ['chain.log', 'ledger.act', 'ledger.cash_entry', 'ledger.bill_party'] as const) {
      const rows = db.selectFrom(table).where('block_number', '>', cursor?.block_number ?? -1n);
      expect(await rows.selectAll().execute()).toEqual([]);
    }
  }

  it(
    `at ${CRASHES} random points loses nothing and does nothing twice (seed ${SEED})`,
    async () => {
      const random = new Random(SEED);
      const story = new Story(world, SEED);
      const { url, db } = await openDatabase(postgres);
      await live(url, 'never');
      for (let killed = 0; killed < CRASHES;) {
        await story.live(2 + random.below(12));
        const writes = Number(readFileSync(writesFile(), 'utf8')); // of the last life that was not killed
        const dieAt = `${1 + random.below(writes)} ${random.of(['before', 'after'])}`;
        if ((await live(url, dieAt)) === 'killed') killed++;
        await expectWhole(db);
      }
      const indexer = await index(world, url);
      await caughtUp(world, indexer, url);
      await indexer.close();
      const fresh = await indexAnew(world, postgres);
      expect(await dump(url)).toEqual(await dump(fresh));
      for (const table of ['chain.block', 'chain.log'])
        expect((await dump(url, 'chain'))[table]).toEqual((await dump(fresh, 'chain'))[table]);
      expect((await verify({ ...world, databaseUrl: url })).differences).toEqual([]);
      await db.destroy();
    },
    180_000 + CRASHES * 60_000,
  );
});
