/** All keys are lost: helper and operator propose, the notice runs, the new account completes, or an old key stops it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Http } from '#client/http.ts';
import { Key } from '#client/key.ts';
import { Member, pinOf } from '#client/member.ts';
import { stopRecoveryDigest } from '#client/instructions/index.ts';
import { completeRecovery } from '#client/recovery.ts';
import { money } from '#client/money.ts';
import { addDays } from '#domain/dates.ts';
import { until } from '../../fixtures/ground.ts';
import { openNetwork, TODAY, type TestNetwork } from '../../fixtures/network.ts';

type Proposal = { account: string; counts: boolean } | null;
type Told = {
  member: { number: number };
  account: string;
  byHelper: Proposal;
  byOperator: Proposal;
  from: string | null;
  until: string | null;
};

describe('a member that has lost all its keys', () => {
  let network: TestNetwork;
  let fresh: Key;
  beforeAll(async () => {
    network = await openNetwork();
    fresh = Key.fromSeed('the new keys of the supplier');
  });
  afterAll(() => network?.close());

  const codeOf = (act: Promise<unknown>) =>
    act.then(
      () => 'done',
      ({ code }: { code?: string }) => code,
    );
  const day = (days: number) => network.moveTo(addDays(TODAY, days));
  const told = async (who: { http: Http }) => {
    const { items } = await who.http.get<{ items: Told[] }>('/api/recoveries');
    return items.map(({ member, byHelper, byOperator, from }) => ({
      member: member.number,
      byHelper: byHelper && byHelper.counts,
      byOperator: byOperator && byOperator.counts,
      runs: from !== null,
    }));
  };
  const helperOf = async (who: { http: Http }, number: number) =>
    (
      await who.http.get<{
        helper: { helper: { number: number } | null; next: { number: number } | null } | null;
      }>(`/api/members/${number}/recovery`)
    ).helper;
  const proposed = async (): Promise<string> => {
    const signers = [{ type: 'p256' as const, x: fresh.x, y: fresh.y }];
    const { byOperator } = await network.operator.proposeRecovery(network.supplier.number, {
      signers,
      reason: 'letter with the seal of the firm, seen in person',
    });
    return byOperator!.account;
  };
  const completes = async (account: string, key = fresh) =>
    completeRecovery(new Http(network.apiUrl), {
      member: network.supplier.number,
      account,
      key,
      pin: await pinOf(network.stranger.http),
    });

  it('names a helper, which counts a week later and is known to those whom it concerns', async () => {
    const { supplier, bank, stranger, regulator, operator } = network;
    await supplier.perform({ type: 'nameHelper', helper: bank.number });
    for (const who of [supplier, bank, regulator, operator])
      expect(await helperOf(who, supplier.number)).toMatchObject({
        helper: null,
        next: { number: bank.number },
      });
    expect(await helperOf(stranger, supplier.number)).toBeNull();
    expect(
      await codeOf(
        bank.perform({ type: 'proposeRecovery', member: supplier.number, account: `0x${'11'.repeat(20)}` }),
      ),
    ).toBe('ROLE_REQUIRED');
    expect(await codeOf(supplier.perform({ type: 'nameHelper', helper: supplier.number }))).toBe(
      'REQUEST_INVALID',
    );
    expect(await codeOf(supplier.perform({ type: 'nameHelper', helper: 999 }))).toBe('MEMBER_UNKNOWN');
    await day(8);
    expect(await helperOf(supplier, supplier.number)).toMatchObject({
      helper: { number: bank.number },
      next: null,
    });
  });

  it('is shown a proposal at once, as its helper and the operator are, and stops it with a key that is left', async () => {
    const { supplier, bank, stranger, regulator, operator } = network;
    const account = await proposed();
    const alone = { member: supplier.number, byHelper: null, byOperator: true, runs: false };
    for (const who of [supplier, bank, regulator, operator]) expect(await told(who)).toEqual([alone]);
    expect(await told(stranger)).toEqual([]);
    expect(await codeOf(completes(account))).toBe('RECOVERY_NOT_AGREED');
    await bank.perform({ type: 'proposeRecovery', member: supplier.number, account });
    expect(await told(supplier)).toEqual([{ ...alone, byHelper: true, runs: true }]);
    expect(await codeOf(stranger.perform({ type: 'stopRecovery' }))).toBe('RECOVERY_NONE');
    await supplier.perform({ type: 'stopRecovery' });
    expect(await told(supplier)).toEqual([]);
    expect(await codeOf(supplier.perform({ type: 'stopRecovery' }))).toBe('RECOVERY_NONE');
  });

  it('stops it with one key alone, whoever carries that, and not with the key of another', async () => {
    const { supplier, bank, keys } = network;
    const { chainId, contracts } = await pinOf(network.stranger.http);
    const account = await proposed();
    await bank.perform({ type: 'proposeRecovery', member: supplier.number, account });
    const { account: present } = await supplier.http.get<{ account: string }>(
      `/api/members/${supplier.number}`,
    );
    const { signers } = await supplier.http.get<{ signers: { key: string }[] }>('/api/account/policy');
    const digest = stopRecoveryDigest(chainId, present, {
      bills: contracts['bills']!,
      member: supplier.number,
      nonce: 77n,
    });
    const stop = (nonce: string, key: Key) =>
      supplier.http.post('/api/recoveries/stop', {
        nonce,
        signer: signers[0]!.key,
        signature: key.sign(digest),
      });
    expect(await codeOf(stop('77', keys.bank))).toBe('SIGNATURE_INVALID');
    expect(await codeOf(stop('78', keys.supplier))).toBe('SIGNATURE_INVALID');
    expect(await told(supplier)).toMatchObject([{ runs: true }]);
    await stop('77', keys.supplier);
    await until(async () => (await told(supplier)).length === 0);
    expect(await codeOf(stop('77', keys.supplier))).not.toBe('done');
  });

  it('is not recovered once helper or operator has withdrawn', async () => {
    const { supplier, bank, operator } = network;
    const account = await proposed();
    await bank.perform({ type: 'proposeRecovery', member: supplier.number, account });
    await operator.withdrawRecovery(supplier.number);
    expect(await told(bank)).toMatchObject([{ byOperator: null, runs: false }]);
    expect(await codeOf(operator.withdrawRecovery(supplier.number))).toBe('RECOVERY_NONE');
    await bank.perform({ type: 'withdrawRecovery', member: supplier.number });
    expect(await told(bank)).toEqual([]);
  });

  it('comes to its new account with its bills and deposits after the notice, by the keys of that account alone', async () => {
    const { supplier, bank, coreFirm, settlementBank } = network;
    const { makes } = await coreFirm.perform({
      type: 'issue',
      bills: [{ payee: supplier.number, face: money('100.00'), due: '2026-08-01' }],
    });
    await supplier.perform({ type: 'take', parcels: makes.parcels });
    await settlementBank.perform({
      type: 'deposit',
      member: supplier.number,
      amount: money('7.00'),
      reference: 'before',
    });
    const account = await proposed();
    await bank.perform({ type: 'proposeRecovery', member: supplier.number, account });
    expect(await codeOf(completes(account))).toBe('RECOVERY_TOO_EARLY');
    await day(16);
    expect(await codeOf(completes(account, network.keys.bank))).not.toBe('done');
    expect(await codeOf(completes(`0x${'11'.repeat(20)}`))).toBe('RECOVERY_NOT_AGREED');
    expect(await completes(account)).toMatchObject({ type: 'completeRecovery', state: 'done' });
    expect(await codeOf(completes(account))).toBe('RECOVERY_NOT_AGREED');

    const found = await supplier.http.get<{ account: string }>(`/api/members/${supplier.number}`);
    expect(found.account).toBe(account);
    expect(await told(supplier)).toEqual([]);
    const recovered = await Member.enter(network.apiUrl, supplier.number, fresh);
    await recovered.perform({ type: 'offer', parcel: makes.parcels[0]!, to: network.supplier2.number });
    const cash = await recovered.http.get<{ balance: { amount: string } }>('/api/cash');
    expect(cash.balance.amount).toBe('7.00');
    // The old key signs for an account that is nobody's.
    await expect(supplier.perform({ type: 'setStanding', standing: true })).rejects.toThrow();
  });

  it('is found the same on the chain in every book', async () => {
    const { bills } = network.contracts;
    const { number } = network.supplier;
    expect((await bills.recovery(number)).byHelper).toBe(`0x${'00'.repeat(20)}`);
    expect((await bills.helperOf(number)).next).toBe(BigInt(network.bank.number));
    expect(await network.verify()).toEqual([]);
  });
});
