import { Wallet } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '#db/wire/bytes.ts';
import type { Member } from '#client/member.ts';
import { money } from '#client/money.ts';
import type { PreparedInstruction } from '#client/generated/schema.ts';
import { KEYS, openGate, prepareGround, until, type Gate, type Ground } from '../fixtures/ground.ts';
import { balanceOf, relayersOn, SENDER } from './support.ts';

describe('relayer', () => {
  let ground: Ground;
  let bank: Member;
  let firm: Member;
  const { relay, stopAll, chainNonce } = relayersOn(() => ground);

  beforeAll(async () => {
    ground = await prepareGround();
    await relay();
    bank = await ground.admit('bank', ['settlement_bank']);
    firm = await ground.admit('firm', ['supplier']);
    await stopAll();
  });
  afterEach(stopAll);
  afterAll(() => ground?.close());

  const prepare = () =>
    bank.prepare({ type: 'deposit', member: firm.number, amount: money('1.00'), reference: 'D-1' });
  const prepareMany = (count: number) => Promise.all(Array.from({ length: count }, prepare));
  const submitAll = (acts: readonly PreparedInstruction[]) =>
    Promise.all(acts.map((act) => bank.submit(act)));
  const followAll = (acts: readonly PreparedInstruction[]) =>
    Promise.all(acts.map(({ id }) => bank.follow(id)));
  const balance = () => balanceOf(firm);
  const stateOf = async ({ id }: PreparedInstruction) =>
    (await bank.http.get<{ state: string }>(`/api/instructions/${id}`)).state;
  const transactions = () =>
    ground.db
      .selectFrom('app.transaction')
      .selectAll()
      .where('sender', '=', Buffer.from(SENDER.slice(2), 'hex'))
      .orderBy('nonce')
      .execute();
  const transactionOf = async ({ id }: PreparedInstruction) => {
    const { nonce } = await ground.db
      .selectFrom('app.transaction_instruction')
      .select('nonce')
      .where('instruction_id', '=', id)
      .executeTakeFirstOrThrow();
    return (await transactions()).find((each) => each.nonce === nonce)!;
  };

  it('takes up what was signed while no relayer ran', async () => {
    const before = await balance();
    const acts = await prepareMany(3);
    await submitAll(acts);
    expect(await Promise.all(acts.map(stateOf))).toEqual(['submitted', 'submitted', 'submitted']);
    await relay();
    await followAll(acts);
    expect(await balance()).toBe(before + 3);
  });

  it('sends many at a time, each once, without a gap', async () => {
    const before = await balance();
    await relay({ inFlight: 40 });
    const acts = await prepareMany(150);
    await submitAll(acts);
    await followAll(acts);
    expect(await balance()).toBe(before + 150);
    const all = await transactions();
    expect(all.map(({ nonce }) => Number(nonce))).toEqual(all.map((_, n) => n));
    expect(all.every(({ state }) => state === 'done')).toBe(true);
    expect(await chainNonce()).toBe(all.length);
  });

  it('loses nothing and sends nothing twice when it dies between writing and sending', async () => {
    const before = await balance();
    const gate = await openGate(ground.rpcUrl);
    gate.closed.set('eth_sendRawTransaction', 0);
    await relay({ rpcUrl: gate.url });
    const acts = await prepareMany(5);
    await submitAll(acts);
    await until(async () => (await Promise.all(acts.map(stateOf))).every((state) => state === 'sent'));
    const written = (await transactions()).filter(({ state }) => state === 'sent');
    await stopAll();
    await gate.close();
    expect(await balance()).toBe(before);

    await relay();
    await followAll(acts);
    expect(await balance()).toBe(before + 5);
    const after = await transactions();
    const last = after.slice(-written.length);
    expect(last).toMatchObject(written.map(({ nonce, data }) => ({ nonce, data, state: 'done' })));
    expect(await chainNonce()).toBe(after.length);
  });

  it('sends nothing again that was mined before it died, and learns how it ended', async () => {
    const before = await balance();
    const gate = await openGate(ground.rpcUrl);
    gate.closed.set('eth_getTransactionReceipt', 0);
    await relay({ rpcUrl: gate.url });
    const nonce = await chainNonce();
    const [act] = await prepareMany(1);
    await submitAll([act!]);
    await until(async () => (await chainNonce()) === nonce + 1);
    await until(() => gate.closed.get('eth_getTransactionReceipt')! > 0);
    expect(await stateOf(act!)).toBe('sent');
    await stopAll();
    await gate.close();
    await relay();
    await bank.follow(act!.id);
    expect([await balance(), await chainNonce()]).toEqual([before + 1, nonce + 1]);
  });

  describe.each(['refused', 'half', 'cut'] as const)('while the answers of the node are %s', (manner) => {
    let gate: Gate;
    beforeEach(async () => {
      gate = await openGate(ground.rpcUrl);
      gate.manner = manner;
    });
    afterEach(async () => {
      await stopAll();
      await gate.close();
    });
    const block = (...methods: string[]) => methods.forEach((method) => gate.closed.set(method, 0));
    const areAsked = () => until(() => [...gate.closed.values()].every((count) => count > 0));

    it.each([
      ['before it signs', 'eth_gasPrice'],
      ['when it sends', 'eth_sendRawTransaction'],
      ['when it asks how it ended', 'eth_getTransactionReceipt'],
    ])('tries again, and does nothing twice: %s', async (_when, method) => {
      const [before, nonce] = [await balance(), await chainNonce()];
      block(method);
      await relay({ rpcUrl: gate.url, resendMs: 200 });
      const [act] = await prepareMany(1);
      await submitAll([act!]);
      await areAsked();
      expect(['submitted', 'sent']).toContain(await stateOf(act!));
      gate.closed.clear();
      await bank.follow(act!.id);
      expect([await balance(), await chainNonce()]).toEqual([before + 1, nonce + 1]);
    });

    it('gives no reason for a failure before the node has given it', async () => {
      block('eth_call', 'debug_traceTransaction');
      await relay({ rpcUrl: gate.url });
      const [gift] = await prepareMany(1);
      await submitAll([gift!]);
      await bank.follow(gift!.id);
      const all = { type: 'redeem', bank: bank.number, amount: money(`${await balance()}.00`) } as const;
      const acts = [await firm.prepare(all), await firm.prepare(all)] as const;
      await firm.submit(acts[0]);
      await firm.follow(acts[0].id);
      await firm.submit(acts[1]);
      await until(() => gate.closed.get('eth_call')! > 0);
      gate.closed.delete('eth_call');
      await expect(firm.follow(acts[1].id)).rejects.toMatchObject({ code: 'REDEMPTION_EXCEEDED' });
    });
  });

  it('sends again what the node took, gave a hash for, and never mined', async () => {
    const before = await balance();
    const gate = await openGate(ground.rpcUrl);
    gate.swallowed.add('eth_sendRawTransaction');
    await relay({ rpcUrl: gate.url, resendMs: 200 });
    const nonce = await chainNonce();
    const acts = await prepareMany(3);
    await submitAll(acts);
    // In one transaction or in several: the relayer takes what waits when it has time.
    await until(async () => (await Promise.all(acts.map(stateOf))).every((state) => state === 'sent'));
    const written = (await transactions()).filter(({ state }) => state === 'sent').length;
    await until(() => gate.taken >= written);
    expect(await chainNonce()).toBe(nonce);
    gate.swallowed.clear();
    await followAll(acts);
    expect([await balance(), await chainNonce()]).toEqual([before + 3, (await transactions()).length]);
    await stopAll();
    await gate.close();
  });

  it('says why an act failed, and the next ones are not held up', async () => {
    await relay();
    const standing = { type: 'setStanding', standing: true } as const;
    const good = await firm.prepare(standing);
    // Not enough by the time it gets there: all of the money goes in the first of the two.
    const all = money(`${await balance()}.00`);
    const redeem = { type: 'redeem', bank: bank.number, amount: all } as never;
    const [first, second] = [await firm.prepare(redeem), await firm.prepare(redeem)];
    await firm.submit(first);
    await firm.submit(second);
    await firm.submit(good);
    await firm.follow(first.id);
    await expect(firm.follow(second.id)).rejects.toMatchObject({ code: 'REDEMPTION_EXCEEDED' });
    await firm.follow(good.id);
    const failed = await firm.http.get<{ detail: { en: string }; tx: string }>(
      `/api/instructions/${second.id}`,
    );
    expect(failed.detail.en).toBe('More than this bank has issued and was not asked for yet');
    expect(await ground.provider.getTransactionReceipt(failed.tx)).not.toBeNull();
  });

  it('sends again under another nonce what a stranger to the queue has overtaken', async () => {
    const before = await balance();
    const gate = await openGate(ground.rpcUrl);
    gate.closed.set('eth_sendRawTransaction', 0);
    await relay({ rpcUrl: gate.url });
    const [act] = await prepareMany(1);
    await submitAll([act!]);
    await until(async () => (await stateOf(act!)) === 'sent');
    await stopAll();
    await gate.close();
    const nonce = await chainNonce();
    const thief = new Wallet(KEYS.relayer, ground.provider);
    await (await thief.sendTransaction({ to: thief.address, nonce, gasPrice: 0n, gasLimit: 21_000n })).wait();
    await relay();
    await bank.follow(act!.id);
    expect(await balance()).toBe(before + 1);
  });

  it('knows that a block was taken back, and does its acts again', async () => {
    await relay();
    const before = await balance();
    const snapshot = (await ground.provider.send('evm_snapshot', [])) as string;
    const [act] = await prepareMany(1);
    await submitAll([act!]);
    await bank.follow(act!.id);
    expect(await balance()).toBe(before + 1);
    await ground.provider.send('evm_revert', [snapshot]);
    await ground.provider.send('evm_mine', []);
    // The money is there again, and what is written of the act is of the block in which it is now.
    await until(async () => {
      const mined = await transactionOf(act!);
      const receipt = mined.hash && (await ground.provider.getTransactionReceipt(toHex(mined.hash)));
      return receipt?.blockHash === (mined.block_hash && toHex(mined.block_hash)) && mined.state === 'done';
    });
    await until(async () => (await stateOf(act!)) === 'done' && (await balance()) === before + 1);
  });

  it('offers more when the chain asks for more, under the same nonce', async () => {
    const before = await balance();
    const { provider, db } = ground;
    await provider.send('anvil_setBalance', [SENDER, '0xde0b6b3a7640000']);
    const setBaseFee = (fee: bigint) =>
      provider.send('anvil_setNextBlockBaseFeePerGas', [`0x${fee.toString(16)}`]);
    await setBaseFee(1_000_000_000n);
    await provider.send('evm_mine', []);
    await provider.send('evm_setAutomine', [false]);
    const gate = await openGate(ground.rpcUrl);
    gate.closed.set('eth_sendRawTransaction', 0);
    const relayer = await ground.relayer({ rpcUrl: gate.url });
    const [act] = await prepareMany(1);
    await submitAll([act!]);
    await until(async () => (await stateOf(act!)) === 'sent');
    await relayer.close();
    await gate.close();
    const attempts = () =>
      db.selectFrom('app.transaction_attempt').selectAll().orderBy('signed_at', 'desc').limit(2).execute();
    const [first] = await attempts();
    expect(first!.max_fee).toBeGreaterThanOrEqual(2_000_000_000n);

    // By the time it is sent, the price has gone up tenfold.
    await setBaseFee(10_000_000_000n);
    await provider.send('evm_mine', []);
    await setBaseFee(10_000_000_000n);
    await relay({ resendMs: 200 });
    await until(async () => (await attempts())[0]!.max_fee >= 20_000_000_000n);
    const [newest, older] = await attempts();
    expect(newest!.nonce).toBe(older!.nonce);
    await provider.send('evm_setAutomine', [true]);
    await until(async () => {
      await provider.send('evm_mine', []);
      return (await stateOf(act!)) === 'done';
    });
    expect(await balance()).toBe(before + 1);
    const mined = await transactionOf(act!);
    const receipt = await provider.getTransactionReceipt(toHex(mined.hash!));
    expect(receipt!.gasPrice).toBeGreaterThan(0n);
  });
});
