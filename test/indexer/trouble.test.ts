import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { id } from 'ethers';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeDeployment } from '#chain/deployment.ts';
import { readCursor } from '#db/chain/store.ts';
import type { Database } from '#db/connect.ts';
import type { Indexer } from '#indexer/start.ts';
import { verify } from '#indexer/verify.ts';
import type { Postgres } from '#scripts/embedded/postgres.ts';
import { openProxy, type Answer, type Proxy } from './support/proxy.ts';
import { Random } from './support/random.ts';
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

  it('is not believed at the head, not even when the last log has a twin that hides its loss', async () => {
    const indexer = await run(world, url, { rpcUrl: proxy.url });
    await new Story(world, 2).live(5);
    await caughtUp(world, indexer, url);
    const before = await world.head();
    proxy.spoil = dropping((logs) => logs.slice(0, -1));
    const { calls, wallets } = world;
    await world.inOneBlock(async () => {
      for (let twin = 0; twin < 2; twin++)
        await world.send(wallets.house, calls.deposit(3, 500n, id('booking')));
    });
    await until(() => indexer.status().problem !== undefined);
    expect(indexer.status().problem).toMatch(/3 came, its receipts hold 4/);
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

  it('is waited for when it is away', async () => {
    proxy.status = 503;
    const indexer = await run(world, url, { rpcUrl: proxy.url });
    await until(() => indexer.status().problem !== undefined);
    expect(indexer.status().problem).toBe('the node does not answer: status 503');
    proxy.status = 200;
    await caughtUp(world, indexer, url);
    expect(indexer.status().problem).toBeUndefined();
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

  it('resumes after it was killed between or within blocks', async () => {
    const random = new Random(4);
    const folder = mkdtempSync(join(tmpdir(), 'tallystick-crash-'));
    const deploymentFile = join(folder, 'deployment.json');
    writeDeployment(deploymentFile, world.deployment);
    const story = new Story(world, 4);
    for (let life = 0; life < 6; life++) {
      const file = join(import.meta.dirname, 'support/child.ts');
      const child = spawn(process.execPath, [file, url, world.rpcUrl, deploymentFile], { stdio: 'ignore' });
      const gone = new Promise((resolve) => child.once('exit', resolve));
      const start = (await readCursor(db))?.block_number ?? 0n;
      await until(async () => ((await readCursor(db))?.block_number ?? 0n) > start);
      const living = story.live(5 + random.below(15));
      await sleep(random.below(200));
      child.kill('SIGKILL');
      await Promise.all([gone, living]);
    }
    rmSync(folder, { recursive: true });
    const indexer = await run(world, url);
    await caughtUp(world, indexer, url);
    await expectTrue();
  });
});

describe('a second indexer', () => {
  it('is refused while the first one writes', async () => {
    await run(world, url);
    await expect(index(world, url, { patience: 50 })).rejects.toThrow(
      /another indexer writes to this database/,
    );
  });

  it('takes over when the first one leaves', async () => {
    const first = await index(world, url);
    const second = index(world, url, { patience: 60_000 });
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
    await world.rpc('anvil_setCode', world.deployment.addresses.invoices, emitting(topic));
    await world.send(world.wallets.s1, { target: world.deployment.addresses.invoices, data: '0x' });
    await until(() => indexer.status().stopped !== undefined);
    const reason = `block ${before + 1n}, log 0, invoices: unknown event with topic ${topic}`;
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
