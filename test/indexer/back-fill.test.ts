import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { beginBackFill, isBackFilling, readCursor } from '#db/chain/store.ts';
import type { Database } from '#db/wire/connect.ts';
import type { Indexer } from '#indexer/start.ts';
import type { Postgres } from '#embedded/postgres.ts';
import { caughtUp, dump, index, indexAnew, openDatabase, openPostgres, until } from './support/read-model.ts';
import { Story } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

/** What the schema is made of, each part with the number that changes when it is made anew. */
async function parts(db: Database): Promise<Map<string, string>> {
  const { rows } = await sql<{ definition: string; oid: string }>`
    select pg_get_indexdef(indexrelid) as definition, indexrelid::text as oid from pg_index
      join pg_class c on c.oid = indexrelid where relnamespace in ('ledger'::regnamespace, 'chain'::regnamespace)
    union all
    select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid), oid::text from pg_constraint
      where connamespace in ('ledger'::regnamespace, 'chain'::regnamespace)
    order by 1
  `.execute(db);
  return new Map(rows.map(({ definition, oid }) => [definition, oid]));
}

describe('a back-fill', () => {
  let postgres: Postgres;
  let world: World;
  let url: string;
  let db: Database;
  let indexer: Indexer | undefined;

  beforeAll(async () => {
    [postgres, world] = await Promise.all([openPostgres(), openWorld()]);
    await new Story(world, 1).live(20);
  });

  beforeEach(async () => {
    ({ url, db } = await openDatabase(postgres));
  });

  afterEach(async () => {
    await indexer?.close();
    await db.destroy();
  });

  afterAll(async () => {
    await world.close();
    await postgres.close();
  });

  it('of a short chain leaves indexes and constraints alone', async () => {
    const before = await parts(db);
    indexer = await index(world, url);
    await caughtUp(world, indexer, url);
    expect(await parts(db)).toEqual(before);
  });

  it('makes up for indexes and constraints that a life before it put off', async () => {
    const before = await parts(db);
    await beginBackFill(db);
    expect((await parts(db)).size).toBeLessThan(before.size);
    indexer = await index(world, url);
    await caughtUp(world, indexer, url);
    await until(async () => !(await isBackFilling(db)));
    expect([...(await parts(db)).keys()]).toEqual([...before.keys()]);
  });

  it('stops when what was written meanwhile breaks a constraint that was put off', async () => {
    indexer = await index(world, url);
    await caughtUp(world, indexer, url);
    const head = await world.head();
    await until(() => indexer!.status().proved === head);
    await indexer.close();
    await beginBackFill(db);
    await sql`
      insert into ledger.parcel
      select (jsonb_populate_record(p, jsonb_build_object('first', first + 1))).*
      from ledger.parcel p where to_block is null and "end" > first + 1 limit 1
    `.execute(db);
    indexer = await index(world, url);
    await until(() => indexer!.status().stopped !== undefined);
    expect(indexer.status().stopped).toMatch(/parcel_one_holder_a_cent/);
    expect((await readCursor(db))?.stopped_reason).toMatch(/parcel_one_holder_a_cent/);
    expect(await isBackFilling(db)).toBe(true);
  });

  it('of a long chain puts them off, and reads the same', async () => {
    const live = await indexAnew(world, postgres);
    await world.rpc('anvil_mine', '0x600');
    await new Story(world, 2).live(20);
    const before = await parts(db);
    indexer = await index(world, url);
    await caughtUp(world, indexer, url);
    await until(async () => !(await isBackFilling(db)));
    const after = await parts(db);
    expect([...after.keys()]).toEqual([...before.keys()]);
    const remade = [...after].filter(([definition, oid]) => before.get(definition) !== oid);
    expect(remade.map(([definition]) => definition).join('\n')).toMatch(/parcel_one_holder_a_cent EXCLUDE/);
    const followed = await index(world, live);
    await caughtUp(world, followed, live);
    await followed.close();
    expect(await dump(url)).toEqual(await dump(live));
  });
});
