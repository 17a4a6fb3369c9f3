/** A member that has lost all its keys: two propose, seven days run, any old key stops it, nobody alone can. */
import { expect } from 'chai';
import { ZeroAddress, ZeroHash, id } from 'ethers';
import { callsOf, platformCallsOf } from '../../fixtures/calls.ts';
import { dateOf, moves, REASON, taken } from '../support/acts.ts';
import type { Actor } from '../support/actors.ts';
import { clockTo, ethers, exactlyAt, networkHelpers } from '../support/chain.ts';
import { changesOf } from '../support/neighbours.ts';
import { refused } from '../support/refusals.ts';
import { OPENING_CASH, stage, type Stage } from '../support/stage.ts';

const DAY = 86_400;
const DELAY = 7 * DAY;
const END = 30 * DAY;
const NOTHING = [0n, ZeroAddress, 0n, ZeroAddress, 0n];

describe('Recoveries', () => {
  let s: Stage;
  /** Where the lost member, `supplier`, would go; `bank` helps it. */
  let [fresh, other]: Actor[] = [];
  beforeEach(async () => {
    s = await stage();
    [fresh, other] = [s.stranger, s.relayer];
  });

  const now = () => networkHelpers.time.latest();
  const lost = () => s.supplier.number;
  const { bills } = { bills: () => s.contracts.bills };
  const operator = () => ({
    proposes: (to = fresh!, member = lost()) =>
      s.operator.does(platformCallsOf(s.deployment).proposeRecoveryAsOperator(member, to.account, REASON)),
    withdraws: (member = lost()) =>
      s.operator.does(platformCallsOf(s.deployment).withdrawRecoveryAsOperator(member)),
  });
  const proposes = (to = fresh!, by = s.bank, member = lost()) =>
    by.does(s.calls.proposeRecovery(member, to.account));
  const completes = (by = fresh!, member = lost()) => by.does(s.calls.completeRecovery(member));
  const notAgreed = (by = fresh!, member = lost()) =>
    refused(completes(by, member), bills(), 'RecoveriesNotAgreed', member, by.account);

  /** The helper was named long ago. */
  const helped = async (by = s.supplier, helper = s.bank) => {
    await by.does(s.calls.nameHelper(helper.number));
    await networkHelpers.time.increase(DELAY);
  };
  /** Both have proposed it; the instant from which it can be completed. */
  const agreed = async (to = fresh!): Promise<number> => {
    await helped();
    await proposes(to);
    await operator().proposes(to);
    return (await now()) + DELAY;
  };

  describe('a helper', () => {
    it('is named by the member, and helps from seven days later on', async () => {
      await expect(s.supplier.does(s.calls.nameHelper(s.bank.number))).to.emit(bills(), 'HelperNamed');
      const from = (await now()) + DELAY;
      expect(await bills().helperOf(lost())).to.deep.equal([0n, BigInt(s.bank.number), BigInt(from)]);
      await refused(proposes(), bills(), 'RecoveriesNotHelper', lost(), s.bank.number);
      await clockTo(from - 10);
      await refused(proposes(), bills(), 'RecoveriesNotHelper', lost(), s.bank.number);
      await exactlyAt(from);
      await proposes();
    });

    it('stays for seven days when another is named, and a later word replaces an earlier one', async () => {
      await helped();
      await s.supplier.does(s.calls.nameHelper(s.guarantor.number));
      await networkHelpers.time.increase(DELAY - 100);
      await s.supplier.does(s.calls.nameHelper(s.bank2.number));
      const from = (await now()) + DELAY;
      await clockTo(from - 10);
      await proposes();
      await refused(proposes(fresh, s.guarantor), bills(), 'RecoveriesNotHelper', lost(), s.guarantor.number);
      await clockTo(from);
      await proposes(fresh, s.bank2);
      await refused(proposes(), bills(), 'RecoveriesNotHelper', lost(), s.bank.number);
    });

    it('is taken back with 0, and then nobody helps', async () => {
      await helped();
      await s.supplier.does(s.calls.nameHelper(0));
      await networkHelpers.time.increase(DELAY);
      await refused(proposes(), bills(), 'RecoveriesNotHelper', lost(), s.bank.number);
      await refused(operator().proposes(), bills(), 'RecoveriesNotHelper', lost(), 0);
    });

    it('is another member, known and active, named by one that is active', async () => {
      const names = (helper: number, by = s.supplier) => by.does(s.calls.nameHelper(helper));
      await refused(names(lost()), bills(), 'RecoveriesOwnHelper', lost());
      await refused(names(99), bills(), 'ParticipantsUnknownMember', 99);
      await refused(
        names(s.bank.number, s.stranger),
        bills(),
        'ParticipantsUnknownAccount',
        s.stranger.account,
      );
      await refused(names(0, s.stranger), bills(), 'ParticipantsUnknownAccount', s.stranger.account);
      await bills().suspend(s.bank.number, REASON);
      await refused(names(s.bank.number), bills(), 'ParticipantsNotActive', s.bank.number);
      await bills().suspend(lost(), REASON);
      for (const helper of [0, s.guarantor.number])
        await refused(names(helper), bills(), 'ParticipantsNotActive', lost());
    });
  });

  describe('a recovery that both propose', () => {
    it('moves the member with its deposits after seven days, when the new account completes it', async () => {
      const from = await agreed();
      const { root } = await taken(s);
      await s.supplier.does(s.calls.moveAccount(other!.account));
      const running = await bills().recovery(lost());
      expect([running.helper, running.byHelper, running.byOperator]).to.deep.equal([
        BigInt(s.bank.number),
        fresh!.account,
        fresh!.account,
      ]);
      const window = await bills().recoveryWindow(lost());
      expect(window).to.deep.equal([BigInt(from), running.helperAt + BigInt(END)]);
      await exactlyAt(from - 1);
      await refused(completes(), bills(), 'RecoveriesTooEarly', lost(), from);
      const old = s.supplier.account;
      const changes = await changesOf(s, async () => {
        await exactlyAt(from);
        const act = completes();
        await expect(act).to.emit(bills(), 'RecoveryCompleted').withArgs(lost(), old, fresh!.account);
        await expect(act).to.emit(bills(), 'AccountMoved').withArgs(lost(), old, fresh!.account);
      });
      expect(changes.filter((each) => !each.includes('supplier'))).to.deep.equal([]);
      expect(await bills().accountOf(lost())).to.equal(fresh!.account);
      expect(await bills().numberOf(old)).to.equal(0n);
      expect(await s.contracts.cash.balanceOf(fresh!.account)).to.equal(OPENING_CASH);
      expect(await s.contracts.cash.balanceOf(old)).to.equal(0n);
      expect(await bills().ownerOf(root)).to.equal(fresh!.account);
      expect(await bills().recovery(lost())).to.deep.equal(NOTHING);
      await refused(
        other!.does(s.calls.acceptAccount(lost())),
        bills(),
        'ParticipantsMoveNotOffered',
        lost(),
        other!.account,
      );
      await notAgreed(other);
      await refused(
        s.supplier.does(s.calls.offer(root, 1n, s.bank.number, 0)),
        bills(),
        'ParticipantsUnknownAccount',
        old,
      );
    });

    it('may be proposed in either order, and runs from the later', async () => {
      await helped();
      await expect(operator().proposes())
        .to.emit(bills(), 'RecoveryProposed')
        .withArgs(lost(), 0, fresh!.account, 0, 0, REASON);
      const first = await now();
      await networkHelpers.time.increase(DAY);
      const second = (await now()) + 5;
      await exactlyAt(second);
      await expect(proposes())
        .to.emit(bills(), 'RecoveryProposed')
        .withArgs(lost(), s.bank.number, fresh!.account, second + DELAY, first + END, ZeroHash);
      await exactlyAt(second + DELAY);
      await completes();
    });

    it('is not completed by anybody but the account that both propose', async () => {
      const from = await agreed();
      await clockTo(from);
      for (const actor of [s.bank, s.operator, s.supplier, other!, s.deployer]) await notAgreed(actor);
    });

    it('is nothing as long as one alone, or each another account, proposes', async () => {
      await helped();
      await proposes();
      await networkHelpers.time.increase(DELAY);
      await notAgreed();
      await operator().proposes(other);
      await networkHelpers.time.increase(DELAY);
      await notAgreed();
      await notAgreed(other);
      await networkHelpers.time.increase(END);
      await operator().proposes();
      await notAgreed();
    });

    it('begins again with each proposal, another or the same', async () => {
      let from = await agreed();
      await clockTo(from);
      await operator().proposes(other);
      await notAgreed();
      await notAgreed(other);
      await operator().proposes();
      from = (await now()) + DELAY;
      await exactlyAt(from - 100);
      await refused(completes(), bills(), 'RecoveriesTooEarly', lost(), from);
      await exactlyAt(from - 1);
      await proposes();
      await exactlyAt(from);
      await refused(completes(), bills(), 'RecoveriesTooEarly', lost(), from - 1 + DELAY);
    });

    it('is void thirty days after the earlier proposal, and from the beginning if they are too far apart', async () => {
      await helped();
      await proposes();
      const end = (await now()) + END;
      await clockTo(end - DELAY);
      await expect(operator().proposes())
        .to.emit(bills(), 'RecoveryProposed')
        .withArgs(lost(), 0, fresh!.account, 0, 0, REASON);
      await proposes();
      const later = (await bills().recoveryWindow(lost())).until;
      await exactlyAt(Number(later));
      await notAgreed();
    });

    it('is withdrawn by either', async () => {
      const from = await agreed();
      await expect(operator().withdraws()).to.emit(bills(), 'RecoveryWithdrawn').withArgs(lost(), 0);
      await clockTo(from);
      await notAgreed();
      await operator().proposes();
      await expect(s.bank.does(s.calls.withdrawRecovery(lost())))
        .to.emit(bills(), 'RecoveryWithdrawn')
        .withArgs(lost(), s.bank.number);
      await networkHelpers.time.increase(DELAY);
      await notAgreed();
      await refused(s.bank.does(s.calls.withdrawRecovery(lost())), bills(), 'RecoveriesNone', lost());
      await operator().withdraws();
      await refused(operator().withdraws(), bills(), 'RecoveriesNone', lost());
    });

    it('is not withdrawn by others', async () => {
      const from = await agreed();
      const withdraw = s.calls.withdrawRecovery(lost());
      await refused(s.guarantor.does(withdraw), bills(), 'RecoveriesNotHelper', lost(), s.guarantor.number);
      await refused(s.stranger.does(withdraw), bills(), 'ParticipantsUnknownAccount', s.stranger.account);
      await clockTo(from);
      await completes();
    });
  });

  describe('the member’s present account', () => {
    it('stops it, and both must propose again', async () => {
      const from = await agreed();
      await expect(s.supplier.does(s.calls.stopRecovery(lost())))
        .to.emit(bills(), 'RecoveryStopped')
        .withArgs(lost(), s.supplier.account);
      await clockTo(from);
      await notAgreed();
      await proposes();
      await networkHelpers.time.increase(DELAY);
      await notAgreed();
      await operator().proposes();
      await networkHelpers.time.increase(DELAY);
      await completes();
    });

    it('stops a single proposal, at the last moment, and while it is suspended', async () => {
      await helped();
      await proposes();
      await s.supplier.does(s.calls.stopRecovery(lost()));
      await refused(s.supplier.does(s.calls.stopRecovery(lost())), bills(), 'RecoveriesNone', lost());
      await proposes();
      await operator().proposes();
      await bills().suspend(lost(), REASON);
      await networkHelpers.time.increase(DELAY);
      await s.supplier.does(s.calls.stopRecovery(lost()));
      await notAgreed();
    });

    it('is the only one that stops it', async () => {
      await agreed();
      for (const actor of [s.bank, s.operator, fresh!, s.coreFirm])
        await refused(
          actor.does(s.calls.stopRecovery(lost())),
          bills(),
          'RecoveriesNotMember',
          lost(),
          actor.account,
        );
      await refused(s.supplier.does(s.calls.stopRecovery(99)), bills(), 'ParticipantsUnknownMember', 99);
    });

    it('makes it void by moving itself', async () => {
      const from = await agreed();
      await moves(s, s.supplier, other!);
      await clockTo(from);
      await notAgreed();
      expect(await bills().recovery(lost())).to.deep.equal(NOTHING);
    });
  });

  describe('a suspended member', () => {
    it('is recovered, and is suspended under its new account', async () => {
      const from = await agreed();
      await bills().suspend(lost(), REASON);
      await clockTo(from);
      await completes();
      const member = await bills().member(lost());
      expect([member.account, member.suspended]).to.deep.equal([fresh!.account, true]);
      await refused(bills().actor(fresh!.account), bills(), 'ParticipantsNotActive', lost());
    });

    it('is recovered when its credential has expired, which stays expired', async () => {
      const from = await agreed();
      await bills().renew(lost(), 2, from - 10, ZeroHash);
      await clockTo(from);
      await completes();
      await refused(bills().actor(fresh!.account), bills(), 'ParticipantsNotActive', lost());
    });
  });

  describe('a proposal of the helper', () => {
    it('is void once the helper was suspended, even if it is active again', async () => {
      const from = await agreed();
      await bills().suspend(s.bank.number, REASON);
      await clockTo(from);
      await notAgreed();
      await bills().restore(s.bank.number, REASON);
      await notAgreed();
    });

    it('does not count while the helper’s credential has expired', async () => {
      const from = await agreed();
      await bills().renew(s.bank.number, 0, from - 10, REASON);
      await clockTo(from);
      await refused(completes(), bills(), 'ParticipantsNotActive', s.bank.number);
    });

    it('is void once the helper has moved; under its new account it may propose again', async () => {
      const from = await agreed();
      await moves(s, s.bank, other!);
      await clockTo(from);
      await notAgreed();
      await proposes(fresh, other);
      await networkHelpers.time.increase(DELAY);
      await completes();
    });

    it('does not outlive a change of the helper, nor count when the same is named again', async () => {
      await helped();
      await s.supplier.does(s.calls.nameHelper(s.guarantor.number));
      await proposes();
      await operator().proposes();
      await networkHelpers.time.increase(DELAY);
      await notAgreed();
      await s.supplier.does(s.calls.nameHelper(s.bank.number));
      await networkHelpers.time.increase(DELAY);
      await operator().proposes();
      await networkHelpers.time.increase(DELAY);
      await notAgreed();
    });

    it('can be taken back by who made it after all that', async () => {
      await helped();
      await proposes();
      await bills().suspend(s.bank.number, REASON);
      await s.bank.does(s.calls.withdrawRecovery(lost()));
    });
  });

  describe('a naming that does not count yet', () => {
    it('is void when the member is recovered, so that a thief leaves no helper behind', async () => {
      const from = await agreed();
      await exactlyAt(from - 50);
      await s.supplier.does(s.calls.nameHelper(s.guarantor.number));
      await clockTo(from);
      await completes();
      await networkHelpers.time.increase(DELAY);
      expect((await bills().helperOf(lost())).slice(0, 2)).to.deep.equal(
        [s.bank.number, s.bank.number].map(BigInt),
      );
    });
  });

  describe('nobody alone', () => {
    it('proposes for a member that helps nobody, for nobody’s number, or to an account that is not free', async () => {
      await helped();
      await refused(proposes(fresh, s.guarantor), bills(), 'RecoveriesNotHelper', lost(), s.guarantor.number);
      await refused(proposes(fresh, s.bank, 0), bills(), 'ParticipantsUnknownMember', 0);
      await refused(operator().proposes(fresh, 0), bills(), 'ParticipantsUnknownMember', 0);
      const { addresses } = s.deployment;
      for (const account of [ZeroAddress, addresses.bills, addresses.relay!, addresses.timelock!]) {
        const to = { ...fresh!, account };
        await refused(proposes(to), bills(), 'ParticipantsInvalidAccount', account);
        await refused(operator().proposes(to), bills(), 'ParticipantsInvalidAccount', account);
      }
      for (const to of [s.bank, s.supplier, s.guarantor])
        await refused(proposes(to), bills(), 'ParticipantsAccountTaken', to.account);
    });

    it('needs no reason as the operator, nor is the operator without its role', async () => {
      await helped();
      const call = platformCallsOf(s.deployment).proposeRecoveryAsOperator(lost(), fresh!.account, ZeroHash);
      await refused(s.operator.does(call), bills(), 'ParticipantsReasonMissing', lost());
      const real = platformCallsOf(s.deployment).proposeRecoveryAsOperator(lost(), fresh!.account, REASON);
      const withdraw = platformCallsOf(s.deployment).withdrawRecoveryAsOperator(lost());
      for (const by of [s.bank, s.stranger, s.supplier, s.deployer])
        for (const each of [real, withdraw])
          await refused(by.does(each), bills(), 'AccessManagedUnauthorized', by.account);
    });

    it('is helper and operator with one account', async () => {
      await bills().admit(s.operator.account, 3, 0, id('the operator’s firm'));
      const number = Number(await bills().numberOf(s.operator.account));
      await helped(s.supplier, { ...s.operator, number });
      await refused(proposes(fresh, s.operator), bills(), 'RecoveriesBothHalves', s.operator.account);
      await refused(operator().proposes(), bills(), 'RecoveriesBothHalves', s.operator.account);
    });

    it('completes to an account that has become a member’s meanwhile', async () => {
      const from = await agreed();
      await bills().admit(fresh!.account, 2, 0, id('another firm'));
      await clockTo(from);
      await refused(completes(), bills(), 'ParticipantsAccountTaken', fresh!.account);
    });

    it('recovers two members to one account', async () => {
      await helped(s.coreFirm);
      const from = await agreed();
      await proposes(fresh, s.bank, s.coreFirm.number);
      await operator().proposes(fresh, s.coreFirm.number);
      await clockTo(from + 100);
      await completes();
      await refused(completes(fresh, s.coreFirm.number), bills(), 'ParticipantsAccountTaken', fresh!.account);
    });

    it('comes to a member whose standing proposals are years old', async () => {
      const from = await agreed();
      await clockTo(from + dateOf('2029-01-01') - dateOf('2026-01-01'));
      await notAgreed();
      await operator().proposes();
      await networkHelpers.time.increase(DELAY);
      await notAgreed();
      expect(await bills().recoveryWindow(lost())).to.deep.equal([0n, 0n]);
    });
  });

  it('has calls that tests and product write alike', () => {
    const member = callsOf(s.deployment).stopRecovery(7);
    expect(ethers.dataSlice(member.data, 4)).to.equal(ethers.toBeHex(7, 32));
  });
});
