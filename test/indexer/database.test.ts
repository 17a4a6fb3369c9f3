import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCursor } from '#db/chain/store.ts';
import { connect, createClient } from '#db/wire/connect.ts';
import { migrate } from '#db/migrate.ts';
import type { Indexer } from '#indexer/start.ts';
import { verify } from '#indexer/verify.ts';
import { databaseUser, forgetCluster } from '#embedded/postgres-binaries.ts';
import { createDatabase, startPostgres, type Postgres } from '#embedded/postgres.ts';
import { caughtUp, dump, index, indexAnew, until } from './support/read-model.ts';
import { Story } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const run = (program: string, ...args: string[]) => spawnSync(program, args, { encoding: 'utf8' });
const mount = (disk: string): boolean =>
  run('mount', '-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk).status === 0;

function canMount(): boolean {
  const disk = mkdtempSync(join(tmpdir(), 'tallystick-mount-'));
  const mounted = mount(disk);
  if (mounted) run('umount', disk);
  rmSync(disk, { recursive: true });
  return mounted;
}

describe('a database', () => {
  let folder: string;
  let postgres: Postgres;
  let world: World;
  let indexer: Indexer | undefined;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tallystick-database-'));
    chmodSync(folder, 0o755); // the user that PostgreSQL runs as passes through
    [postgres, world] = await Promise.all([startPostgres({ dataDir: join(folder, 'data') }), openWorld()]);
    await new Story(world, 1).live(10);
  });

  afterEach(async () => {
    await indexer?.close();
    await world.close();
    await postgres.close();
    forgetCluster(join(folder, 'data'));
    rmSync(folder, { recursive: true });
  });

  const expectTrue = async (databaseUrl: string): Promise<void> => {
    expect(await dump(databaseUrl)).toEqual(await dump(await indexAnew(world, postgres)));
    expect((await verify({ ...world, databaseUrl })).differences).toEqual([]);
  };

  it('that is restarted in the middle of a block is waited for, and the block is written once', async () => {
    const url = await createDatabase(postgres.url);
    await migrate(url);
    indexer = await index(world, url);
    await caughtUp(world, indexer, url);
    const before = await world.head();
    await until(() => indexer!.status().proved === before); // a proof under way would be stopped by the obstacle as well

    const obstacle = createClient(url);
    obstacle.on('error', () => {}); // it goes down with its server
    await obstacle.connect();
    await obstacle.query('begin; lock table ledger.cash_entry in access exclusive mode');
    const act = world.act('house', world.calls.deposit(3, 500n, `0x${'01'.repeat(32)}`));
    const watcher = connect(url, { max: 1 });
    await until(async () => {
      const { rows } = await sql`
        select from pg_stat_activity where application_name = 'tallystick-indexer' and wait_event_type = 'Lock'
      `.execute(watcher);
      return rows.length > 0; // blocks, logs and balances are written, the entry is not, nothing is committed
    });
    expect((await readCursor(watcher))?.block_number).toBe(before);
    await watcher.destroy();

    await postgres.close();
    await until(() => indexer!.status().problem !== undefined);
    postgres = await startPostgres({ dataDir: join(folder, 'data'), port: Number(new URL(url).port) });
    await act;
    await caughtUp(world, indexer, url);
    await until(() => indexer!.status().problem === undefined);
    expect(indexer.status().stopped).toBeUndefined();
    await expectTrue(url);
  });

  it.skipIf(!canMount())(
    'whose disk is full is waited for, and goes on where it was when there is room again (needs the right to mount a small one)',
    async () => {
      const disk = join(folder, 'disk');
      mkdirSync(disk);
      mount(disk);
      try {
        const place = join(disk, 'tables');
        mkdirSync(place);
        const user = databaseUser();
        if (user !== undefined) chownSync(place, user.uid, user.gid);
        const url = await createDatabase(postgres.url);
        await migrate(url);
        const owner = connect(postgres.url, { max: 1 });
        await sql`create tablespace small location ${sql.lit(place)}`.execute(owner);
        await sql`alter database ${sql.ref(new URL(url).pathname.slice(1))} set tablespace small`.execute(
          owner,
        );

        indexer = await index(world, url);
        await caughtUp(world, indexer, url);
        const before = await world.head();
        run('sh', '-c', `cat /dev/zero > ${disk}/ballast`); // all that is left
        await new Story(world, 2).live(150);
        await until(() => indexer!.status().problem !== undefined);
        expect(indexer.status().problem).toMatch(/No space left on device/);
        expect(indexer.status()).toMatchObject({ stopped: undefined });
        const readable = connect(url, { max: 1 });
        expect((await readCursor(readable))!.block_number).toBeGreaterThanOrEqual(before);
        await readable.destroy();

        writeFileSync(join(disk, 'ballast'), '');
        await caughtUp(world, indexer, url);
        await until(() => indexer!.status().problem === undefined);
        expect(indexer.status().stopped).toBeUndefined();
        await expectTrue(url);
        await indexer.close();
        indexer = undefined;
        await sql`drop database ${sql.ref(new URL(url).pathname.slice(1))} with (force)`.execute(owner);
        await sql`drop tablespace small`.execute(owner);
        await owner.destroy();
      } finally {
        run('umount', '--lazy', disk);
      }
    },
    300_000,
  );
});
