import { expect } from 'chai';
import type { Contract } from 'ethers';
import type { OrgAccount } from '../../../types/contracts/participants/OrgAccount.ts';
import { changeHash, policyStruct } from '#chain/policies.ts';
import {
  encodeSignature,
  executeTypedData,
  nestedDigest,
  nestedSignature,
  stopRecoveryDigest,
  vetoTypedData,
  type Call,
  type TypedData,
} from '#chain/typed-data.ts';
import { KIND_BITS } from '#domain/accounts/policy.ts';
import { accountOf, carries, executes, ownCall, policyOf } from '../support/accounts.ts';
import { admitted, FAR, type Actor } from '../support/actors.ts';
import { ethers } from '../support/chain.ts';
import { deployHarness } from '../support/harness.ts';
import { ecdsaKey, p256Key, signAll, type Key } from '../support/keys.ts';
import { refused } from '../support/refusals.ts';
import { OPENING_CASH, stage, type Stage } from '../support/stage.ts';

const DAY_LIMIT = 500n;

describe('a branch of a bank', () => {
  let s: Stage;
  let maker: Key;
  let checker: Key;
  let head: Key;
  let branch: OrgAccount;
  let office: OrgAccount;
  let bank: Actor;
  let nonce: bigint;

  /** The branch's account has a maker and a checker; at the head office's it signs for 500 a day, beside one of the head office. */
  beforeEach(async () => {
    s = await stage();
    const verifier = s.deployment.addresses.p256Verifier;
    [maker, checker, head] = [p256Key(verifier, 'maker'), ecdsaKey('checker'), p256Key(verifier, 'head')];
    branch = await accountOf(s, { keys: [maker, checker], threshold: 2 });
    const inOffice: Key = { signer: (await branch.getAddress()).toLowerCase(), sign: () => '0x' };
    office = await accountOf(s, {
      keys: [inOffice, head],
      threshold: 1,
      terms: [{ dayLimit: DAY_LIMIT }],
      policy: { adminThreshold: 1, rules: [{ kinds: KIND_BITS.other, from: 0n, threshold: 2, levels: 0 }] },
    });
    const plain = {
      name: 'office',
      number: 0,
      account: await office.getAddress(),
      does: () => Promise.reject(),
      signs: () => '0x',
    };
    bank = await admitted(s.contracts, plain, ['supplier', 'bank']);
    await s.settlementBank.does(s.calls.deposit(bank.number, OPENING_CASH, ethers.id('opening')));
    nonce = 0n;
  });

  const paying = (amount: bigint): Call => s.calls.cash.transfer(s.guarantor.account, amount);
  const asked = async (calls: readonly Call[], at: bigint): Promise<TypedData> =>
    executeTypedData(s.deployment.chainId, {
      account: await office.getAddress(),
      calls,
      nonce: at,
      validUntil: FAR,
    });

  /** The branch's signers sign for the branch; that is the branch's signature at the head office. */
  async function branchSignature(what: TypedData, keys = [maker, checker], at = branch) {
    const address = (await at.getAddress()).toLowerCase();
    const signature = nestedSignature(what, signAll(nestedDigest(address, what), keys));
    return { signer: (await branch.getAddress()).toLowerCase(), signature };
  }
  async function acts(calls: readonly Call[], keys = [maker, checker]) {
    const at = nonce++;
    const signature = encodeSignature([await branchSignature(await asked(calls, at), keys)]);
    return executes(office, { calls, nonce: at }, signature);
  }

  it('acts for the head office with signatures of its own people', async () => {
    await acts([paying(300n)]);
    expect(await s.contracts.cash.balanceOf(s.guarantor.account)).to.equal(300n);
  });

  it('is held to its policy and to the head office’s limit', async () => {
    await refused(acts([paying(1n)], [maker]), office, 'OrgAccountInvalidSignature');
    await acts([paying(300n)]);
    const id = ethers.keccak256(await branch.getAddress());
    await refused(acts([paying(201n)]), office, 'OrgAccountDayLimitExceeded', id, 201n, 300n, DAY_LIMIT);
    await acts([paying(200n)]);
    await carries(s, office, { calls: [paying(10_000n)], nonce: 900n }, [head]);
  });

  it('does not do alone what needs the head office too', async () => {
    const strange = {
      target: await branch.getAddress(),
      data: branch.interface.encodeFunctionData('eip712Domain'),
    };
    await refused(acts([strange]), office, 'OrgAccountInvalidSignature');
  });

  it('cannot have its signature used at another branch, for another batch, or as its own batch', async () => {
    const calls = [paying(1n)];
    const twin = await accountOf(s, { keys: [maker, checker], threshold: 2, salt: ethers.id('twin') });
    const foreign = await branchSignature(await asked(calls, 50n), [maker, checker], twin);
    const bad = encodeSignature([foreign]);
    await refused(executes(office, { calls, nonce: 50n }, bad), office, 'OrgAccountInvalidSignature');
    const good = encodeSignature([await branchSignature(await asked(calls, 51n))]);
    await refused(
      executes(office, { calls: [paying(2n)], nonce: 51n }, good),
      office,
      'OrgAccountInvalidSignature',
    );
    const inner = signAll(nestedDigest(await branch.getAddress(), await asked(calls, 51n)), [maker, checker]);
    await refused(executes(branch, { calls, nonce: 51n }, inner), branch, 'OrgAccountInvalidSignature');
    await executes(office, { calls, nonce: 51n }, good);
  });

  it('vetoes a change of the head office’s policy', async () => {
    const policy = policyOf({ keys: [head], threshold: 1 });
    await carries(
      s,
      office,
      { calls: [await ownCall(office, 'announceChange', policyStruct(policy))], nonce: 7n },
      [head],
    );
    const change = changeHash(1, policy);
    const veto = vetoTypedData(s.deployment.chainId, await office.getAddress(), change);
    const { signer, signature } = await branchSignature(veto);
    await expect(office.veto(change, signer, signature)).to.emit(office, 'ChangeVetoed');
  });
});

