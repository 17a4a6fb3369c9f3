/** Several nodes of one chain: what they say is never put together in a way that reads as a reorganisation. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Database } from '#db/wire/connect.ts';
import type { Config, Indexer } from '#indexer/start.ts';
import { verify } from '#indexer/verify.ts';
import type { Anvil } from '#embedded/anvil.ts';
import type { Postgres } from '#embedded/postgres.ts';
import { rpc } from '#embedded/rpc.ts';
import { copyOfChain } from '../fixtures/copy-of-chain.ts';
import { openProxy, type Proxy } from './support/proxy.ts';
import { caughtUp, dump, index, indexAnew, openDatabase, openPostgres, until } from './support/read-model.ts';
import { Story } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

/** So rarely that nothing is looked at by itself. */
const NEVER = 2 ** 30;

let postgres: Postgres;
let world: World;
let db: Database;
let url: string;
let first: Proxy;
let second: Proxy;
let copy: Anvil;
let indexer: Indexer | undefined;
let said: string[];

beforeAll(async () => {
  [postgres, world] = await Promise.all([openPostgres(), openWorld()]);
  await new Story(world, 1).live(10);
});
afterAll(async () => {
  await world?.close();
  await postgres?.close();
});
beforeEach(async () => {
  ({ url, db } = await openDatabase(postgres));
  [first, second] = await Promise.all([openProxy(world.rpcUrl), openProxy(world.rpcUrl)]);
  copy = await copyOfChain(world.rpcUrl);
  said = [];
});
afterEach(async () => {
  await indexer?.close();
  indexer = undefined;
  await Promise.all([db.destroy(), first.close(), second.close(), copy.close()]);
});

const open = async (more: Partial<Config> = {}): Promise<Indexer> => {
  const say = (_facts: object, message: string) => void said.push(message);
  const rpcUrl = `${first.url},${second.url}`;
  const log = { info: say, warn: say, error: say };
  return (indexer = await index(world, url, { rpcUrl, log, lookMs: NEVER, ...more }));
};
const expectTrue = async (): Promise<void> => {
  expect(indexer!.status().reorganisations).toBe(0);
  expect(await dump(url)).toEqual(await dump(await indexAnew(world, postgres)));
  expect((await verify({ ...world, databaseUrl: url })).differences).toEqual([]);
};

it('goes on with the other node when one dies in the middle of a block', async () => {
  await open();
  await caughtUp(world, indexer!, url);
  first.spoil = (call, answer) => {
    if (call.method === 'eth_getLogs') first.status = 502; // the last that it says
    return answer;
  };
  await new Story(world, 2).live(10);
  await caughtUp(world, indexer!, url);
  expect(second.requests).toBeGreaterThan(1);
  await expectTrue();
});

it('goes back and forth between nodes that die by turns', async () => {
  await open();
  const story = new Story(world, 3);
  for (let turn = 0; turn < 4; turn++) {
    const [well, ill] = turn % 2 === 0 ? [second, first] : [first, second];
    [well.status, ill.status] = [200, 502];
    await story.live(3);
    await caughtUp(world, indexer!, url);
  }
  await expectTrue();
});

it('does not take a node that is behind for a chain that went back, while the one that was not does not answer', async () => {
  second.target = copy.url;
  await open();
  await new Story(world, 4).live(3);
  await caughtUp(world, indexer!, url);
  const reached = indexer!.status().indexed;
  first.status = 502;
  await until(() => indexer!.status().problem?.includes('another one does not answer') ?? false);
  expect(indexer!.status()).toMatchObject({ reorganisations: 0, stopped: undefined });
  first.status = 200;
  await until(() => indexer!.status().problem === undefined);
  expect(indexer!.status().indexed).toBe(reached);
  expect(said.at(-1)).toBe('the indexer goes on');
  await new Story(world, 5).live(3);
  await caughtUp(world, indexer!, url);
  await expectTrue();
});

it('does not follow a node that has strayed while another one has the blocks', async () => {
  second.target = copy.url;
  await open();
  await new Story(world, 6).live(2);
  await caughtUp(world, indexer!, url);
  await rpc(copy.url, 'anvil_mine', '0x2'); // as high as the chain, and of its own
  second.spoil = ({ method, params }, answer) => {
    if (method === 'eth_getBlockByNumber' && params[0] === 'latest') first.status = 200; // from when the second is followed
    return answer;
  };
  first.status = 502;
  await until(() => said.some((line) => line.includes('another one still has the blocks')));
  await new Story(world, 7).live(3);
  await caughtUp(world, indexer!, url);
  await expectTrue();
});

it('still goes back with a chain that goes back, when all nodes say so', async () => {
  await open();
  await caughtUp(world, indexer!, url);
  await rpc(world.rpcUrl, 'anvil_reorg', 2, []);
  await until(() => indexer!.status().reorganisations === 1);
  await caughtUp(world, indexer!, url);
  expect(indexer!.status()).toMatchObject({ problem: undefined, stopped: undefined });
  expect(await dump(url)).toEqual(await dump(await indexAnew(world, postgres)));
});

it('says once that it waits and once that it goes on, however long the nodes are away', async () => {
  await open({ longestPauseMs: 200 });
  await caughtUp(world, indexer!, url);
  said = [];
  first.status = second.status = 502;
  await until(() => indexer!.status().problem !== undefined);
  const before = first.requests;
  await until(() => first.requests >= before + 8);
  first.status = second.status = 200;
  await until(() => indexer!.status().problem === undefined);
  const ofIndexer = said.filter((line) => line.startsWith('the indexer'));
  expect(ofIndexer).toEqual([expect.stringContaining('the indexer waits'), 'the indexer goes on']);
  const ofProofs = said.filter((line) => line.includes('proof'));
  expect(ofProofs.length).toBeLessThanOrEqual(2);
});
