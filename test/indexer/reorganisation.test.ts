import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readCursor } from '#db/chain/store.ts';
import type { Indexer } from '#indexer/start.ts';
import { verify } from '#indexer/verify.ts';
import type { Postgres } from '#embedded/postgres.ts';
import { openProxy } from './support/proxy.ts';
import { caughtUp, dump, index, indexAnew, openDatabase, openPostgres, until } from './support/read-model.ts';
import { Story } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

describe('a chain that is reorganised under the indexer', () => {
  let postgres: Postgres;
  let world: World;
  let url: string;
  let indexer: Indexer;
  let seed = 10;

  beforeAll(async () => {
    [postgres, world] = await Promise.all([openPostgres(), openWorld()]);
    await new Story(world, seed++).live(30);
  });

  beforeEach(async () => {
    await indexer?.close();
    const database = await openDatabase(postgres);
    url = database.url;
    await database.db.destroy();
    indexer = await index(world, url);
    await caughtUp(world, indexer, url);
  });

  afterAll(async () => {
    await indexer.close();
    await world.close();
    await postgres.close();
  });

  /** The read model is what an indexer finds that never saw the lost blocks, and what the chain says. */
  async function expectTrue(): Promise<void> {
    await caughtUp(world, indexer, url);
    expect(indexer.status()).toMatchObject({ stopped: undefined });
    const fresh = await indexAnew(world, postgres);
    expect(await dump(url)).toEqual(await dump(fresh));
    for (const table of ['chain.block', 'chain.log'])
      expect((await dump(url, 'chain'))[table]).toEqual((await dump(fresh, 'chain'))[table]);
    expect((await verify({ ...world, databaseUrl: url })).differences).toEqual([]);
  }

  /** Lives a life that the chain then forgets; returns how to forget it. */
  async function liveInVain(acts: number): Promise<() => Promise<void>> {
    const snapshot = await world.rpc<string>('evm_snapshot');
    await new Story(world, seed++).live(acts);
    await caughtUp(world, indexer, url);
    return async () => {
      expect(await world.rpc<boolean>('evm_revert', snapshot)).toBe(true);
    };
  }

  it.each([1, 2, 5, 40])('follows a longer branch that leaves %i acts behind', async (acts) => {
    const forget = await liveInVain(acts);
    await forget();
    await new Story(world, seed++).live(acts + 10);
    await expectTrue();
    expect(indexer.status().reorganisations).toBeGreaterThan(0);
  });

  it('follows a shorter branch', async () => {
    const forget = await liveInVain(20);
    await forget();
    await new Story(world, seed++).live(3);
    await expectTrue();
  });

  it('goes back with a chain that goes back', async () => {
    const forget = await liveInVain(10);
    await forget();
    await expectTrue();
    expect(indexer.status().reorganisations).toBe(1);
  });

  it.each([1, 3, 25])('follows when the last %i blocks are replaced', async (depth) => {
    await liveInVain(30);
    const head = await world.head();
    await world.rpc('anvil_reorg', depth, []);
    expect(await world.head()).toBe(head);
    await expectTrue();
    expect(indexer.status().reorganisations).toBe(1);
  });

  it('counts what was taken back, whatever else comes between', async () => {
    const proxy = await openProxy(world.rpcUrl);
    await indexer.close();
    indexer = await index(world, url, { rpcUrl: proxy.url });
    const forget = await liveInVain(10);
    await forget();
    await caughtUp(world, indexer, url);
    proxy.status = 503;
    await until(() => indexer.status().problem !== undefined);
    proxy.status = 200;
    await new Story(world, seed++).live(3);
    await expectTrue();
    expect(indexer.status().reorganisations).toBe(1);
    await indexer.close();
    await proxy.close();
  });

  it('finds after a rest that its blocks are gone', async () => {
    const forget = await liveInVain(15);
    await indexer.close();
    await forget();
    await new Story(world, seed++).live(20);
    indexer = await index(world, url);
    await expectTrue();
  });

  it('stops when even the block before the contracts is gone', async () => {
    const snapshot = await world.rpc<string>('evm_snapshot');
    await world.rpc('anvil_mine', '0x5');
    const deployment = { ...world.deployment, startBlock: Number(await world.head()) };
    const late = await openDatabase(postgres);
    const lateIndexer = await index(world, late.url, { deployment });
    await caughtUp(world, lateIndexer, late.url);
    await world.rpc('evm_revert', snapshot);
    await world.rpc('evm_increaseTime', 1000);
    await world.rpc('anvil_mine', '0x9');
    await until(() => lateIndexer.status().stopped !== undefined);
    await lateIndexer.close();
    expect((await readCursor(late.db))?.stopped_reason).toMatch(
      /no longer has the block before our contracts/,
    );
    await late.db.destroy();
  });
});