describe('a recovery of a firm whose keys are not all lost', () => {
  let s: Stage;
  let key: Key;
  let account: OrgAccount;
  let ledger: string;
  let double: Contract;
  beforeEach(async () => {
    s = await stage();
    key = ecdsaKey('still there');
    double = await deployHarness('RecoveryDouble');
    ledger = double.target as string;
    account = await accountOf(s, {
      keys: [p256Key(s.deployment.addresses.p256Verifier, 'lost'), key, ecdsaKey('past')],
      threshold: 2,
      terms: [{}, {}, { validUntil: 1 }],
    });
  });

  const stops = async (by: Key, { member = 7, nonce = 0n, bills = ledger, signed = {} } = {}) => {
    const digest = stopRecoveryDigest(s.deployment.chainId, await account.getAddress(), {
      bills,
      member,
      nonce,
      ...signed,
    });
    return account.stopRecovery(bills, member, nonce, by.signer, by.sign(digest));
  };

  it('is stopped by one of its signers alone', async () => {
    await expect(stops(key))
      .to.emit(double, 'Stopped')
      .withArgs(await account.getAddress(), 7);
  });

  it('is not stopped again with the same signature', async () => {
    await stops(key);
    await refused(stops(key), account, 'OrgAccountNonceUsed', 0n);
    await expect(stops(key, { nonce: 1n })).to.emit(double, 'Stopped');
  });

  it('is stopped by nobody else, and with no other signature', async () => {
    const no = 'OrgAccountInvalidSignature';
    await refused(stops(ecdsaKey('stranger')), account, no);
    await refused(stops(ecdsaKey('past')), account, no);
    await refused(stops(key, { signed: { member: 8 } }), account, no);
    await refused(stops(key, { signed: { nonce: 8n } }), account, no);
    await refused(stops(key, { signed: { bills: s.deployment.addresses.bills } }), account, no);
  });
});
