import { expect } from 'chai';
import { keccak256 } from 'ethers';
import type { OrgAccount } from '../../../types/contracts/participants/OrgAccount.ts';
import { quoteDigest, quoteSignature, plainQuoteDigest, type Call } from '#chain/typed-data.ts';
import { KIND_BITS, LARGEST, missingOf, needOf } from '#domain/accounts/policy.ts';
import {
  accountOf,
  carries,
  executes,
  ownCall,
  policyOf,
  signed,
  type Founders,
} from '../support/accounts.ts';
import { quoteOf } from '../support/acts.ts';
import { admitted, FAR, type Actor } from '../support/actors.ts';
import { clockTo, ethers, exactlyAt } from '../support/chain.ts';
import { ecdsaKey, p256Key, signAll, type Key } from '../support/keys.ts';
import { refused } from '../support/refusals.ts';
import { OPENING_CASH, stage, type Stage } from '../support/stage.ts';

const { pay, own, other, finance } = KIND_BITS;

describe('the policy of an OrgAccount', () => {
  let s: Stage;
  let maker: Key;
  let checker: Key;
  let director: Key;
  let account: OrgAccount;
  let nonce: bigint;

  beforeEach(async () => {
    s = await stage();
    const verifier = s.deployment.addresses.p256Verifier;
    [maker, checker, director] = [
      p256Key(verifier, 'maker'),
      ecdsaKey('checker'),
      p256Key(verifier, 'director'),
    ];
    nonce = 0n;
  });

  /** A member with this policy and some cash. */
  async function firmWith(
    founders: Omit<Founders, 'keys'>,
    keys = [maker, checker, director],
  ): Promise<Actor> {
    account = await accountOf(s, { keys, ...founders });
    const plain = {
      name: 'firm',
      number: 0,
      account: await account.getAddress(),
      does: () => Promise.reject(),
      signs: () => '0x',
    };
    const member = await admitted(s.contracts, plain, ['supplier']);
    await s.settlementBank.does(s.calls.deposit(member.number, OPENING_CASH, ethers.id('opening')));
    return member;
  }

  const paying = (amount: bigint): Call => s.calls.cash.transfer(s.guarantor.account, amount);
  const carry = (calls: readonly Call[], ...keys: Key[]) =>
    carries(s, account, { calls, nonce: nonce++ }, keys);
  const accepts = (calls: readonly Call[], ...keys: Key[]) =>
    expect(carry(calls, ...keys)).to.emit(account, 'Executed');
  const refuses = (calls: readonly Call[], ...keys: Key[]) =>
    refused(carry(calls, ...keys), account, 'OrgAccountInvalidSignature');

  describe('with rules by amount', () => {
    const rules = [
      { kinds: pay, from: 0n, threshold: 1, levels: 0 },
      { kinds: pay, from: 100n, threshold: 2, levels: 0 },
      { kinds: pay | other, from: 10_000n, threshold: 3, levels: 0 },
    ];
    beforeEach(() => firmWith({ threshold: 2, policy: { rules } }));

    it('asks for more weight where more is at stake', async () => {
      await accepts([paying(99n)], maker);
      await refuses([paying(100n)], maker);
      await accepts([paying(100n)], maker, director);
      await accepts([paying(9_999n)], maker, checker);
      await refuses([paying(10_000n)], maker, checker);
      await accepts([paying(10_000n)], maker, checker, director);
    });

    it('adds up what a batch splits', async () => {
      await refuses([paying(50n), paying(50n)], maker);
      await refuses(
        Array.from({ length: 10 }, () => paying(1_000n)),
        maker,
        checker,
      );
      await accepts([paying(50n), paying(49n)], maker);
    });

    it('counts a kind that no rule names, or none that matches, with the threshold', async () => {
      const standing = s.calls.setStanding(true);
      await refuses([standing], maker);
      await accepts([standing], maker, checker);
      await refuses([paying(1n), standing], maker);
      await accepts([paying(1n), standing], maker, checker);
      await refuses([], maker);
      await accepts([], maker, checker);
    });

    it('takes what it cannot read for the largest amount', async () => {
      const strange = { target: s.deployment.addresses.rulebook, data: '0x12345678' };
      const [kinds, amount, threshold] = await account.neededFor([strange]);
      expect([kinds, amount, threshold]).to.deep.equal([BigInt(other), LARGEST, 3n]);
      const long = { ...paying(1n), data: `${paying(1n).data}00` };
      await refuses([long], maker, checker);
      await accepts([long], maker, checker, director);
    });

    it('says what a batch needs, as the services reckon it', async () => {
      const policy = policyOf({ keys: [maker, checker, director], threshold: 2, policy: { rules } });
      const cancel = await ownCall(account, 'cancelNonces', 9n, 1n);
      for (const calls of [
        [],
        [paying(1n)],
        [paying(99n), paying(1n)],
        [paying(10_000n)],
        [cancel],
        [cancel, paying(1n)],
        [cancel, paying(1n), s.calls.setStanding(true)],
      ]) {
        const [kinds, amount, threshold, levels] = await account.neededFor(calls);
        const need = needOf(policy, { kinds: Number(kinds), amount });
        expect({ weight: BigInt(need.weight), levels: BigInt(need.levels) }).to.deep.equal({
          weight: threshold,
          levels,
        });
      }
    });
  });

  describe('with levels', () => {
    const rules = [
      { kinds: pay, from: 0n, threshold: 2, levels: 0b011 },
      { kinds: pay, from: 1_000n, threshold: 2, levels: 0b100 },
    ];
    beforeEach(() =>
      firmWith(
        {
          threshold: 1,
          terms: [{ level: 1 }, { level: 2 }, { level: 3, weight: 5 }, { level: 1 }],
          policy: { rules },
        },
        [maker, checker, director, ecdsaKey('second maker')],
      ),
    );

    it('needs somebody of each, whatever the others weigh', async () => {
      await refuses([paying(1n)], director);
      await refuses([paying(1n)], maker, director);
      await refuses([paying(1n)], maker, ecdsaKey('second maker'));
      await accepts([paying(1n)], maker, checker);
      await accepts([paying(1n)], ecdsaKey('second maker'), checker, director);
      await refuses([paying(1_000n)], maker, checker);
      await accepts([paying(1_000n)], maker, checker, director);
    });

    it('needs the weight too', async () => {
      await accepts([s.calls.setStanding(true)], maker);
      const policy = policyOf({
        keys: [maker, checker, director],
        terms: [{ level: 1 }, { level: 2 }, { level: 3 }],
        threshold: 1,
        policy: { rules },
      });
      const missing = missingOf(policy, { kinds: pay, amount: 1_000n }, [maker.signer.toUpperCase()], 0);
      expect(missing).to.deep.include({ missingWeight: 1, missingLevels: [2, 3], isEnough: false });
      expect(missing.helpful.map(({ key }) => key)).to.deep.equal([checker.signer, director.signer]);
    });
  });

  describe('the account’s own affairs', () => {
    it('count with the admin threshold, higher or lower than the other', async () => {
      await firmWith({ threshold: 1, policy: { adminThreshold: 3 } });
      await refuses([await ownCall(account, 'cancelNonces', 9n, 1n)], maker, checker);
      await accepts([await ownCall(account, 'cancelNonces', 9n, 1n)], maker, checker, director);
      await accepts([paying(1n)], maker);
      await refuses([paying(1n), await ownCall(account, 'cancelNonces', 9n, 1n)], maker, checker);
    });

    it('can be done by those who are left where the other threshold is out of reach', async () => {
      await firmWith({ threshold: 3, policy: { adminThreshold: 1 } });
      await accepts([await ownCall(account, 'cancelNonces', 9n, 1n)], maker);
      await refuses([await ownCall(account, 'cancelNonces', 9n, 1n), paying(1n)], maker);
    });

    it('need the levels of the rules that name them', async () => {
      await firmWith({
        threshold: 1,
        terms: [{ level: 1 }, { level: 2 }],
        policy: { rules: [{ kinds: own, from: 0n, threshold: 1, levels: 0b10 }] },
      });
      await refuses([await ownCall(account, 'cancelNonces', 9n, 1n)], maker);
      await accepts([await ownCall(account, 'cancelNonces', 9n, 1n)], checker);
    });
  });

  describe('a signer whose time is limited', () => {
    it('signs up to its last instant', async () => {
      const validUntil = 1_772_600_000;
      await firmWith({ threshold: 1, terms: [{ validUntil }] });
      const batches = [
        { calls: [paying(1n)], nonce: 1n },
        { calls: [paying(1n)], nonce: 2n },
      ];
      const [first, second] = await Promise.all(batches.map((batch) => signed(s, account, batch, [maker])));
      await exactlyAt(validUntil);
      await executes(account, batches[0]!, first!);
      await exactlyAt(validUntil + 1);
      await refused(executes(account, batches[1]!, second!), account, 'OrgAccountInvalidSignature');
      nonce = 3n;
      await refuses([paying(1n)], maker, checker);
      await accepts([paying(1n)], checker);
    });
  });

  describe('a signer with a limit a day', () => {
    const dayLimit = 1_000n;
    beforeEach(() => firmWith({ threshold: 1, terms: [{ dayLimit }, { dayLimit: 300n }] }));
    const id = () => keccak256(maker.signer);
    const beyond = (amount: bigint, used: bigint) =>
      refused(
        carry([paying(amount)], maker),
        account,
        'OrgAccountDayLimitExceeded',
        id(),
        amount,
        used,
        dayLimit,
      );
    const used = async (key: Key) => (await account.signerOf(key.signer)).usedToday;

    it('is charged with each batch and refused beyond it, until the day in Shanghai is over', async () => {
      await accepts([paying(600n)], maker);
      await beyond(401n, 600n);
      await accepts([paying(200n), paying(200n)], maker);
      await beyond(1n, 1_000n);
      await clockTo(Date.parse('2026-03-04T00:00:00+08:00') / 1000 - 30);
      await beyond(1n, 1_000n);
      await clockTo(Date.parse('2026-03-04T00:00:00+08:00') / 1000);
      expect(await used(maker)).to.equal(0n);
      await accepts([paying(1_000n)], maker);
    });

    it('is charged along with others who sign, each under its own limit', async () => {
      await accepts([paying(300n)], maker, checker, director);
      expect([await used(maker), await used(checker), await used(director)]).to.deep.equal([300n, 300n, 0n]);
      await refused(
        carry([paying(1n)], maker, checker),
        account,
        'OrgAccountDayLimitExceeded',
        keccak256(checker.signer),
        1n,
        300n,
        300n,
      );
      expect(await used(maker)).to.equal(300n);
    });

    it('is not charged for a batch that fails', async () => {
      await expect(carry([paying(1n), { ...paying(1n), target: s.stranger.account }], maker)).to.be.revert(
        ethers,
      );
      expect(await used(maker)).to.equal(0n);
    });

    it('never stands in the way of the account’s own affairs, and signs nothing without bound', async () => {
      await accepts([paying(1_000n)], maker);
      await accepts([await ownCall(account, 'cancelNonces', 9n, 1n)], maker);
      await refused(
        carry([s.calls.cash.approve(s.stranger.account, LARGEST)], maker),
        account,
        'OrgAccountDayLimitExceeded',
        id(),
        LARGEST,
        dayLimit,
        dayLimit,
      );
    });
  });

  describe('asked for a quote (ERC-1271)', () => {
    const answer = async (...keys: Key[]) => {
      const quote = quoteOf(s, s.bank, 1n);
      const digest = quoteDigest(s.deployment, await account.getAddress(), quote);
      const signature = quoteSignature(s.deployment, quote, signAll(digest, keys));
      return account.isValidSignature(plainQuoteDigest(s.deployment, quote), signature);
    };
    const [YES, NO] = ['0x1626ba7e', '0xffffffff'];

    it('asks for as much as the dearest financing would', async () => {
      await firmWith({
        threshold: 1,
        terms: [{ level: 1 }, { level: 2 }, {}],
        policy: {
          rules: [
            { kinds: finance, from: 0n, threshold: 1, levels: 0 },
            { kinds: finance, from: LARGEST, threshold: 2, levels: 0b10 },
            { kinds: pay, from: 0n, threshold: 3, levels: 0 },
          ],
        },
      });
      expect(await answer(maker)).to.equal(NO);
      expect(await answer(maker, director)).to.equal(NO);
      expect(await answer(maker, checker)).to.equal(YES);
    });

    it('does not count a signer with a limit, or whose time is over', async () => {
      await firmWith(
        { threshold: 1, terms: [{ dayLimit: LARGEST }, { validUntil: FAR }, { validUntil: 1 }] },
        [maker, checker, director, ecdsaKey('fourth')],
      );
      expect(await answer(maker)).to.equal(NO);
      expect(await answer(checker)).to.equal(YES);
      expect(await answer(checker, maker)).to.equal(NO);
      expect(await answer(director)).to.equal(NO);
    });
  });
});
