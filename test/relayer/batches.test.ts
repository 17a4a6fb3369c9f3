/** What becomes of acts of several firms that go in one transaction. */
import { NonceManager, Wallet } from 'ethers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { interfaces } from '#chain/contracts.ts';
import { encodeSignature, executeDigest, type Call } from '#chain/typed-data.ts';
import { Key } from '#client/key.ts';
import type { Instruction, PreparedInstruction } from '#client/generated/schema.ts';
import type { Member } from '#client/member.ts';
import { money } from '#client/money.ts';
import { KEYS, openGate, prepareGround, until, type Ground } from '../fixtures/ground.ts';
import { balanceOf, relayersOn } from './support.ts';

const due = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);

type Firm = 'house' | 'core' | 'otherCore' | 'supplier';

describe('a batch of acts', () => {
  let ground: Ground;
  let stranger: NonceManager;
  const members = {} as Record<Firm, Member>;
  const { relay, stopAll, chainNonce } = relayersOn(() => ground);

  beforeAll(async () => {
    ground = await prepareGround();
    stranger = new NonceManager(new Wallet(`0x${'b7'.repeat(32)}`, ground.provider));
    await relay();
    for (const [name, role] of [
      ['house', 'settlement_bank'],
      ['core', 'core_enterprise'],
      ['otherCore', 'core_enterprise'],
      ['supplier', 'supplier'],
    ] as const)
      members[name] = await ground.admit(name, [role]);
    await stopAll();
  });
  afterEach(stopAll);
  afterAll(() => ground?.close());

  type Waiting = { readonly by: Member; readonly act: PreparedInstruction };
  /** Prepared and handed in while nobody sends, in this order. */
  const handIn = async (...wanted: readonly (readonly [Firm, Parameters<Member['prepare']>[0]])[]) => {
    const waiting: Waiting[] = [];
    for (const [name, input] of wanted) {
      const by = members[name];
      waiting.push({ by, act: await by.prepare(input) });
    }
    for (const { by, act } of waiting) await by.submit(act);
    return waiting;
  };
  const deposit = (amount = '1.00') =>
    [
      'house',
      { type: 'deposit', member: members.supplier.number, amount: money(amount), reference: 'D-1' },
    ] as const;
  const standing = (by: Firm) => [by, { type: 'setStanding', standing: true }] as const;
  const issue = (by: Firm, face: string) =>
    [by, { type: 'issue', bills: [{ payee: members.supplier.number, face: money(face), due }] }] as const;

  const read = ({ by, act }: Waiting) => by.http.get<Instruction>(`/api/instructions/${act.id}`);
  const ends = async (waiting: readonly Waiting[]): Promise<Instruction[]> => {
    await until(async () =>
      (await Promise.all(waiting.map(read))).every(({ state }) => state === 'done' || state === 'failed'),
    );
    return Promise.all(waiting.map(read));
  };
  const codes = (acts: readonly Instruction[]) => acts.map(({ state, code }) => code ?? state);
  const states = async (waiting: readonly Waiting[]) =>
    (await Promise.all(waiting.map(read))).map(({ state }) => state);
  const areSent = (waiting: readonly Waiting[]) =>
    until(async () => (await states(waiting)).every((state) => state === 'sent'));
  const balance = () => balanceOf(members.supplier);
  /** Which logs of their transaction are whose. */
  const logsOf = (waiting: readonly Waiting[]) =>
    ground.db
      .selectFrom('app.transaction_instruction')
      .select(['first_log', 'last_log'])
      .where(
        'instruction_id',
        'in',
        waiting.map(({ act }) => act.id),
      )
      .orderBy('position')
      .execute();
  const target = async ({ tx }: Instruction) => (await ground.provider.getTransaction(tx!))!.to;
  const theRelay = () => ground.deployment.addresses.relay!;

  /** What the firm's key signs, in a call that anybody can send. */
  const execution = ({ act }: Waiting, firm: Firm, calls: readonly Call[] = act.calls): Call => {
    const { account, nonce } = act;
    const validUntil = Date.parse(act.validUntil) / 1_000;
    const instruction = { account, calls, nonce: BigInt(nonce), validUntil };
    const signature = encodeSignature([
      {
        signer: act.signers[0]!.id,
        signature: Key.fromSeed(firm).sign(executeDigest(ground.deployment.chainId, instruction)),
      },
    ]);
    const args = [calls, nonce, validUntil, signature];
    return { target: account, data: interfaces.orgAccount.encodeFunctionData('execute', args) };
  };
  const sendAs = async (call: Call) => {
    const sent = await stranger.sendTransaction({
      to: call.target,
      data: call.data,
      gasLimit: 5_000_000n,
      gasPrice: 0n,
    });
    return (await sent.wait())!.hash;
  };

  it('goes as one transaction; an act that waits by itself goes as it is', async () => {
    const nonce = await chainNonce();
    const several = await handIn(deposit(), standing('supplier'), standing('core'));
    await relay();
    const done = await ends(several);
    expect(codes(done)).toEqual(['done', 'done', 'done']);
    expect(new Set(done.map(({ tx }) => tx)).size).toBe(1);
    expect([await target(done[0]!), await chainNonce()]).toEqual([theRelay(), nonce + 1]);
    const logs = await logsOf(several);
    expect(logs[0]!.last_log).toBeGreaterThanOrEqual(logs[0]!.first_log!);
    for (const [n, { first_log }] of logs.slice(1).entries()) expect(first_log).toBe(logs[n]!.last_log! + 2);
    const [single] = await ends(await handIn(deposit()));
    expect((await target(single!))!.toLowerCase()).not.toBe(theRelay().toLowerCase());
  });

  it('makes of each act what that act has made', async () => {
    const waiting = await handIn(issue('core', '11.00'), issue('otherCore', '22.00'), issue('core', '33.00'));
    await relay();
    const done = await ends(waiting);
    expect(new Set(done.map(({ tx }) => tx)).size).toBe(1);
    for (const [n, { makes }] of done.entries()) {
      expect(makes.bills).toEqual(waiting[n]!.act.makes.bills);
      expect(makes.parcels).toEqual(waiting[n]!.act.makes.parcels);
      expect(makes.parcels).toHaveLength(1);
    }
    const parcels = done.flatMap(({ makes }) => makes.parcels);
    const supplier = members.supplier;
    // Parts are named where they are cut: by the ledger, not by what was expected.
    await supplier.perform({ type: 'take', parcels });
    await stopAll();
    const cuts = [];
    for (const [n, parcel] of parcels.entries())
      cuts.push([
        'supplier',
        { type: 'offer', parcel, amount: money(`${n + 1}.00`), to: members.otherCore.number },
      ] as const);
    const offers = await handIn(...cuts);
    await relay();
    const cut = await ends(offers);
    expect(codes(cut)).toEqual(['done', 'done', 'done']);
    expect(cut.map(({ makes }) => makes.parcels)).toEqual(offers.map(({ act }) => act.makes.parcels));
  });

  it('lets one act fail without the others, each with its own reason', async () => {
    const all = money(`${await balance()}.00`);
    const redeem = ['supplier', { type: 'redeem', bank: members.house.number, amount: all }] as const;
    const waiting = await handIn(standing('core'), redeem, redeem, issue('otherCore', '5.00'));
    await relay();
    const done = await ends(waiting);
    expect(codes(done)).toEqual(['done', 'done', 'REDEMPTION_EXCEEDED', 'done']);
    expect(new Set(done.map(({ tx }) => tx)).size).toBe(1);
    expect(done[2]!.detail!.en).toBe('More than this bank has issued and was not asked for yet');
    expect(done[2]!.block).toBe(done[1]!.block);
    expect(done[3]!.makes.parcels).toEqual(waiting[3]!.act.makes.parcels);
    expect(await balance()).toBe(0);
  });

  it('is sent once, though its relayer died before it was sent', async () => {
    const [before, nonce] = [await balance(), await chainNonce()];
    const gate = await openGate(ground.rpcUrl);
    gate.closed.set('eth_sendRawTransaction', 0);
    const waiting = await handIn(deposit(), deposit(), deposit());
    await relay({ rpcUrl: gate.url });
    await areSent(waiting);
    await stopAll();
    await gate.close();
    expect(await balance()).toBe(before);
    await relay({ resendMs: 600_000 }); // at its start, not because it looks stuck
    expect(codes(await ends(waiting))).toEqual(['done', 'done', 'done']);
    expect([await balance(), await chainNonce()]).toEqual([before + 3, nonce + 1]);
  });

  it('is not sent again, though its relayer died before it could write down how it ended', async () => {
    const [before, nonce] = [await balance(), await chainNonce()];
    const gate = await openGate(ground.rpcUrl);
    gate.closed.set('eth_getTransactionReceipt', 0);
    const waiting = await handIn(deposit(), deposit());
    await relay({ rpcUrl: gate.url });
    await until(() => gate.closed.get('eth_getTransactionReceipt')! > 0);
    expect(await states(waiting)).toEqual(['sent', 'sent']);
    await stopAll();
    await gate.close();
    await relay();
    expect(codes(await ends(waiting))).toEqual(['done', 'done']);
    expect([await balance(), await chainNonce()]).toEqual([before + 2, nonce + 1]);
  });

  it('is sent again when the node took it and never mined it', async () => {
    const [before, nonce] = [await balance(), await chainNonce()];
    const gate = await openGate(ground.rpcUrl);
    gate.swallowed.add('eth_sendRawTransaction');
    const waiting = await handIn(deposit(), deposit());
    await relay({ rpcUrl: gate.url, resendMs: 100 });
    await until(() => gate.taken > 0);
    gate.swallowed.clear();
    expect(codes(await ends(waiting))).toEqual(['done', 'done']);
    expect([await balance(), await chainNonce()]).toEqual([before + 2, nonce + 1]);
    await stopAll();
    await gate.close();
  });

  it('has room for everybody, however many acts one firm has handed in first', async () => {
    const many = await handIn(deposit(), deposit(), deposit(), deposit());
    const [late] = (await handIn(standing('core'))) as [Waiting];
    await relay({ inFlight: 2 }); // takes two at a time
    const done = await ends([...many, late]);
    expect(done[4]!.tx).toBe(done[0]!.tx);
    expect(done[1]!.tx).not.toBe(done[0]!.tx);
  });

  it('is taken apart when it fails as a whole', async () => {
    const [before, nonce] = [await balance(), await chainNonce()];
    const { addresses } = ground.deployment;
    const broken = { ...ground.deployment, addresses: { ...addresses, relay: addresses.rulebook } };
    const waiting = await handIn(deposit(), standing('supplier'), deposit());
    await relay({ deployment: broken });
    const done = await ends(waiting);
    expect(codes(done)).toEqual(['done', 'done', 'done']);
    expect(new Set(done.map(({ tx }) => tx)).size).toBe(3);
    expect([await balance(), await chainNonce()]).toEqual([before + 2, nonce + 4]);
  });

  it('leaves acts that it did not begin to be sent alone', async () => {
    const [before, nonce] = [await balance(), await chainNonce()];
    const { addresses } = ground.deployment;
    // Nobody lives there: the transaction succeeds, and nothing of it was done.
    const empty = { ...ground.deployment, addresses: { ...addresses, relay: `0x${'e'.repeat(40)}` } };
    const waiting = await handIn(deposit(), deposit());
    await relay({ deployment: empty });
    expect(codes(await ends(waiting))).toEqual(['done', 'done']);
    expect([await balance(), await chainNonce()]).toEqual([before + 2, nonce + 3]);
  });

  it('is done again when the chain takes its block back', async () => {
    const before = await balance();
    const snapshot = (await ground.provider.send('evm_snapshot', [])) as string;
    const waiting = await handIn(deposit(), issue('core', '44.00'), deposit());
    await relay();
    const first = await ends(waiting);
    expect(await balance()).toBe(before + 2);
    await ground.provider.send('evm_revert', [snapshot]);
    await ground.provider.send('evm_mine', []);
    const isThere = async ({ tx, block }: Instruction) =>
      (await ground.provider.getTransactionReceipt(tx!))?.blockNumber === block;
    await until(async () => {
      const acts = await Promise.all(waiting.map(read));
      if (acts.some(({ state }) => state !== 'done')) return false;
      return (await Promise.all(acts.map(isThere))).every(Boolean);
    });
    const again = await Promise.all(waiting.map(read));
    expect(again.map(({ makes }) => makes)).toEqual(first.map(({ makes }) => makes));
    await until(async () => (await balance()) === before + 2);
  });

  it('goes again when a stranger to the queue has used its nonce', async () => {
    const before = await balance();
    const gate = await openGate(ground.rpcUrl);
    gate.closed.set('eth_sendRawTransaction', 0);
    const waiting = await handIn(deposit(), deposit());
    await relay({ rpcUrl: gate.url });
    await areSent(waiting);
    await stopAll();
    await gate.close();
    const thief = new Wallet(KEYS.relayer, ground.provider);
    await (await thief.sendTransaction({ to: thief.address, gasPrice: 0n, gasLimit: 21_000n })).wait();
    await relay();
    expect(codes(await ends(waiting))).toEqual(['done', 'done']);
    expect(await balance()).toBe(before + 2);
  });

  it('finds what somebody else has carried out, and calls that done', async () => {
    const before = await balance();
    const waiting = await handIn(
      deposit(),
      issue('core', '55.00'),
      issue('otherCore', '66.00'),
      deposit('2.00'),
    );
    const [direct, one, two] = waiting as [Waiting, Waiting, Waiting];
    const tx = await sendAs(execution(direct, 'house'));
    const acts = [
      [one, 'core'],
      [two, 'otherCore'],
    ] as const;
    const batch = acts.map(([each, firm]) => {
      const { target, data } = execution(each, firm);
      return [target, 2_000_000n, `0x${data.slice(10)}`];
    });
    const batchTx = await sendAs({
      target: theRelay(),
      data: interfaces.relay.encodeFunctionData('relay', [batch]),
    });
    await relay();
    const done = await ends(waiting);
    expect(codes(done)).toEqual(['done', 'done', 'done', 'done']);
    expect(done.slice(0, 3).map((act) => act.tx)).toEqual([tx, batchTx, batchTx]);
    expect(done.map(({ makes }) => makes)).toEqual(waiting.map(({ act }) => act.makes));
    expect([batchTx, tx]).not.toContain(done[3]!.tx);
    expect(two.act.makes.parcels).toHaveLength(1);
    expect(await balance()).toBe(before + 3);
  });

  it('finds it too when the act went alone', async () => {
    const before = await balance();
    const [waiting] = (await handIn(deposit('3.00'))) as [Waiting];
    const tx = await sendAs(execution(waiting, 'house'));
    await relay();
    const [done] = await ends([waiting]);
    expect([done!.state, done!.tx, await balance()]).toEqual(['done', tx, before + 3]);
  });

  it('does not take another act under the same nonce for it, nor a nonce that was cancelled', async () => {
    const before = await balance();
    const waiting = await handIn(deposit('7.00'), deposit('8.00'), deposit('9.00'));
    const [instead, cancelled] = waiting as [Waiting, Waiting, Waiting];
    await sendAs(execution(instead, 'house', []));
    const { account, nonce } = cancelled.act;
    const bit = 1n << (BigInt(nonce) & 255n);
    const data = interfaces.orgAccount.encodeFunctionData('cancelNonces', [BigInt(nonce) >> 8n, bit]);
    const spare = { ...cancelled, act: { ...cancelled.act, nonce: '99999' } };
    await sendAs(execution(spare, 'house', [{ target: account, data }]));
    await relay();
    expect(codes(await ends(waiting))).toEqual(['ALREADY_DONE', 'ALREADY_DONE', 'done']);
    expect(await balance()).toBe(before + 9);
  });
});
