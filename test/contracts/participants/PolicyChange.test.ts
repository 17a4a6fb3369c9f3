import { expect } from 'chai';
import { ZeroHash } from 'ethers';
import type { OrgAccount } from '../../../types/contracts/participants/OrgAccount.ts';
import { changeHash, policyStruct } from '#chain/policies.ts';
import { vetoDigest, type Call } from '#chain/typed-data.ts';
import type { Policy } from '#domain/accounts/policy.ts';
import { accountOf, asEvent, carries, executes, ownCall, policyOf, signed } from '../support/accounts.ts';
import { clockTo, ethers, networkHelpers } from '../support/chain.ts';
import { deployHarness } from '../support/harness.ts';
import { ecdsaKey, p256Key, type Key } from '../support/keys.ts';
import { refused } from '../support/refusals.ts';
import { stage, type Stage } from '../support/stage.ts';

const DELAY = 86_400;

describe('a change of an OrgAccount’s policy', () => {
  let s: Stage;
  let keys: Key[];
  let account: OrgAccount;
  let nonce: bigint;
  const [thief, newcomer] = [ecdsaKey('thief'), ecdsaKey('newcomer')];
  const changed: Policy = policyOf({ keys: [newcomer], threshold: 1 });

  const found = async (signers: number, admin: number, expiring: readonly number[] = [], threshold = 1) => {
    s = await stage();
    const verifier = s.deployment.addresses.p256Verifier;
    keys = Array.from({ length: signers }, (_, n) =>
      n % 2 ? ecdsaKey(`k${n}`) : p256Key(verifier, `k${n}`),
    );
    account = await accountOf(s, {
      keys,
      threshold,
      terms: keys.map((_, n) => (expiring.includes(n) ? { validUntil: 1_772_520_000 } : {})),
      policy: { adminThreshold: admin },
    });
    nonce = 0n;
  };
  const carry = (calls: readonly Call[], by: readonly Key[]) =>
    carries(s, account, { calls, nonce: nonce++ }, by);
  const announce = async (by: readonly Key[], policy = changed) =>
    carry([await ownCall(account, 'announceChange', policyStruct(policy))], by);
  const later = async (seconds = DELAY) => clockTo((await networkHelpers.time.latest()) + seconds);
  const carryOut = (n: number, policy = changed) => account.carryOut(n, policyStruct(policy));
  const vetoOf = async (change: string, key: Key, at = account) =>
    key.sign(vetoDigest(s.deployment.chainId, await at.getAddress(), change));
  const veto = async (n: number, key: Key, policy = changed) => {
    const change = changeHash(n, policy);
    return account.veto(change, key.signer, await vetoOf(change, key));
  };
  const isNow = async (policy: Policy) => expect((await account.policy())[0]).to.deep.equal(asEvent(policy));
  const refusesChange = (act: Promise<unknown>, n: number, policy = changed) =>
    refused(act, account, 'OrgAccountNoSuchChange', changeHash(n, policy));
  const vetoFails = (n: number, key: Key) =>
    refused(veto(n, key), account, 'OrgAccountVetoDoesNotCount', changeHash(n, changed), key.signer);

  describe('of an account that has one signer', () => {
    beforeEach(() => found(1, 1));

    it('needs no delay, because nobody else could object', async () => {
      await carry(
        [
          await ownCall(account, 'announceChange', policyStruct(changed)),
          await ownCall(account, 'carryOut', 1, policyStruct(changed)),
        ],
        keys,
      );
      await isNow(changed);
      await refused(carry([], keys), account, 'OrgAccountInvalidSignature');
    });

    it('takes its delay as soon as there are two', async () => {
      const two = policyOf({ keys: [keys[0]!, newcomer], threshold: 1 });
      await announce(keys, two);
      await carryOut(1, two);
      await announce(keys, changed);
      const { readyAt } = await account.changeOf(changeHash(2, changed));
      await refused(carryOut(2), account, 'OrgAccountChangeNotReady', changeHash(2, changed), readyAt);
    });
  });

  describe('that was announced', () => {
    beforeEach(() => found(3, 2));

    it('is told with all that it changes, and can be carried out by anybody when its time has come', async () => {
      const before = await networkHelpers.time.latest();
      const [one, two] = keys;
      await expect(announce([one!, two!]))
        .to.emit(account, 'ChangeAnnounced')
        .withArgs(changeHash(1, changed), 1, (at: bigint) => at >= before + DELAY, 0b011, asEvent(changed));
      const { readyAt, version, announcedBy } = await account.changeOf(changeHash(1, changed));
      expect([version, announcedBy]).to.deep.equal([1n, 3n]);
      await refused(carryOut(1), account, 'OrgAccountChangeNotReady', changeHash(1, changed), readyAt);
      await clockTo(Number(readyAt));
      await expect(carryOut(1))
        .to.emit(account, 'PolicyChanged')
        .withArgs(changeHash(1, changed), 2, asEvent(changed));
      await isNow(changed);
      await refused(carry([], keys), account, 'OrgAccountInvalidSignature');
      await carry([], [newcomer]);
    });

    it('has the hash that the services compute', async () => {
      expect(await account.changeHash(7, policyStruct(changed))).to.equal(changeHash(7, changed));
    });

    it('is carried out once, and only as it was announced', async () => {
      await announce(keys);
      await later();
      const altered = { ...changed, changeDelay: 3_600 };
      await refusesChange(carryOut(1, altered), 1, altered);
      await refusesChange(carryOut(2), 2);
      await carryOut(1);
      await refusesChange(carryOut(1), 1);
    });

    it('needs the admin threshold, and is the account’s own', async () => {
      await refused(announce([keys[0]!]), account, 'OrgAccountInvalidSignature');
      await refused(
        account.announceChange(policyStruct(changed)),
        account,
        'OrgAccountNotSelf',
        s.stranger.account,
      );
    });

    it('voids those beside it when it is carried out', async () => {
      const other = policyOf({ keys: [newcomer, thief], threshold: 2 });
      await announce(keys, other);
      await announce(keys);
      await later();
      await carryOut(2);
      await refusesChange(carryOut(1, other), 1, other);
      expect((await account.changeOf(changeHash(1, other))).readyAt).to.equal(0n);
      await refusesChange(veto(1, newcomer, other), 1, other);
    });

    it('is called off by those who may announce', async () => {
      await announce(keys);
      const change = changeHash(1, changed);
      await refused(
        carry([await ownCall(account, 'callOff', change)], [keys[0]!]),
        account,
        'OrgAccountInvalidSignature',
      );
      await expect(carry([await ownCall(account, 'callOff', change)], keys.slice(1)))
        .to.emit(account, 'ChangeCalledOff')
        .withArgs(change);
      await later();
      await refusesChange(carryOut(1), 1);
      await refusesChange(carry([await ownCall(account, 'callOff', change)], keys), 1);
    });

    it('never ends in a policy that permanent signers cannot act under', async () => {
      const deaf = { ...changed, adminThreshold: 2 };
      await refused(announce(keys, deaf), account, 'OrgAccountUnreachable', 1, 2);
      const self = (await account.getAddress()).toLowerCase();
      const own = policyOf({ keys: [newcomer, { signer: self, sign: () => '0x' }], threshold: 1 });
      await refused(announce(keys, own), account, 'OrgAccountInvalidSigner', self);
    });

    it('waits beside seven others at most; the next needs one called off in the same batch', async () => {
      for (let n = 0; n < 8; n++) await announce(keys);
      await refused(announce(keys), account, 'OrgAccountTooManyChanges');
      await carry(
        [
          await ownCall(account, 'callOff', changeHash(3, changed)),
          await ownCall(account, 'announceChange', policyStruct(changed)),
        ],
        keys,
      );
      await later();
      await carryOut(9);
    });

    it('keeps what its signers have signed for today under their limits', async () => {
      const limited = (dayLimit: bigint) =>
        policyOf({
          keys: [keys[0]!, keys[1]!],
          threshold: 1,
          terms: [{ dayLimit }],
          policy: { changeDelay: 3_600 },
        });
      account = await accountOf(s, {
        keys: [keys[1]!, keys[0]!],
        threshold: 1,
        terms: [{}, { dayLimit: 100n }],
        policy: { changeDelay: 3_600 },
      });
      await carry([s.calls.cash.approve(s.guarantor.account, 90n)], [keys[0]!]);
      await announce([keys[0]!], limited(50n));
      await later(3_600);
      await carryOut(1, limited(50n));
      expect((await account.signerOf(keys[0]!.signer)).usedToday).to.equal(90n);
      await refused(
        carry([s.calls.cash.approve(s.guarantor.account, 1n)], [keys[0]!]),
        account,
        'OrgAccountDayLimitExceeded',
        ethers.keccak256(keys[0]!.signer),
        1n,
        90n,
        50n,
      );
      await announce([keys[0]!], limited(60n)); // its own affairs it does all the same
    });
  });

  describe('that a signer vetoes', () => {
    it('is stopped by one of two against one', async () => {
      await found(2, 1);
      const [mine, other] = keys;
      await announce([mine!]);
      await expect(veto(1, other!))
        .to.emit(account, 'ChangeVetoed')
        .withArgs(changeHash(1, changed), other!.signer);
      await later();
      await refusesChange(carryOut(1), 1);
    });

    it('is not stopped by one who announced it, nor by a stranger', async () => {
      await found(3, 1);
      await announce([keys[0]!]);
      await vetoFails(1, keys[0]!);
      await refused(veto(1, thief), account, 'OrgAccountInvalidSignature');
    });

    it('is not stopped by the only one against it where two or more are for it', async () => {
      await found(3, 2);
      await announce(keys.slice(0, 2));
      await vetoFails(1, keys[2]!);
      await later();
      await carryOut(1);
      await isNow(changed);
    });

    it('is stopped where another one, who may still sign, has not announced it either', async () => {
      await found(4, 2);
      await announce(keys.slice(0, 2));
      await veto(1, keys[2]!);
      await later();
      await refusesChange(carryOut(1), 1);
    });

    it('has no weight lent by one whose time is over, and is vetoed by none such', async () => {
      await found(4, 2, [3]);
      await announce(keys.slice(0, 2));
      await clockTo(1_772_520_001);
      await refused(veto(1, keys[3]!), account, 'OrgAccountInvalidSignature');
      await vetoFails(1, keys[2]!);
    });

    it('can still be stopped while nobody has carried it out', async () => {
      await found(2, 1);
      await announce([keys[0]!]);
      await later(DELAY * 10);
      await veto(1, keys[1]!);
      await refusesChange(carryOut(1), 1);
    });

    it('may be announced again, and the old veto does not stop it', async () => {
      await found(2, 1);
      const change = changeHash(1, changed);
      const old = await vetoOf(change, keys[1]!);
      await announce([keys[0]!]);
      await account.veto(change, keys[1]!.signer, old);
      await announce([keys[0]!]);
      await refusesChange(account.veto(change, keys[1]!.signer, old), 1);
      const next = account.veto(changeHash(2, changed), keys[1]!.signer, old);
      await refused(next, account, 'OrgAccountInvalidSignature');
    });

    it('is not stopped by what was signed for another account of the same signers', async () => {
      await found(2, 1);
      const twin = await accountOf(s, { keys, threshold: 1, salt: ethers.id('twin') });
      await announce([keys[0]!]);
      const change = changeHash(1, changed);
      const foreign = await vetoOf(change, keys[1]!, twin);
      await refused(account.veto(change, keys[1]!.signer, foreign), account, 'OrgAccountInvalidSignature');
    });

    it('is none where nothing was announced', async () => {
      await found(2, 1);
      await refused(
        account.veto(ZeroHash, keys[1]!.signer, await vetoOf(ZeroHash, keys[1]!)),
        account,
        'OrgAccountNoSuchChange',
        ZeroHash,
      );
    });
  });

  describe('that somebody would smuggle in', () => {
    const into = async (policy: Policy) => ownCall(account, 'announceChange', policyStruct(policy));

    it('beside other acts needs what each of them needs', async () => {
      await found(3, 3);
      const standing = s.calls.setStanding(true);
      await refused(
        carry([standing, await into(changed)], keys.slice(0, 2)),
        account,
        'OrgAccountInvalidSignature',
      );
      await found(3, 1, [], 2);
      await refused(
        carry([standing, await into(changed)], keys.slice(0, 1)),
        account,
        'OrgAccountInvalidSignature',
      );
    });

    it('by a contract that the batch calls is nobody’s', async () => {
      await found(2, 1);
      const unruly = await deployHarness('Unruly');
      const announced = await into(changed);
      const call = {
        target: unruly.target as string,
        data: unruly.interface.encodeFunctionData('call', [announced.target, announced.data, true]),
      };
      await refused(carry([call], keys), account, 'OrgAccountNotSelf', unruly.target);
      const own = await ownCall(account, 'cancelNonces', 3n, 1n);
      await refused(carry([own, call], keys), account, 'OrgAccountNotSelf', unruly.target);
    });

    it('from a batch within a batch is announced by those who signed the inner one', async () => {
      await found(3, 1);
      const [outer, inner] = keys;
      const unruly = await deployHarness('Unruly');
      const innerBatch = { calls: [await into(changed)], nonce: 100n };
      const data = account.interface.encodeFunctionData('execute', [
        innerBatch.calls,
        100n,
        2 ** 40 - 1,
        await signed(s, account, innerBatch, [inner!]),
      ]);
      const call = {
        target: unruly.target as string,
        data: unruly.interface.encodeFunctionData('call', [await account.getAddress(), data, true]),
      };
      await carry([await into(changed), call, await into(changed)], [outer!]);
      const by = async (n: number) => (await account.changeOf(changeHash(n, changed))).announcedBy;
      expect([await by(1), await by(2), await by(3)]).to.deep.equal([0b001n, 0b010n, 0b001n]);
    });

    it('under a policy that was changed in the midst of the batch is refused', async () => {
      await found(3, 1);
      // The same signers in another order: their places would be others'.
      const turned = policyOf({ keys: keys.toReversed(), threshold: 1 });
      await announce([keys[0]!], turned);
      await later();
      const carryingOut = {
        target: await account.getAddress(),
        data: account.interface.encodeFunctionData('carryOut', [1, policyStruct(turned)]),
      };
      await refused(
        carry([carryingOut, await into(changed)], [keys[0]!]),
        account,
        'OrgAccountPolicyChanged',
      );
      await carry([carryingOut], [keys[0]!]);
      await isNow(turned);
    });

    it('in a rehearsal changes nothing', async () => {
      await found(2, 2);
      await refused(account.rehearse([await into(changed)]), account, 'OrgAccountRehearsed');
      expect((await account.changeOf(changeHash(1, changed))).readyAt).to.equal(0n);
    });

    it('with signatures of those whom the change has removed is refused', async () => {
      await found(2, 2);
      const batch = { calls: [await into(changed)], nonce: 77n };
      const old = await signed(s, account, batch, keys);
      await announce(keys);
      await later();
      await carryOut(1);
      await refused(executes(account, batch, old), account, 'OrgAccountInvalidSignature');
    });
  });
});
