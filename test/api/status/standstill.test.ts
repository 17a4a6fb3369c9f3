/** A chain that stands still, and a node that is cut off from the others: who asks is told, and who watches. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { lookAtNode } from '#chain/nodes.ts';
import { copyOfChain } from '../../fixtures/copy-of-chain.ts';
import { prepareGround, until, type Ground } from '../../fixtures/ground.ts';
import { openProxy, type Proxy } from '../../indexer/support/proxy.ts';
import { ask } from '../support/ask.ts';

const HOUR = 3_600;
/** So rarely that nothing is looked at by itself. */
const NEVER = 2 ** 30;

describe('a chain', () => {
  let ground: Ground;
  let proxies: [Proxy, Proxy];

  beforeAll(async () => {
    ground = await prepareGround();
    await ground.provider.send('evm_mine', []);
  });
  beforeEach(async () => {
    proxies = [await openProxy(ground.rpcUrl), await openProxy(ground.rpcUrl)];
  });
  afterEach(async () => {
    vi.useRealTimers();
    await Promise.all(proxies.map((proxy) => proxy.close()));
  });
  afterAll(() => ground?.close());

  const newest = async () => {
    const { timestamp } = (await ground.provider.send('eth_getBlockByNumber', ['latest', false])) as {
      timestamp: string;
    };
    return Number(timestamp);
  };
  const letPass = (seconds: number) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1_000 });
  };
  const ready = async (url: string) => {
    const { status, body } = await ask(url, 'GET', '/ready');
    return [status, (body as { detail?: string }).detail];
  };
  const status = async (url: string) =>
    (await ask(url, 'GET', '/api/status')).body as { chainHeadAt: string; standsStillSince: string | null };
  const age = async (url: string) => {
    const { body } = await ask(url, 'GET', '/metrics');
    return Number(/^tallystick_block_age_seconds (\S+)$/m.exec(body as string)?.[1]);
  };

  it('that makes no block for longer than the limit is not ready, and says since when', async () => {
    const { url } = await ground.anotherApi({ blockAgeLimit: HOUR });
    const since = `${new Date((await newest()) * 1_000).toISOString()}`;
    expect(await ready(url)).toEqual([200, undefined]);
    expect(await status(url)).toMatchObject({ chainHeadAt: since, standsStillSince: null });
    expect(await age(url)).toBeLessThan(HOUR);
    letPass(2 * HOUR);
    expect(await ready(url)).toEqual([503, `the chain has stood still since ${since}: no new block`]);
    const { body } = await ask(url, 'GET', '/ready', { headers: { 'accept-language': 'zh-CN' } });
    expect(body).toMatchObject({ detail: `区块链自 ${since} 起没有新区块` });
    expect(await status(url)).toMatchObject({ chainHeadAt: since, standsStillSince: since });
    expect(await age(url)).toBeGreaterThan(HOUR);
  });

  it('that makes blocks for transactions only has no limit, and rests without harm', async () => {
    letPass(48 * HOUR);
    expect(await ready(ground.apiUrl)).toEqual([200, undefined]);
    expect((await status(ground.apiUrl)).standsStillSince).toBeNull();
    expect(await age(ground.apiUrl)).toBeGreaterThan(HOUR); // for whoever wants to know
  });

  it('tells who listens to live events when it stands still, and when it goes on', async () => {
    const { url } = await ground.anotherApi({ blockAgeLimit: HOUR, standstillMs: 20 });
    const aborter = new AbortController();
    const response = await fetch(`${url}/api/events`, { signal: aborter.signal });
    let text = '';
    const reading = (async () => {
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) text += chunk;
    })().catch(() => {});
    const told = () =>
      [...text.matchAll(/event: chain\ndata: (.*)\n/g)].map(
        ([, data]) => (JSON.parse(data!) as { standsStillSince: string | null }).standsStillSince,
      );
    await until(() => text.includes('retry'));
    const since = new Date((await newest()) * 1_000).toISOString();
    letPass(2 * HOUR);
    await until(() => told().length > 0);
    vi.useRealTimers();
    await until(() => told().length > 1);
    expect(told()).toEqual([since, null]);
    aborter.abort();
    await reading;
  });

  it('is asked through another node when one dies', async () => {
    const [first, second] = proxies;
    const rpcUrl = `${first.url},${second.url}`;
    const { url } = await ground.anotherApi({ rpcUrl, lookMs: NEVER });
    expect(await ready(url)).toEqual([200, undefined]);
    first.status = 502;
    expect(await ready(url)).toEqual([200, undefined]);
    expect(await age(url)).toBeGreaterThanOrEqual(0);
    second.status = 502;
    expect(await ready(url)).toEqual([503, 'the node of the chain does not answer']);
  });

  it('is asked through another node when one is cut off from the others', async () => {
    const [first, second] = proxies;
    const copy = await copyOfChain(ground.rpcUrl);
    try {
      first.target = copy.url;
      const rpcUrl = `${first.url},${second.url}`;
      const { url } = await ground.anotherApi({ rpcUrl, lookMs: 20, lag: 2 });
      const { head } = await lookAtNode(copy.url);
      const seen = async () =>
        ((await ask(url, 'GET', '/api/status')).body as { chainHead: number }).chainHead;
      expect(await seen()).toBe(head);
      await ground.provider.send('anvil_mine', ['0x5']);
      await until(async () => (await seen()) === head + 5);
    } finally {
      await copy.close();
    }
  });
});
