import { id } from 'ethers';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NoAnswer, post } from '#chain/post-json.ts';
import { readCursor } from '#db/chain/store.ts';
import type { Database } from '#db/wire/connect.ts';
import { connectRpc } from '#indexer/rpc.ts';
import type { Indexer } from '#indexer/start.ts';
import { verify } from '#indexer/verify.ts';
import type { Postgres } from '#embedded/postgres.ts';
import { openProxy, type Answer, type Proxy } from './support/proxy.ts';
import { caughtUp, dump, index, indexAnew, openDatabase, openPostgres, until } from './support/read-model.ts';
import { Story } from './support/story.ts';
import { nameOf, openWorld, type World } from './support/world.ts';

let postgres: Postgres;
let world: World;
let url: string;
let db: Database;
const open: Indexer[] = [];

beforeAll(async () => {
  [postgres, world] = await Promise.all([openPostgres(), openWorld()]);
  await new Story(world, 1).live(30);
});

beforeEach(async () => {
  ({ url, db } = await openDatabase(postgres));
});

afterEach(async () => {
  for (const indexer of open.splice(0)) await indexer.close();
  await db.destroy();
});

afterAll(async () => {
  await world.close();
  await postgres.close();
});

const run = async (...args: Parameters<typeof index>): Promise<Indexer> => {
  const indexer = await index(...args);
  open.push(indexer);
  return indexer;
};

const expectTrue = async (): Promise<void> => {
  expect(await dump(url)).toEqual(await dump(await indexAnew(world, postgres)));
  expect((await verify({ ...world, databaseUrl: url })).differences).toEqual([]);
};

