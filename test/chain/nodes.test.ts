import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lookAtNode, Nodes, type Identity } from '#chain/nodes.ts';
import { NoAnswer } from '#chain/post-json.ts';
import { startAnvil, type Anvil } from '#embedded/anvil.ts';
import { rpc } from '#embedded/rpc.ts';
import { copyOfChain } from '../fixtures/copy-of-chain.ts';
import { until } from '../fixtures/ground.ts';
import { openProxy, type Proxy } from '../indexer/support/proxy.ts';

/** So rarely that nothing is looked at by itself. */
const NEVER = 2 ** 30;
const PATIENCE_MS = 5_000;
const question = [{ jsonrpc: '2.0', id: 0, method: 'eth_blockNumber', params: [] }];

describe('the nodes of one chain', () => {
  let chain: Anvil;
  let identity: Identity;
  let first: Proxy;
  let second: Proxy;
  let nodes: Nodes | undefined;
  let said: string[];

  beforeAll(async () => {
    chain = await startAnvil();
    await rpc(chain.url, 'anvil_mine', '0x3');
    identity = await lookAtNode(chain.url);
  });
  afterAll(() => chain?.close());
  beforeEach(async () => {
    [first, second] = await Promise.all([openProxy(chain.url), openProxy(chain.url)]);
    said = [];
  });
  afterEach(async () => {
    nodes?.close();
    nodes = undefined;
    await Promise.all([first.close(), second.close()]);
  });

  const open = (urls: readonly string[], { lookMs = NEVER, lag = 8 } = {}): Nodes => {
    const warn = (_facts: object, message: string) => void said.push(message);
    return (nodes = new Nodes(urls.join(','), identity, { log: { warn }, lookMs, lag }));
  };
  const head = async () =>
    Number(((await nodes!.ask(PATIENCE_MS, question)) as { result: string }[])[0]!.result);

  it('are one when there is one: it is asked whatever it says, and nothing else is asked', async () => {
    open([first.url]);
    expect(await head()).toBe(3);
    expect(first.requests).toBe(1);
    first.status = 502;
    await expect(head()).rejects.toThrow(NoAnswer);
    expect(said).toEqual([]);
  });

  it('are asked one at a time: the second when the first does not answer, until that one fails too', async () => {
    open([first.url, second.url]);
    expect(await head()).toBe(3);
    expect(second.requests).toBe(1); // a look
    first.status = 502;
    expect(await head()).toBe(3);
    expect(nodes!.turn).toBe(1);
    expect(said).toEqual(['a node is left: it does not answer']);
    first.status = 200;
    const before = first.requests;
    expect(await head()).toBe(3);
    expect(first.requests).toBe(before); // there was no reason to go back
    second.status = 502;
    expect(await head()).toBe(3);
    expect(nodes!.turn).toBe(2);
    first.status = 502;
    await expect(head()).rejects.toThrow('no node of this chain answers');
    second.status = 200;
    expect(await head()).toBe(3);
  });

  it('are left when they take a question and never answer', async () => {
    open([first.url, second.url]);
    await head();
    first.hold = new Promise(() => {});
    expect(await nodes!.ask(50, question)).toMatchObject([{ result: '0x3' }]);
    expect(nodes!.turn).toBe(1);
  });

  it('are not asked any more when they are of another chain, though its id is the same', async () => {
    const foreign = await startAnvil({ timestamp: 1_700_000_000 });
    try {
      first.target = foreign.url;
      open([first.url, second.url]);
      expect(await head()).toBe(3);
      expect(said).toEqual([
        'a node is of another chain and is not asked any more',
        'a node is left: it is of another chain',
      ]);
      const before = first.requests;
      second.status = 502;
      await expect(head()).rejects.toThrow('no node of this chain answers');
      expect(first.requests).toBe(before);
    } finally {
      await foreign.close();
    }
  });

  it('are left when they fall behind, and may be asked again when they have caught up', async () => {
    const behind = await copyOfChain(chain.url);
    try {
      const height = await lookAtNode(behind.url).then((seen) => seen.head);
      first.target = behind.url;
      open([first.url, second.url], { lookMs: 20, lag: 2 });
      expect(await head()).toBe(height);
      await rpc(chain.url, 'anvil_mine', '0x2');
      await head();
      expect(nodes!.turn).toBe(0); // so much may be
      await rpc(chain.url, 'anvil_mine', '0x1');
      await until(() => nodes!.turn === 1);
      expect(said).toEqual(['a node is left: it is 3 blocks behind']);
      expect(await head()).toBe(height + 3);
      second.status = 502;
      await expect(head()).resolves.toBe(height); // late is better than nothing
      first.target = chain.url;
      expect(await head()).toBe(height + 3);
    } finally {
      await behind.close();
    }
  });

  it('do not answer for each other to who keeps to one', async () => {
    open([first.url, second.url]);
    const { ask } = await nodes!.pinned();
    first.status = 502;
    await expect(ask(PATIENCE_MS, question)).rejects.toThrow(NoAnswer);
    expect(await head()).toBe(await lookAtNode(chain.url).then((seen) => seen.head));
    expect(nodes!.turn).toBe(1);
    await expect(ask(PATIENCE_MS, question)).rejects.toThrow(NoAnswer);
  });
});
