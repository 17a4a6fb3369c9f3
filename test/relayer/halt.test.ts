/** A chain that stands still, and several nodes: what is sent again and what is said meanwhile. */
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectNode } from '#chain/node.ts';
import { Nodes } from '#chain/nodes.ts';
import type { Member } from '#client/member.ts';
import { money } from '#client/money.ts';
import { connect } from '#db/wire/connect.ts';
import { chainKeyOf } from '#keys/key.ts';
import { Sender } from '#relayer/sender.ts';
import { KEYS, openGate, prepareGround, until, type Gate, type Ground } from '../fixtures/ground.ts';
import { balanceOf, relayersOn } from './support.ts';

/** So rarely that it does not happen. */
const NEVER = 2 ** 30;
const MINUTE = 60_000;

describe('the relayer', () => {
  let ground: Ground;
  let bank: Member;
  let firm: Member;
  let gates: [Gate, Gate];
  let said: { readonly msg: string; readonly count?: number }[];
  const { relay, stopAll, chainNonce } = relayersOn(() => ground);
  const log = pino(
    { level: 'warn' },
    { write: (line: string) => void said.push(JSON.parse(line) as (typeof said)[number]) },
  );

  beforeAll(async () => {
    ground = await prepareGround();
    await relay();
    bank = await ground.admit('bank', ['settlement_bank']);
    firm = await ground.admit('firm', ['supplier']);
    await stopAll();
  });
  beforeEach(async () => {
    gates = [await openGate(ground.rpcUrl), await openGate(ground.rpcUrl)];
    said = [];
  });
  afterEach(async () => {
    vi.useRealTimers();
    await stopAll();
    await Promise.all(gates.map((gate) => gate.close()));
  });
  afterAll(() => ground?.close());

  const prepare = () =>
    bank.prepare({ type: 'deposit', member: firm.number, amount: money('1.00'), reference: 'D-1' });
  const submit = async () => {
    const act = await prepare();
    await bank.submit(act);
    return act;
  };
  const stateOf = async ({ id }: { id: string }) =>
    (await bank.http.get<{ state: string }>(`/api/instructions/${id}`)).state;
  /** Nothing but what is asked of it, when it is asked. */
  const openSender = (rpcUrl: string) => {
    const db = connect(ground.databaseUrl, { role: 'tallystick_api', max: 2 });
    const nodes = new Nodes(rpcUrl, ground.deployment, { log, lookMs: NEVER });
    const { chainId, addresses } = ground.deployment;
    const provider = connectNode(nodes, chainId);
    const sender = new Sender({
      ...{ db, nodes, provider, chainId, relay: addresses.relay, log },
      ...{ key: chainKeyOf(KEYS.relayer), signedBy: ['firm', 'keeper'], inFlight: 256 },
      ...{ resendMs: 10 * MINUTE, longestResendMs: 60 * MINUTE },
    });
    const close = async () => {
      provider.destroy();
      await db.destroy();
    };
    return { sender, close };
  };

  it('sends again with pauses that double while the chain stands still, says when that begins and when it ends', async () => {
    const [gate] = gates;
    const { sender, close } = openSender(gate.url);
    try {
      const before = await balanceOf(firm);
      const act = await submit();
      gate.swallowed.add('eth_sendRawTransaction'); // a chain that takes and mines nothing
      await sender.send();
      expect(gate.taken).toBe(1);
      const begin = Date.now();
      vi.useFakeTimers({ toFake: ['Date'] });
      const sentAfter = async (minutes: number): Promise<number> => {
        const taken = gate.taken;
        vi.setSystemTime(begin + minutes * MINUTE);
        for (let look = 0; look < 3; look++) await sender.resendStuck();
        return gate.taken - taken;
      };
      expect(await sentAfter(9)).toBe(0);
      const sent: number[] = [];
      for (let minutes = 11; minutes <= 240; minutes += 5) {
        if ((await sentAfter(minutes)) > 0) sent.push(minutes);
      }
      expect(sent).toEqual([11, 21, 41, 81, 141, 201]);
      expect(said.map(({ msg, count }) => [msg, count])).toEqual([
        ['transactions are not mined in time: they are sent again', 1],
      ]);

      // Blocks come again, but without it: they may have forgotten it.
      await ground.provider.send('evm_mine', []);
      expect(await sentAfter(242)).toBe(1);
      gate.swallowed.clear();
      await ground.provider.send('evm_mine', []);
      expect(await sentAfter(253)).toBe(0); // sent, and not swallowed
      await until(async () => (await sender.settle()) || (await stateOf(act)) === 'done');
      await sender.resendStuck();
      expect(said.map(({ msg }) => msg)).toEqual([
        'transactions are not mined in time: they are sent again',
        'transactions are mined in time again',
      ]);
      expect(await balanceOf(firm)).toBe(before + 1);
    } finally {
      await close();
    }
  });

  it('sends what is under way to the node that comes into use, once, and loses nothing', async () => {
    const before = await balanceOf(firm);
    const nonce = await chainNonce();
    const [first, second] = gates;
    first.swallowed.add('eth_sendRawTransaction'); // taken by a node that dies with it
    await relay({ rpcUrl: `${first.url},${second.url}`, log, lookMs: NEVER, resendMs: NEVER });
    const acts = [await submit(), await submit()];
    await until(async () => (await Promise.all(acts.map(stateOf))).every((state) => state === 'sent'));
    await until(() => first.taken > 0);
    expect(await chainNonce()).toBe(nonce);
    await first.close();
    acts.push(await submit());
    await Promise.all(acts.map(({ id }) => bank.follow(id)));
    expect(await balanceOf(firm)).toBe(before + 3);
    expect(said.map(({ msg }) => msg)).toContain('a node is left: it does not answer');
  });

  it('says once that it waits and once that it goes on when a node is away, and sends at once what it may have forgotten', async () => {
    const before = await balanceOf(firm);
    const [gate] = gates;
    const blocked = ['eth_getTransactionCount', 'eth_gasPrice', 'eth_sendRawTransaction'];
    gate.swallowed.add('eth_sendRawTransaction');
    await relay({ rpcUrl: gate.url, log, resendMs: NEVER, longestPauseMs: 50 });
    const act = await submit();
    await until(async () => (await stateOf(act)) === 'sent' && gate.taken > 0);
    for (const method of blocked) gate.closed.set(method, 0);
    const waiting = await submit();
    await until(() => gate.closed.get('eth_gasPrice')! + gate.closed.get('eth_getTransactionCount')! > 8);
    gate.swallowed.clear();
    gate.closed.clear();
    await Promise.all([act, waiting].map(({ id }) => bank.follow(id)));
    expect(await balanceOf(firm)).toBe(before + 2);
    const lines = said.map(({ msg }) => msg).filter((msg) => msg.startsWith('the relayer'));
    expect(lines).toEqual(['the relayer waits', 'the relayer goes on']);
  });
});