describe('a node that leaves logs out', () => {
  let proxy: Proxy;
  const dropping = (drop: (logs: unknown[]) => unknown[]) => (call: { method: string }, answer: Answer) =>
    call.method === 'eth_getLogs' ? { ...answer, result: drop(answer.result as unknown[]) } : answer;

  beforeAll(async () => {
    proxy = await openProxy(world.rpcUrl);
  });
  afterAll(() => proxy.close());

  it.each([
    ['all of them', () => []],
    ['the first', (logs: unknown[]) => logs.slice(1)],
    ['the last', (logs: unknown[]) => logs.slice(0, -1)],
    ['one in the middle', (logs: unknown[]) => logs.filter((_, n) => n !== Math.floor(logs.length / 2))],
  ])('is not believed in bulk when it drops %s', async (_what, drop) => {
    proxy.spoil = dropping(drop);
    const indexer = await run(world, url, { rpcUrl: proxy.url });
    await until(() => indexer.status().problem !== undefined);
    expect(indexer.status().problem).toMatch(/logs of block \d+ are not complete/);
    proxy.spoil = (_call, answer) => answer;
    await caughtUp(world, indexer, url);
    await expectTrue();
  });

  it.each([
    ['lacks', (logs: unknown[]) => logs.slice(0, -1), /3 came, its receipts hold 4/],
    [
      'repeats another instead of',
      (logs: unknown[]) => [...logs.slice(0, -1), logs[1]],
      /a gap between them/,
    ],
  ])('is not believed at the head when it %s a log whose twin hides its loss', async (what, drop, reason) => {
    const indexer = await run(world, url, { rpcUrl: proxy.url });
    await new Story(world, what === 'lacks' ? 2 : 6).live(5);
    await caughtUp(world, indexer, url);
    const before = await world.head();
    proxy.spoil = dropping(drop);
    const { calls, wallets } = world;
    await world.inOneBlock(async () => {
      for (let twin = 0; twin < 2; twin++)
        await world.send(wallets.house, calls.deposit(3, 500n, id('booking')));
    });
    await until(() => indexer.status().problem !== undefined);
    expect(indexer.status().problem).toMatch(reason);
    expect((await readCursor(db))?.block_number).toBe(before);
    proxy.spoil = (_call, answer) => answer;
    await caughtUp(world, indexer, url);
    await expectTrue();
  });

  it('is not believed when its receipts lack the log too', async () => {
    const indexer = await run(world, url, { rpcUrl: proxy.url });
    await caughtUp(world, indexer, url);
    proxy.spoil = (call, answer) => {
      if (call.method === 'eth_getLogs')
        return { ...answer, result: (answer.result as unknown[]).slice(0, -1) };
      if (call.method !== 'eth_getTransactionReceipt') return answer;
      const receipt = answer.result as { logs: unknown[] };
      return { ...answer, result: { ...receipt, logs: receipt.logs.slice(0, -1) } };
    };
    await world.act('house', world.calls.deposit(3, 500n, id('booking')));
    await until(() => indexer.status().problem !== undefined);
    expect(indexer.status().problem).toMatch(/their bloom is not the one of its header/);
    proxy.spoil = (_call, answer) => answer;
    await caughtUp(world, indexer, url);
    await expectTrue();
  });

  it('is asked for all receipts of a block when it has forgotten where its transactions are', async () => {
    proxy.spoil = (call, answer) =>
      call.method === 'eth_getTransactionReceipt' ? { ...answer, result: null } : answer;
    const indexer = await run(world, url, { rpcUrl: proxy.url });
    await caughtUp(world, indexer, url);
    await new Story(world, 7).live(3);
    await caughtUp(world, indexer, url);
    await expectTrue();
    proxy.spoil = (_call, answer) => answer;
  });

  it('is asked for smaller ranges when it refuses large ones', async () => {
    proxy.spoil = (call, answer) => {
      const { fromBlock, toBlock } = (call.params[0] ?? {}) as { fromBlock?: string; toBlock?: string };
      const tooLarge = call.method === 'eth_getLogs' && Number(toBlock) - Number(fromBlock) >= 3;
      return tooLarge ? { id: answer.id, error: { code: -32005, message: 'range too large' } } : answer;
    };
    const indexer = await run(world, url, { rpcUrl: proxy.url });
    await caughtUp(world, indexer, url);
    await expectTrue();
    proxy.spoil = (_call, answer) => answer;
  });

  it.each([429, 503])('is waited for when it answers with status %i', async (status) => {
    proxy.status = status;
    const indexer = await run(world, url, { rpcUrl: proxy.url });
    await until(() => indexer.status().problem !== undefined);
    expect(indexer.status().problem).toBe(`the node does not answer: status ${status}`);
    proxy.status = 200;
    await caughtUp(world, indexer, url);
    expect(indexer.status().problem).toBeUndefined();
  });

  it('is waited for when it refuses calls because they are too many', async () => {
    const refuse = (_call: unknown, { id }: Answer) => ({
      id,
      error: { code: -32005, message: 'limit exceeded' },
    });
    proxy.spoil = refuse;
    const indexer = await run(world, url, { rpcUrl: proxy.url });
    await until(() => indexer.status().problem !== undefined);
    expect(indexer.status().problem).toMatch(/limit exceeded/);
    proxy.spoil = (_call, answer) => answer;
    await caughtUp(world, indexer, url);
  });

  it.each([0, 1, 40, 500])('is waited for when only %i characters of its answers come', async (cutAt) => {
    const indexer = await run(world, url, { rpcUrl: proxy.url });
    await caughtUp(world, indexer, url);
    proxy.cutAt = cutAt;
    await new Story(world, 20 + cutAt).live(3);
    await until(() => indexer.status().problem !== undefined);
    expect(indexer.status().problem).toMatch(/^the node does not answer/);
    proxy.cutAt = undefined;
    await caughtUp(world, indexer, url);
    await expectTrue();
  });

  it('is waited for when it is slow, and nothing stands still but the indexer', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    proxy.hold = promise;
    const before = proxy.requests;
    const indexer = await run(world, url, { rpcUrl: proxy.url });
    await until(() => proxy.requests > before);
    await new Story(world, 5).live(5);
    expect(indexer.status()).toMatchObject({ indexed: undefined, stopped: undefined });
    proxy.hold = undefined;
    resolve();
    await caughtUp(world, indexer, url);
    await expectTrue();
  });

  it('that never answers is given up, to be asked again', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    proxy.hold = promise;
    const asking = connectRpc((patienceMs, body) => post(proxy.url, patienceMs, body), 1).one('eth_chainId');
    await expect(asking).rejects.toThrow(NoAnswer);
    proxy.hold = undefined;
    resolve();
  });
});

