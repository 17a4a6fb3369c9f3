/** The key in the file makes people the operator, once, and is worth nothing afterwards. */
import { Wallet, ZeroHash } from 'ethers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contractsOf, interfaces } from '#chain/contracts.ts';
import { ACCESS_ROLES } from '#chain/governance.ts';
import { isOpenAgain, operatorAccounts } from '#db/operator/enrolment.ts';
import { makeFirstLink } from '#db/people/links.ts';
import { GOVERNORS, KEYS, openGate, prepareGround, until, type Ground } from '../../fixtures/ground.ts';
import { Visitor } from '../../fixtures/visitor.ts';

const soon = () => new Date(Date.now() + 3_600_000);
const { operator: OPERATOR, enrolment: ENROLMENT } = ACCESS_ROLES;

describe('the first person at an empty platform', () => {
  let ground: Ground;
  let stack: AsyncDisposableStack;
  beforeEach(async () => {
    ground = await prepareGround(undefined, { demo: false });
    stack = new AsyncDisposableStack();
  });
  afterEach(async () => {
    await stack.disposeAsync();
    await ground.close();
  });
  const relayer = async (more: { rpcUrl?: string } = {}) => {
    const service = await ground.relayer(more);
    stack.defer(() => service.close());
    return service;
  };
  const has = async (role: bigint, account: string): Promise<boolean> =>
    (await contractsOf(ground.deployment, ground.provider).accessManager.hasRole(role, account)).isMember;
  const comeIn = async (name: string, more: { isAgain?: boolean } = {}, api = ground.apiUrl) => {
    const visitor = new Visitor(api);
    const link = await makeFirstLink(ground.db, soon(), more);
    expect((await visitor.register(name, `#${link}`)).status).toBe(201);
    visitor.seat = 'operator';
    return visitor;
  };
  const states = async () =>
    (await ground.db.selectFrom('app.instruction').select(['type', 'state']).orderBy('id').execute()).map(
      ({ type, state }) => `${type} ${state}`,
    );
  const enrolled = () => until(async () => (await states()).at(-1) === 'enrol done');

  it('is the operator from then on; the key can admit nobody and enrol nobody', async () => {
    const key = new Wallet(KEYS.operator, ground.provider);
    expect([await has(OPERATOR, key.address), await has(ENROLMENT, key.address)]).toEqual([true, true]);
    await relayer();
    await comeIn('甲');
    await enrolled();
    const [account, ...others] = await operatorAccounts(ground.db);
    expect(others).toEqual([]);
    expect(await has(OPERATOR, account!)).toBe(true);
    expect([await has(OPERATOR, key.address), await has(ENROLMENT, key.address)]).toEqual([false, false]);
    const { bills, accessManager } = contractsOf(ground.deployment, key);
    for (const act of [
      () => bills.admit.staticCall(key.address, 2, 0, ZeroHash),
      () => bills.suspend.staticCall(1, ZeroHash),
      () => accessManager.grantRole.staticCall(OPERATOR, key.address, 0),
      () => accessManager.grantRole.staticCall(ENROLMENT, key.address, 0),
      () => accessManager.revokeRole.staticCall(OPERATOR, account!),
    ])
      await expect(act()).rejects.toMatchObject({ code: 'CALL_EXCEPTION' });
  });

  it('is it also when the relayer dies between the steps', async () => {
    const gate = await openGate(ground.rpcUrl);
    stack.defer(() => gate.close());
    await ground.provider.send('evm_setAutomine', [false]);
    const first = await relayer({ rpcUrl: gate.url });
    await comeIn('甲');
    await until(async () => (await states()).at(-1) === 'enrol sent');
    await first.close();
    // Of the two transactions the first alone gets into a block, and nobody is there to follow.
    const { address } = new Wallet(KEYS.operator);
    const nonce = await ground.provider.getTransactionCount(address, 'latest');
    const rows = await ground.db
      .selectFrom('app.transaction_attempt')
      .select(['nonce', 'raw'])
      .orderBy('nonce')
      .execute();
    expect(rows.map((row) => Number(row.nonce))).toEqual([nonce, nonce + 1]);
    await ground.provider.send('anvil_dropAllTransactions', []);
    await ground.provider.send('evm_setAutomine', [true]);
    await ground.provider.send('eth_sendRawTransaction', [`0x${rows[0]!.raw.toString('hex')}`]);
    await until(async () => (await ground.provider.getTransactionCount(address, 'latest')) === nonce + 1);
    expect([await has(OPERATOR, address), await has(ENROLMENT, address)]).toEqual([true, true]);
    expect(await operatorAccounts(ground.db)).toEqual([]);
    await relayer();
    await enrolled();
    expect([await has(OPERATOR, address), await has(ENROLMENT, address)]).toEqual([false, false]);
    expect(await operatorAccounts(ground.db)).toHaveLength(1);
  });

  it('is handed the operator at the next start where that has failed', async () => {
    await comeIn('甲');
    await ground.db.updateTable('app.instruction').set({ state: 'failed' }).execute();
    await relayer();
    await ground.anotherApi();
    await enrolled();
    expect(await states()).toEqual(['enrol failed', 'enrol done']);
    expect(await operatorAccounts(ground.db)).toHaveLength(1);
    await ground.anotherApi(); // and no second time
    expect(await states()).toEqual(['enrol failed', 'enrol done']);
  });

  it('is followed by who comes in after governance has given the key its power again', async () => {
    await relayer();
    await comeIn('甲');
    await enrolled();
    const [lost] = await operatorAccounts(ground.db);
    const { address } = new Wallet(KEYS.operator);
    const again = () => isOpenAgain(ground.db, address, ENROLMENT);
    expect(await again()).toBe(false);
    expect(await makeFirstLink(ground.db, soon())).toBeUndefined();
    const admin = new Wallet(GOVERNORS.admin, ground.provider);
    const { timelock } = contractsOf(ground.deployment, admin);
    const grant = interfaces.accessManager.encodeFunctionData('grantRole', [ENROLMENT, address, 0]);
    const operation = [ground.deployment.addresses.accessManager, 0, grant, ZeroHash, ZeroHash] as const;
    const delay = await timelock.getMinDelay();
    await (await timelock.schedule(...operation, delay)).wait();
    await ground.provider.send('evm_increaseTime', [Number(delay) + 1]);
    await (await timelock.execute(...operation)).wait();
    await until(again);
    await comeIn('乙', { isAgain: true });
    await until(async () => (await operatorAccounts(ground.db))[0] !== lost);
    await enrolled();
    const accounts = await operatorAccounts(ground.db);
    expect(accounts).toHaveLength(1);
    expect(accounts).not.toContain(lost);
    expect(await has(OPERATOR, lost!)).toBe(false);
    expect([await has(OPERATOR, address), await has(ENROLMENT, address)]).toEqual([false, false]);
    expect(await again()).toBe(false);
  });
});
