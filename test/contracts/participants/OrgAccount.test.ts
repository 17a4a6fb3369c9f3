import { expect } from 'chai';
import type { OrgAccount } from '../../../types/contracts/participants/OrgAccount.ts';
import { executeDigest, type Call } from '#chain/typed-data.ts';
import { changeHash, policyStruct } from '#chain/policies.ts';
import { accountOf, carries, executes, policyOf, signed, type Batch } from '../support/accounts.ts';
import { admitted, FAR, type Actor } from '../support/actors.ts';
import { ethers, exactlyAt } from '../support/chain.ts';
import { ecdsaKey, p256Key, type Key } from '../support/keys.ts';
import { changesOf } from '../support/neighbours.ts';
import { refused } from '../support/refusals.ts';
import { OPENING_CASH, stage, type Stage } from '../support/stage.ts';

describe('OrgAccount', () => {
  let s: Stage;
  let key: Key;
  let account: OrgAccount;
  let member: Actor;

  /** A firm with one P-256 key and some cash. */
  beforeEach(async () => {
    s = await stage();
    key = p256Key(s.deployment.addresses.p256Verifier, 'firm');
    account = await accountOf(s, { keys: [key], threshold: 1 });
    const address = await account.getAddress();
    const plain = {
      name: 'firm',
      number: 0,
      account: address,
      does: () => Promise.reject(),
      signs: () => '0x',
    };
    member = await admitted(s.contracts, plain, ['supplier']);
    await s.settlementBank.does(s.calls.deposit(member.number, OPENING_CASH, ethers.id('opening')));
  });

  const pay = (amount: bigint): Call => ({
    target: s.deployment.addresses.cash,
    data: s.contracts.cash.interface.encodeFunctionData('transfer', [s.guarantor.account, amount]),
  });
  const paid = (): Promise<bigint> => s.contracts.cash.balanceOf(s.guarantor.account);
  const carry = (batch: Batch, keys: readonly Key[] = [key]) => carries(s, account, batch, keys);

  describe('a batch that its signers signed', () => {
    it('is carried out in order, whoever relays it', async () => {
      const calls = [pay(1n), s.calls.setStanding(true), pay(20n), s.calls.setStanding(false)];
      await expect(carry({ calls })).to.emit(account, 'Executed').withArgs(0);
      expect(await paid()).to.equal(21n);
      expect((await s.contracts.bills.member(member.number)).standing).to.equal(false);
    });

    it('has the digest that the services compute', async () => {
      const calls = [pay(1n), pay(2n)];
      const instruction = { account: await account.getAddress(), calls, nonce: 7n, validUntil: 99 };
      expect(await account.digestOf(calls, 7n, 99)).to.equal(
        executeDigest(s.deployment.chainId, instruction),
      );
    });

    it('is carried out whole or not at all, and can be tried again', async () => {
      const { cash } = s.contracts;
      const calls = [pay(OPENING_CASH), pay(1n)];
      const changes = await changesOf(s, () =>
        refused(carry({ calls }), cash, 'ERC20InsufficientBalance', member.account, 0, 1),
      );
      expect(changes).to.deep.equal([]);
      expect(await account.usedNonces(0)).to.equal(0);
      await s.settlementBank.does(s.calls.deposit(member.number, 1n, ethers.id('more')));
      await carry({ calls });
      expect(await paid()).to.equal(OPENING_CASH + 1n);
    });

    it('is not carried out twice', async () => {
      await carry({ calls: [pay(1n)], nonce: 3n });
      await refused(carry({ calls: [pay(1n)], nonce: 3n }), account, 'OrgAccountNonceUsed', 3);
      expect(await paid()).to.equal(1n);
    });

    it('runs in any order with others under other nonces', async () => {
      const nonces = [300n, 0n, 255n, 256n, 1n, ethers.MaxUint256];
      for (const nonce of nonces) await carry({ calls: [pay(1n)], nonce });
      expect(await paid()).to.equal(BigInt(nonces.length));
      expect(await account.usedNonces(0)).to.equal((1n << 255n) | 3n);
      expect(await account.usedNonces(1)).to.equal((1n << 44n) | 1n);
      for (const nonce of nonces) {
        await refused(carry({ calls: [], nonce }), account, 'OrgAccountNonceUsed', nonce);
      }
    });

    it('is refused after the instant until which it is valid', async () => {
      const validUntil = 1_772_600_000;
      const batch = { calls: [pay(1n)], validUntil };
      const signature = await signed(s, account, batch, [key]);
      await exactlyAt(validUntil);
      await executes(account, batch, signature);
      await exactlyAt(validUntil + 1);
      await refused(executes(account, batch, signature), account, 'OrgAccountExpired', validUntil);
    });

    it('cannot call what is no contract', async () => {
      const target = s.stranger.account;
      await refused(
        carry({ calls: [{ target, data: '0x12345678' }] }),
        new ethers.Contract(target, ['error AddressEmptyCode(address)']),
        'AddressEmptyCode',
        target,
      );
    });
  });

  describe('a batch that differs from what was signed', () => {
    const alterations: Record<string, (batch: Required<Batch>) => Batch> = {
      'in an amount': (batch) => ({ ...batch, calls: [pay(9n), pay(2n)] }),
      'in a target': (batch) => ({
        ...batch,
        calls: batch.calls.map((call) => ({ ...call, target: s.deployment.addresses.bills })),
      }),
      'in the order of its calls': (batch) => ({ ...batch, calls: batch.calls.toReversed() }),
      'by a call more': (batch) => ({ ...batch, calls: [...batch.calls, pay(3n)] }),
      'by a call less': (batch) => ({ ...batch, calls: batch.calls.slice(1) }),
      'in its nonce': (batch) => ({ ...batch, nonce: 6n }),
      'in its time': (batch) => ({ ...batch, validUntil: FAR - 1 }),
    };
    for (const [how, alter] of Object.entries(alterations)) {
      it(`is refused when it differs ${how}`, async () => {
        const batch = {
          calls: [pay(1n), pay(2n)],
          nonce: 5n,
          validUntil: FAR,
          chainId: s.deployment.chainId,
        };
        const signature = await signed(s, account, batch, [key]);
        await refused(executes(account, alter(batch), signature), account, 'OrgAccountInvalidSignature');
        expect(await paid()).to.equal(0n);
      });
    }

    it('is refused on another chain', async () => {
      const batch = { calls: [pay(1n)] };
      const signature = await signed(s, account, { ...batch, chainId: 1 }, [key]);
      await refused(executes(account, batch, signature), account, 'OrgAccountInvalidSignature');
    });

    it('is refused at another account of the same signers', async () => {
      const twin = await accountOf(s, { keys: [key], threshold: 1, salt: ethers.id('twin') });
      const batch = { calls: [] };
      const signature = await signed(s, twin, batch, [key]);
      await refused(executes(account, batch, signature), account, 'OrgAccountInvalidSignature');
      await executes(twin, batch, signature);
    });

    it('is refused with what is no signature of the firm', async () => {
      const batch = { calls: [pay(1n)] };
      const good = await signed(s, account, batch, [key]);
      const stranger = await signed(s, account, batch, [ecdsaKey('stranger')]);
      const forged = await signed(s, account, batch, [{ ...ecdsaKey('x'), signer: key.signer }]);
      for (const signature of [
        '0x',
        '0x1234',
        good.slice(0, -2),
        stranger,
        forged,
        `0x${'ff'.repeat(256)}`,
      ]) {
        await refused(executes(account, batch, signature), account, 'OrgAccountInvalidSignature');
      }
      await executes(account, batch, good);
    });

    it('is refused with the mirror image of a P-256 signature', async () => {
      const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
      const mirrored: Key = {
        signer: key.signer,
        sign: (digest) => {
          const signature = key.sign(digest);
          const s = order - BigInt(`0x${signature.slice(66)}`);
          return signature.slice(0, 66) + s.toString(16).padStart(64, '0');
        },
      };
      await refused(carry({ calls: [] }, [mirrored]), account, 'OrgAccountInvalidSignature');
    });
  });

  describe('a rehearsal', () => {
    it('says that the batch would succeed, and changes nothing, whoever asks', async () => {
      const calls = [pay(1n), s.calls.setStanding(true)];
      const changes = await changesOf(s, () =>
        refused(account.rehearse(calls), account, 'OrgAccountRehearsed'),
      );
      expect(changes).to.deep.equal([]);
    });

    it('says with which error the first call fails that fails', async () => {
      const { cash, bills } = s.contracts;
      const calls = [pay(1n), pay(OPENING_CASH), s.calls.take(1n, { from: s.bank.number, to: 0, end: 0n })];
      await refused(
        account.rehearse.staticCall(calls),
        cash,
        'ERC20InsufficientBalance',
        member.account,
        OPENING_CASH - 1n,
        OPENING_CASH,
      );
      await refused(
        account.rehearse.staticCall(calls.toReversed()),
        bills,
        'BillsNotOffered',
        1,
        member.number,
      );
    });

    it('says what a batch of the account’s own affairs would do, and does not do it', async () => {
      const policy = policyOf({ keys: [ecdsaKey('thief')], threshold: 1 });
      const data = account.interface.encodeFunctionData('announceChange', [policyStruct(policy)]);
      const calls = [{ target: await account.getAddress(), data }];
      await refused(account.rehearse(calls), account, 'OrgAccountRehearsed');
      expect((await account.changeOf(changeHash(1, policy))).readyAt).to.equal(0);
    });
  });
});