describe('a node that says what is not so', () => {
  let proxy: Proxy;
  let other: World;
  type RpcBlock = { number: string; hash: string };

  beforeAll(async () => {
    proxy = await openProxy(world.rpcUrl);
    other = await openWorld();
  });
  beforeEach(() => {
    proxy.target = world.rpcUrl;
    proxy.spoil = (_call, answer) => answer;
  });
  afterAll(async () => {
    await proxy.close();
    await other.close();
  });

  it.each([
    ['every log twice', (logs: unknown[]) => logs.flatMap((log) => [log, log])],
    ['one log twice', (logs: unknown[]) => [...logs, ...logs.slice(-1)]],
    [
      'one log twice and another not at all',
      (logs: unknown[]) => [...logs.slice(0, -1), ...logs.slice(-2, -1)],
    ],
  ])('is not believed when it gives %s', async (_what, spoilt) => {
    proxy.spoil = (call, answer) =>
      call.method === 'eth_getLogs' ? { ...answer, result: spoilt(answer.result as unknown[]) } : answer;
    const indexer = await run(world, url, { rpcUrl: proxy.url });
    await until(() => indexer.status().problem !== undefined);
    expect(indexer.status().problem).toMatch(/logs of block \d+ are not complete/);
    proxy.spoil = (_call, answer) => answer;
    await caughtUp(world, indexer, url);
    await expectTrue();
  });

  /** The newest block is `old` for so many looks, and then what it is. */
  const lagging =
    (old: RpcBlock, looks: number) => (call: { method: string; params: unknown[] }, answer: Answer) =>
      call.method === 'eth_getBlockByNumber' && call.params[0] === 'latest' && looks-- > 0
        ? { ...answer, result: old }
        : answer;
  const blockBack = async (blocks: bigint): Promise<RpcBlock> =>
    world.rpc('eth_getBlockByNumber', `0x${((await world.head()) - blocks).toString(16)}`, false);

  it('is waited for when its head is behind for some looks', async () => {
    const indexer = await run(world, url, { rpcUrl: proxy.url });
    await caughtUp(world, indexer, url);
    let looks = 0;
    const late = lagging(await blockBack(3n), 7);
    proxy.spoil = (call, answer) => {
      if (call.params[0] === 'latest') looks++;
      return late(call, answer);
    };
    await until(() => looks > 10);
    expect(indexer.status()).toMatchObject({
      reorganisations: 0,
      indexed: await world.head(),
      stopped: undefined,
    });
  });

  it('is waited for when it begins to fetch the chain anew', async () => {
    const indexer = await run(world, url, { rpcUrl: proxy.url });
    await caughtUp(world, indexer, url);
    const before = await dump(url);
    proxy.spoil = lagging(await world.rpc('eth_getBlockByNumber', '0x0', false), Infinity);
    await until(() => indexer.status().problem !== undefined || indexer.status().stopped !== undefined);
    expect(indexer.status()).toMatchObject({
      problem: `the node is ${await world.head()} blocks behind what was read`,
      stopped: undefined,
    });
    expect(await dump(url)).toEqual(before);
    proxy.spoil = (_call, answer) => answer;
    await caughtUp(world, indexer, url);
  });

  it('is not followed back further than a reorganisation may go', async () => {
    const indexer = await run(world, url, { rpcUrl: proxy.url, deepest: 5 });
    await caughtUp(world, indexer, url);
    const before = await dump(url);
    proxy.spoil = lagging(await blockBack(6n), Infinity);
    await until(() => indexer.status().problem !== undefined);
    expect(indexer.status().problem).toBe('the node is 6 blocks behind what was read');
    expect(await dump(url)).toEqual(before);
    proxy.spoil = (_call, answer) => answer;
    await caughtUp(world, indexer, url);
  });

  it('of a chain with another number stops the indexer before it reads', async () => {
    proxy.spoil = (call, answer) => (call.method === 'eth_chainId' ? { ...answer, result: '0x1' } : answer);
    const indexer = await run(world, url, { rpcUrl: proxy.url });
    await until(() => indexer.status().stopped !== undefined);
    expect(indexer.status().stopped).toBe('the node is of chain 1, the deployment of chain 31337');
    expect(await readCursor(db)).toBeUndefined();
  });

  it('of another chain with the same number stops the indexer before it reads', async () => {
    const deployment = { ...world.deployment, genesisHash: id('another genesis') };
    const indexer = await run({ ...world, deployment }, url);
    await until(() => indexer.status().stopped !== undefined);
    expect(indexer.status().stopped).toBe('the node is of another chain than the deployment');
    expect(await readCursor(db)).toBeUndefined();
  });

  it('stops the indexer when another chain takes its place, and what was read stays', async () => {
    const indexer = await run(world, url, { rpcUrl: proxy.url, deepest: 3 });
    await caughtUp(world, indexer, url);
    const before = await dump(url);
    proxy.target = other.rpcUrl;
    await other.rpc('anvil_mine', `0x${((await world.head()) + 5n).toString(16)}`);
    await until(() => indexer.status().stopped !== undefined);
    expect(indexer.status().stopped).toMatch(/the chain (was reorganised|no longer has)/);
    expect((await readCursor(db))?.stopped_reason).toBe(indexer.status().stopped);
    expect(await dump(url)).toEqual(before);
  });
});

