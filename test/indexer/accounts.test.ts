import { keccak256, Wallet, ZeroHash } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { interfaces, orgAccountAt } from '#chain/contracts.ts';
import { changeHash, plainPolicy, policySigner, policyStruct } from '#chain/policies.ts';
import { encodeSignature, executeDigest, vetoDigest, type Call } from '#chain/typed-data.ts';
import { findChange, findPolicy, readyChanges } from '#db/accounts/read.ts';
import { toBytes, toHex } from '#db/wire/bytes.ts';
import type { Database } from '#db/wire/connect.ts';
import type { Policy } from '#domain/accounts/policy.ts';
import { instantOf } from '#domain/dates.ts';
import { verify } from '#indexer/verify.ts';
import type { Postgres } from '#embedded/postgres.ts';
import { caughtUp, dump, index, indexAnew, openDatabase, openPostgres } from './support/read-model.ts';
import { DUE } from './support/story.ts';
import { NAMES, openWorld, operatorCall, type World } from './support/world.ts';

describe('a firm with an account of several signers', () => {
  const maker = new Wallet(keccak256('0x01'));
  const checker = new Wallet(keccak256('0x02'));
  const successor = new Wallet(keccak256('0x03'));
  const keyOf = (wallet: Wallet): string => wallet.address.toLowerCase();
  const first = plainPolicy([policySigner(keyOf(maker)), policySigner(keyOf(checker), { weight: 2 })], 3);
  const second: Policy = {
    signers: [
      policySigner(keyOf(checker), { weight: 2, level: 1 }),
      policySigner(keyOf(successor), { weight: 5, level: 2 }),
      policySigner(keyOf(maker), { validUntil: 2_000_000_000, dayLimit: 70n }),
    ],
    rules: [
      { kinds: 3, from: 0n, threshold: 6, levels: 0b11 },
      { kinds: 512, from: 2n ** 56n - 1n, threshold: 7, levels: 0 },
    ],
    threshold: 1,
    adminThreshold: 2,
    changeDelay: 3_600,
  };
  const heaviest = plainPolicy([policySigner(keyOf(checker), { weight: 65_535 })], 65_535);
  const number = NAMES.length + 1;
  let postgres: Postgres;
  let world: World;
  let account: string;
  let url: string;
  let db: Database;

  beforeAll(async () => {
    [postgres, world] = await Promise.all([openPostgres(), openWorld()]);
    ({ url, db } = await openDatabase(postgres));
    account = await make(first);
    await world.send(world.operator, operatorCall(world, 'admit', account, 2, instantOf(DUE), ZeroHash));
    await make(heaviest);
    await execute([maker, checker], 7n, [world.calls.setStanding(true)]);
    await announce([maker, checker], 2n ** 200n, 1, heaviest);
    await announce([maker, checker], 8n, 2, second);
    await announce([maker, checker], 9n, 3, heaviest);
    await own([maker, checker], 10n, 'callOff', [changeHash(1, heaviest)]);
    await world.rpc('evm_increaseTime', 86_400);
    await carryOut(2, second);
    await announce([checker], 11n, 4, first);
    const veto = vetoDigest(world.deployment.chainId, account, changeHash(4, first));
    const args = [changeHash(4, first), keyOf(successor), successor.signingKey.sign(veto).serialized];
    await world.send(world.operator, {
      target: account,
      data: interfaces.orgAccount.encodeFunctionData('veto', args),
    });
    await announce([checker], 12n, 5, first);
    const indexer = await index(world, url);
    await caughtUp(world, indexer, url);
    await indexer.close();
  });

  async function make(policy: Policy): Promise<string> {
    const { orgAccountFactory } = world.contracts;
    const data = interfaces.orgAccountFactory.encodeFunctionData('create', [policy, ZeroHash]);
    await world.send(world.operator, { target: world.deployment.addresses.orgAccountFactory, data });
    return orgAccountFactory.addressOf(policyStruct(policy), ZeroHash);
  }

  const own = (signers: Wallet[], nonce: bigint, name: 'announceChange' | 'callOff', args: unknown[]) =>
    execute(signers, nonce, [
      {
        target: account,
        data: interfaces.orgAccount.encodeFunctionData(name as 'callOff', args as [string]),
      },
    ]);

  async function announce(signers: Wallet[], nonce: bigint, n: number, policy: Policy): Promise<void> {
    await own(signers, nonce, 'announceChange', [policy]);
    const change = await orgAccountAt(account, world.contracts.bills.runner!).changeOf(changeHash(n, policy));
    expect(change.readyAt).toBeGreaterThan(0n);
  }

  async function carryOut(n: number, policy: Policy): Promise<void> {
    const data = interfaces.orgAccount.encodeFunctionData('carryOut', [n, policy]);
    await world.send(world.operator, { target: account, data });
  }

  afterAll(async () => {
    await db.destroy();
    await world.close();
    await postgres.close();
  });

  async function execute(signers: Wallet[], nonce: bigint, calls: Call[]): Promise<void> {
    const validUntil = instantOf(DUE);
    const digest = executeDigest(world.deployment.chainId, { account, calls, nonce, validUntil });
    const signature = encodeSignature(
      signers.map((signer) => ({
        signer: signer.address,
        signature: signer.signingKey.sign(digest).serialized,
      })),
    );
    const data = interfaces.orgAccount.encodeFunctionData('execute', [calls, nonce, validUntil, signature]);
    await world.send(world.operator, { target: account, data });
  }

  it('is a member with that account', async () => {
    const member = await db
      .selectFrom('ledger.member')
      .selectAll()
      .where('number', '=', number)
      .where('to_block', 'is', null)
      .executeTakeFirstOrThrow();
    expect(member).toMatchObject({ roles: 2, standing: true, suspended: false });
    expect(member.credential_expiry).toBe(BigInt(instantOf(DUE)));
    expect(toHex(member.account)).toBe(account.toLowerCase());
  });

  it('has the policy that it has on chain', async () => {
    const found = await findPolicy(db, toBytes(account));
    expect(found).toMatchObject({ ...second, version: 2 });
    const [onChain, version] = await orgAccountAt(account, world.contracts.bills.runner!).policy();
    expect(version).toBe(2n);
    expect(interfaces.orgAccount.encodeFunctionData('announceChange', [onChain])).toBe(
      interfaces.orgAccount.encodeFunctionData('announceChange', [second]),
    );
  });

  it('may stand beside one with a single signer of the greatest weight that there is', async () => {
    const single = await world.contracts.orgAccountFactory.addressOf(policyStruct(heaviest), ZeroHash);
    expect(await findPolicy(db, toBytes(single))).toEqual({ ...heaviest, version: 1, changes: [] });
  });

  it('has the change that waits, and knows what became of the others', async () => {
    const { changes } = (await findPolicy(db, toBytes(account)))!;
    expect(changes).toMatchObject([
      { change: changeHash(5, first), number: 5, policy: first, announcedBy: [keyOf(checker)] },
    ]);
    const states = [
      [1, heaviest, 'called_off'],
      [2, second, 'carried_out'],
      [3, heaviest, 'void'],
      [4, first, 'vetoed'],
      [5, first, 'waiting'],
    ] as const;
    for (const [n, policy, state] of states)
      expect(await findChange(db, toBytes(account), toBytes(changeHash(n, policy)))).toMatchObject({
        state,
        policy,
      });
    expect(await findChange(db, toBytes(account), toBytes(ZeroHash))).toBeUndefined();
  });

  it('tells which changes can be carried out, when they can', async () => {
    const { changes } = (await findPolicy(db, toBytes(account)))!;
    const { readyAt } = changes[0]!;
    const others: string[] = [];
    const change = changeHash(5, first);
    expect(await readyChanges(db, { now: readyAt - 1, limit: 9, others })).toEqual([]);
    expect(await readyChanges(db, { now: readyAt, limit: 9, others })).toEqual([
      {
        account: account.toLowerCase(),
        member: expect.any(Number) as number,
        change,
        number: 5,
        policy: first,
      },
    ]);
  });

  it('remembers the policy that it had, and when', async () => {
    const past = await db
      .selectFrom('ledger.account_signer')
      .select(['signer', 'weight', 'place'])
      .where('account', '=', toBytes(account))
      .where('to_block', 'is not', null)
      .orderBy('place')
      .execute();
    expect(past.map(({ signer, weight }) => [toHex(signer), weight])).toEqual([
      [keyOf(maker), 1],
      [keyOf(checker), 2],
    ]);
  });

  it('has used the nonces that it has used', async () => {
    const used = await db.selectFrom('ledger.nonce_used').select('nonce').orderBy('nonce').execute();
    expect(used.map(({ nonce }) => nonce)).toEqual([7n, 8n, 9n, 10n, 11n, 12n, 2n ** 200n]);
  });

  it('is read the same in bulk, and as the chain has it', async () => {
    expect(await dump(await indexAnew(world, postgres))).toEqual(await dump(url));
    expect((await verify({ ...world, databaseUrl: url })).differences).toEqual([]);
  });
});
