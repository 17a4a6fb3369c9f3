import { keccak256, Wallet, ZeroHash } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { interfaces } from '#chain/contracts.ts';
import { encodeSignature, executeDigest, type Call } from '#chain/typed-data.ts';
import { toBytes, toHex } from '#db/wire/bytes.ts';
import type { Database } from '#db/wire/connect.ts';
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
  const heaviest = [[checker.address], [2n ** 64n - 1n], 2n ** 64n - 1n, ZeroHash] as const;
  const number = NAMES.length + 1;
  let postgres: Postgres;
  let world: World;
  let account: string;
  let url: string;
  let db: Database;

  beforeAll(async () => {
    [postgres, world] = await Promise.all([openPostgres(), openWorld()]);
    ({ url, db } = await openDatabase(postgres));
    const { orgAccountFactory } = world.contracts;
    const made = [[maker.address, checker.address], [1, 2], 3, ZeroHash] as const;
    account = await orgAccountFactory.addressOf(...(made as never));
    const create = interfaces.orgAccountFactory.encodeFunctionData('create', made);
    await world.send(world.operator, { target: world.deployment.addresses.orgAccountFactory, data: create });
    await world.send(world.operator, operatorCall(world, 'admit', account, 2, instantOf(DUE), ZeroHash));
    const single = interfaces.orgAccountFactory.encodeFunctionData('create', heaviest);
    await world.send(world.operator, { target: world.deployment.addresses.orgAccountFactory, data: single });
    await execute([maker, checker], 7n, [world.calls.setStanding(true)]);
    const data = [[maker.address], [successor.address], [5], 6];
    const change = { target: account, data: interfaces.orgAccount.encodeFunctionData('changeSigners', data) };
    await execute([maker, checker], 2n ** 200n, [change]);
    const indexer = await index(world, url);
    await caughtUp(world, indexer, url);
    await indexer.close();
  });

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

  const open = () => db.selectFrom('ledger.account_signer').selectAll().where('to_block', 'is', null);

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

  it('has the signers, weights and threshold that it has on chain', async () => {
    const signers = await open().where('account', '=', toBytes(account)).execute();
    const weights = Object.fromEntries(signers.map((row) => [toHex(row.signer_hash), row.weight]));
    expect(weights).toEqual({ [keccak256(checker.address)]: 2n, [keccak256(successor.address)]: 5n });
    const row = await db.selectFrom('ledger.account').selectAll().where('to_block', 'is', null).execute();
    expect(row.find((one) => toHex(one.account) === account.toLowerCase())?.threshold).toBe(6n);
  });

  it('may stand beside one with a single signer of the greatest weight that there is', async () => {
    const single = await world.contracts.orgAccountFactory.addressOf(...(heaviest as never));
    const signers = await open().where('account', '=', toBytes(single)).execute();
    expect(signers.map(({ signer, weight }) => [signer && toHex(signer), weight])).toEqual([
      [checker.address.toLowerCase(), 2n ** 64n - 1n],
    ]);
    const row = db.selectFrom('ledger.account').select('threshold').where('account', '=', toBytes(single));
    expect(await row.executeTakeFirst()).toEqual({ threshold: 2n ** 64n - 1n });
  });

  it('remembers the signer that it had, and when', async () => {
    const past = await db
      .selectFrom('ledger.account_signer')
      .selectAll()
      .where('to_block', 'is not', null)
      .execute();
    expect(past.map(({ signer }) => signer && toHex(signer))).toContain(maker.address.toLowerCase());
  });

  it('has used the nonces that it has used', async () => {
    const used = await db.selectFrom('ledger.nonce_used').select('nonce').orderBy('nonce').execute();
    expect(used.map(({ nonce }) => nonce)).toEqual([7n, 2n ** 200n]);
  });

  it('is read the same in bulk, and as the chain has it', async () => {
    expect(await dump(await indexAnew(world, postgres))).toEqual(await dump(url));
    expect((await verify({ ...world, databaseUrl: url })).differences).toEqual([]);
  });
});
