import { getAddress, id, toBeHex } from 'ethers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { interfaces } from '#chain/contracts.ts';
import type { Database } from '#db/wire/connect.ts';
import { verify } from '#indexer/verify.ts';
import type { Postgres } from '#embedded/postgres.ts';
import { caughtUp, index, openDatabase, openPostgres } from './support/read-model.ts';
import { openWorld, operatorCall, type World } from './support/world.ts';

let postgres: Postgres;
let world: World;
let url: string;
let db: Database;

beforeAll(async () => {
  [postgres, world] = await Promise.all([openPostgres(), openWorld()]);
  ({ url, db } = await openDatabase(postgres));
});

afterAll(async () => {
  await db.destroy();
  await world.close();
  await postgres.close();
});

/** Code that emits `Executed(7)` whenever it is called: push nonce, topic, size, offset; LOG2; STOP. */
const liar = `0x6007${`7f${interfaces.orgAccount.getEvent('Executed')!.topicHash.slice(2)}`}60006000a200`;
/** The same for `ERC7913SignerWeightChanged(signer, 1)` of a signer that it never had: LOG2 with 32 bytes of data. */
const changer = `0x6001600052${`7f${id('a signer that it never had').slice(2)}`}${`7f${id('ERC7913SignerWeightChanged(bytes,uint64)').slice(2)}`}60206000a200`;

it('does not believe what the contract of a member says that our factory did not make', async () => {
  const accounts = [liar, changer].map((code, n) => ({ code, account: getAddress(toBeHex(0xbad0 + n, 20)) }));
  for (const { code, account } of accounts) await world.rpc('anvil_setCode', account, code);
  const [first, second] = accounts.map(({ account }) => account);
  const move = interfaces.bills.encodeFunctionData('moveAccount', [first]);
  await world.act('s2', { target: world.deployment.addresses.bills, data: move });
  await world.send(world.operator, operatorCall(world, 'admit', second, 2, 0, id('a file')));
  for (const { account } of [...accounts, ...accounts])
    await world.act('s1', { target: account, data: '0x' });

  const indexer = await index(world, url);
  await caughtUp(world, indexer, url);
  await indexer.close();
  expect(await db.selectFrom('ledger.nonce_used').selectAll().execute()).toEqual([]);
  expect(await db.selectFrom('ledger.account_signer').selectAll().execute()).toEqual([]);
  expect((await verify({ ...world, databaseUrl: url })).differences).toEqual([]);
});
