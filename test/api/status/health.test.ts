import { createServer, type Server } from 'node:http';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Member } from '#client/member.ts';
import { money } from '#client/money.ts';
import { MOST_BEHIND } from '#api/status/health.ts';
import { MANNERS, openGate, prepareGround, until, type Ground } from '../../fixtures/ground.ts';
import { ask, tokenFor } from '../support/ask.ts';

type Node = { readonly url: string; close(): Promise<void> };

/** A node that knows nothing but its newest block; undefined: it takes the question and says nothing. */
async function openNode(head: () => number | undefined): Promise<Node> {
  const server: Server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const { id } = JSON.parse(body) as { id: number };
      const number = head();
      if (number === undefined) return;
      response.setHeader('content-type', 'application/json');
      const timestamp = `0x${Math.floor(Date.now() / 1_000).toString(16)}`;
      const result = { number: `0x${number.toString(16)}`, timestamp };
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    })();
  });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((settle) => server.close(settle));
    },
  };
}

describe('what the monitoring is told', () => {
  let ground: Ground;
  const relayers: { close(): Promise<void> }[] = [];
  let bank: Member;
  let firm: Member;
  const relay = async () => relayers.push(await ground.relayer());
  const stopRelaying = async () => {
    for (const relayer of relayers.splice(0)) await relayer.close();
  };

  beforeAll(async () => {
    ground = await prepareGround();
    await relay();
    bank = await ground.admit('bank', ['settlement_bank']);
    firm = await ground.admit('firm', ['supplier']);
    await bank.perform({ type: 'deposit', member: firm.number, amount: money('1.00'), reference: 'D-1' });
  });
  afterAll(async () => {
    await stopRelaying();
    await ground?.close();
  });

  const ready = async (url = ground.apiUrl) => {
    const { status, code, body } = await ask(url, 'GET', '/ready');
    return [status, code, (body as { detail?: string }).detail];
  };
  /** Of one metric; undefined: it has no value. */
  const metric = async (name: string, url = ground.apiUrl): Promise<number | undefined> => {
    const { status, body } = await ask(url, 'GET', '/metrics');
    expect(status).toBe(200);
    const line = (body as string).split('\n').find((each) => each.startsWith(`tallystick_${name} `));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };

  it('is ready, and behind by nothing, when all parts work', async () => {
    const head = await ground.provider.getBlockNumber();
    await until(async () => (await metric('block{of="indexed"}')) === head);
    await until(async () => (await metric('block{of="proved"}')) === head);
    expect(await ready()).toEqual([200, 'ok', undefined]);
    expect(await metric('behind_blocks{what="indexed"}')).toBe(0);
    expect(await metric('reachable{part="node"}')).toBe(1);
    expect(await metric('reachable{part="database"}')).toBe(1);
    expect(await metric('indexer_stopped')).toBe(0);
    expect(await metric('oldest_act_seconds')).toBe(0);
  });

  it('counts the queue, how long it waits, what got done and what failed', async () => {
    await stopRelaying();
    const done = (await metric('acts_total{state="done"}'))!;
    const failed = (await metric('acts_total{state="failed"}'))!;
    // Either could succeed, both cannot.
    const redeem = { type: 'redeem', bank: bank.number, amount: money('1.00') } as const;
    const acts = [await firm.prepare(redeem), await firm.prepare(redeem)];
    for (const act of acts) await firm.submit(act);
    expect(await metric('acts_under_way{state="submitted"}')).toBe(2);
    expect(await metric('oldest_act_seconds')).toBeGreaterThan(0);
    await relay();
    await Promise.allSettled(acts.map(({ id }) => firm.follow(id)));
    await until(async () => (await metric('acts_total{state="failed"}')) === failed + 1);
    expect(await metric('acts_total{state="done"}')).toBe(done + 1);
    expect(await metric('acts_under_way{state="submitted"}')).toBe(0);
    expect(await metric('oldest_act_seconds')).toBe(0);
  });

  it('says that the indexer has stopped', async () => {
    await sql`update chain.cursor set stopped_reason = 'a test'`.execute(ground.db);
    try {
      expect(await ready()).toEqual([503, 'UNAVAILABLE', 'the indexer has stopped: its log says why']);
      expect(await metric('indexer_stopped')).toBe(1);
    } finally {
      await sql`update chain.cursor set stopped_reason = null`.execute(ground.db);
    }
    expect((await ready())[0]).toBe(200);
  });

  it('says how far the read model is behind, and is not ready when it is far', async () => {
    const indexed = (await metric('block{of="indexed"}'))!;
    let head = indexed + MOST_BEHIND;
    const node = await openNode(() => head);
    try {
      const { url } = await ground.anotherApi({ rpcUrl: node.url });
      expect(await metric('behind_blocks{what="indexed"}', url)).toBe(MOST_BEHIND);
      expect((await ready(url))[0]).toBe(200);
      head += 1;
      expect(await ready(url)).toEqual([503, 'UNAVAILABLE', 'the read model is 65 blocks behind']);
    } finally {
      await node.close();
    }
  });

  it.each(MANNERS)('says that the node is away when its answers are %s', async (manner) => {
    const gate = await openGate(ground.rpcUrl);
    gate.manner = manner;
    try {
      const { url } = await ground.anotherApi({ rpcUrl: gate.url });
      const token = await tokenFor(url, { member: firm.number });
      const act = { type: 'setStanding', standing: true };
      const prepare = () =>
        ask(url, 'POST', '/api/instructions/prepare', { token, body: { instruction: act } });
      for (const method of ['eth_call', 'eth_getBlockByNumber']) gate.closed.set(method, 0);
      const [{ status, code }, seen] = await Promise.all([prepare(), ready(url)]);
      expect([status, code]).toEqual([503, 'UNAVAILABLE']);
      expect(seen).toEqual([503, 'UNAVAILABLE', 'the node of the chain does not answer']);
      gate.closed.clear();
      expect((await prepare()).status).toBe(201);
      expect((await ready(url))[0]).toBe(200);
    } finally {
      await gate.close();
    }
  });

  it('answers although a node does not, and gives no old number for a new one', async () => {
    const node = await openNode(() => undefined);
    try {
      const { url } = await ground.anotherApi({ rpcUrl: node.url });
      expect(await ready(url)).toEqual([503, 'UNAVAILABLE', 'the node of the chain does not answer']);
      expect((await ask(url, 'GET', '/health')).status).toBe(200);
      expect(await metric('reachable{part="node"}', url)).toBe(0);
      expect(await metric('block{of="chain"}', url)).toBeUndefined();
      expect(await metric('behind_blocks{what="indexed"}', url)).toBeUndefined();
      expect(await metric('block{of="indexed"}', url)).toBeGreaterThan(0);
    } finally {
      await node.close();
    }
  });
});