describe('a chain whose clock is ahead of the machine', () => {
  it('is read with its own times', async () => {
    const snapshot = await world.rpc<string>('evm_snapshot');
    const indexer = await run(world, url);
    await caughtUp(world, indexer, url);
    const ahead = 7_258_118_400; // 2200-01-01
    await world.rpc('evm_setNextBlockTimestamp', ahead);
    await world.act('house', world.calls.deposit(3, 500n, id('booking')));
    await caughtUp(world, indexer, url);
    const { at } = await db
      .selectFrom('ledger.cash_entry')
      .select('at')
      .orderBy('at', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    expect(at).toEqual(new Date(ahead * 1000));
    await expectTrue();
    await world.rpc('evm_revert', snapshot);
  });
});

describe('an indexer that is interrupted', () => {
  it('goes on when its connection to the database is cut', async () => {
    const indexer = await run(world, url);
    const story = new Story(world, 3);
    for (let cut = 0; cut < 5; cut++) {
      await story.live(5);
      await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name like 'tallystick-%'
      `.execute(db);
    }
    await caughtUp(world, indexer, url);
    await expectTrue();
  });
});

describe('a second indexer', () => {
  it('is refused while the first one writes', async () => {
    await run(world, url);
    await expect(index(world, url, { patienceMs: 50 })).rejects.toThrow(
      /another indexer writes to this database/,
    );
  });

  it('takes over when the first one leaves', async () => {
    const first = await index(world, url);
    const second = index(world, url, { patienceMs: 60_000 });
    await first.close();
    open.push(await second);
    await caughtUp(world, open[0]!, url);
  });

  it('of another deployment stops', async () => {
    const first = await index(world, url);
    await caughtUp(world, first, url);
    await first.close();
    const { addresses } = world.deployment;
    const deployment = { ...world.deployment, addresses: { ...addresses, bills: addresses.desk } };
    const other = await run(world, url, { deployment });
    await until(() => other.status().stopped !== undefined);
    expect(other.status().stopped).toBe('the database holds the books of another deployment');
  });
});

describe('what the indexer does not understand', () => {
  /** Code that emits one log with this topic and returns. */
  const emitting = (topic: string): string => `0x7f${topic.slice(2)}60006000a100`;

  it('stops it, with a reason that stays', async () => {
    const snapshot = await world.rpc<string>('evm_snapshot');
    const indexer = await run(world, url);
    await caughtUp(world, indexer, url);
    const before = await world.head();
    const topic = id('ParcelBurnt(uint64)');
    await world.rpc('anvil_setCode', world.deployment.addresses.rulebook, emitting(topic));
    await world.send(world.wallets.s1, { target: world.deployment.addresses.rulebook, data: '0x' });
    await until(() => indexer.status().stopped !== undefined);
    const reason = `block ${before + 1n}, log 0, rulebook: unknown event with topic ${topic}`;
    expect(indexer.status().stopped).toBe(reason);
    expect(await readCursor(db)).toMatchObject({ block_number: before, stopped_reason: reason });
    await world.rpc('evm_revert', snapshot);
  });

  it('is left alone when it comes from a stranger', async () => {
    const stranger = '0x00000000000000000000000000000000000000aa';
    await world.rpc('anvil_setCode', stranger, emitting(id('Executed(uint256)')));
    await world.send(world.wallets.s1, { target: stranger, data: '0x' });
    const indexer = await run(world, url);
    await caughtUp(world, indexer, url);
    await expectTrue();
  });

  it('stops it when a bill is not as the chain has it', async () => {
    const snapshot = await world.rpc<string>('evm_snapshot');
    const indexer = await run(world, url);
    await caughtUp(world, indexer, url);
    const { bill_no, acceptor } = await db
      .selectFrom('ledger.bill')
      .select(['bill_no', 'acceptor'])
      .where('to_block', 'is', null)
      .where('status', '=', 'active')
      .whereRef('paid_in_minor', '<', 'face_minor')
      .executeTakeFirstOrThrow();
    await db.updateTable('ledger.parcel').set({ flags: 3 }).where('bill_no', '=', bill_no).execute();
    await world.act(nameOf(acceptor), world.calls.fund(bill_no, 1n));
    await until(() => indexer.status().stopped !== undefined);
    expect(indexer.status().stopped).toMatch(
      new RegExp(`^bill ${bill_no} differs from the chain at block \\d+`),
    );
    await world.rpc('evm_revert', snapshot);
  });
});
