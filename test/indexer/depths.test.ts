import { ZeroHash } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCursor } from '#db/chain/store.ts';
import type { Database } from '#db/wire/connect.ts';
import type { Indexer } from '#indexer/start.ts';
import { verify } from '#indexer/verify.ts';
import type { Postgres } from '#embedded/postgres.ts';
import { caughtUp, dump, index, indexAnew, openDatabase, openPostgres, until } from './support/read-model.ts';
import { Story } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const DEEPEST = 64;

describe('a reorganisation', () => {
  let postgres: Postgres;
  let world: World;
  let url: string;
  let db: Database;
  let indexer: Indexer;

  beforeAll(async () => {
    [postgres, world] = await Promise.all([openPostgres(), openWorld()]);
    await new Story(world, 30).live(20);
    ({ url, db } = await openDatabase(postgres));
    indexer = await index(world, url);
    await caughtUp(world, indexer, url);
  });

  afterAll(async () => {
    await indexer.close();
    await db.destroy();
    await world.close();
    await postgres.close();
  });

  /** As many blocks, the first of which holds an act: the chain that forgets them has another block in its place. */
  async function liveInVain(blocks: number): Promise<void> {
    const last = (await world.head()) + BigInt(blocks);
    await world.act('house', world.calls.deposit(3, 500n, ZeroHash));
    if (blocks > 8) await new Story(world, 100 + blocks).live(2);
    const missing = last - (await world.head());
    if (missing > 0n) await world.rpc('anvil_mine', `0x${missing.toString(16)}`);
    expect(await world.head()).toBe(last);
    await caughtUp(world, indexer, url);
  }

  it(`is followed from every depth from 1 to ${DEEPEST}, one after the other`, async () => {
    for (let depth = 1; depth <= DEEPEST; depth++) {
      await liveInVain(depth);
      await world.rpc('anvil_reorg', depth, []);
      await caughtUp(world, indexer, url);
      expect(indexer.status().reorganisations, `depth ${depth}`).toBe(depth);
      expect((await verify({ ...world, databaseUrl: url })).differences, `depth ${depth}`).toEqual([]);
    }
    const fresh = await indexAnew(world, postgres);
    expect(await dump(url)).toEqual(await dump(fresh));
    for (const table of ['chain.block', 'chain.log'])
      expect((await dump(url, 'chain'))[table]).toEqual((await dump(fresh, 'chain'))[table]);
  }, 900_000);

  it('that is deeper stops the indexer, is marked, and leaves what was read to be read', async () => {
    await liveInVain(DEEPEST + 1);
    const [ledger, chain] = [await dump(url), await dump(url, 'chain')];
    const head = await world.head();
    await world.rpc('anvil_reorg', DEEPEST + 1, []);
    await until(() => indexer.status().stopped !== undefined);
    const reason = new RegExp(
      `reorganised ${DEEPEST + 1} blocks deep.*above block ${head - BigInt(DEEPEST + 1)}`,
    );
    expect(indexer.status().stopped).toMatch(reason);
    expect((await readCursor(db))?.stopped_reason).toMatch(reason);
    expect(await dump(url)).toEqual(ledger);
    for (const table of ['chain.block', 'chain.log'])
      expect((await dump(url, 'chain'))[table]).toEqual(chain[table]);
  });

  it('that is deeper stops it again after a restart, until somebody allows that depth', async () => {
    await indexer.close();
    indexer = await index(world, url);
    await until(() => indexer.status().stopped !== undefined);
    await indexer.close();
    indexer = await index(world, url, { deepest: DEEPEST + 1 });
    await caughtUp(world, indexer, url);
    expect((await readCursor(db))?.stopped_reason).toBeNull();
    expect(await dump(url)).toEqual(await dump(await indexAnew(world, postgres)));
  });
});
