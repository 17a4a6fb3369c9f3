import { expect } from 'chai';
import { ZeroAddress } from 'ethers';
import { dateOf, issued, issues } from '../support/acts.ts';
import { clockTo, ethers } from '../support/chain.ts';
import { changesOf } from '../support/neighbours.ts';
import { refused } from '../support/refusals.ts';
import { stage, type Stage } from '../support/stage.ts';

const IDENTITY = ethers.id('identity file');
const REASON = ethers.id('reasoned order');

describe('Participants', () => {
  let s: Stage;
  beforeEach(async () => {
    s = await stage();
  });

  describe('an account that is nobody’s', () => {
    it('is admitted by the operator under the next number', async () => {
      const { participants } = s.contracts;
      const number = (await participants.memberCount()) + 1n;
      await expect(participants.admit(s.stranger.account, 5, 0, IDENTITY))
        .to.emit(participants, 'MemberAdmitted')
        .withArgs(number, s.stranger.account, 5, 0, IDENTITY);
      expect(await participants.member(number)).to.deep.equal([s.stranger.account, 5n, false, false, 0n]);
      expect(await participants.numberOf(s.stranger.account)).to.equal(number);
      expect(await participants.actor(s.stranger.account)).to.deep.equal([number, 5n]);
      expect(await participants.memberCount()).to.equal(number);
    });

    it('is refused wherever a member is asked for', async () => {
      const { participants } = s.contracts;
      expect(await participants.numberOf(s.stranger.account)).to.equal(0);
      await refused(
        participants.actor(s.stranger.account),
        participants,
        'ParticipantsUnknownAccount',
        s.stranger.account,
      );
      await refused(participants.accountOf(99), participants, 'ParticipantsUnknownMember', 99);
      await refused(participants.member(0), participants, 'ParticipantsUnknownMember', 0);
      await refused(
        participants.pair(s.stranger.account, s.bank.number),
        participants,
        'ParticipantsUnknownAccount',
        s.stranger.account,
      );
      await refused(participants.pair(s.bank.account, 99), participants, 'ParticipantsUnknownMember', 99);
    });

    it('is not admitted by anybody but the operator', async () => {
      const { participants } = s.contracts;
      for (const actor of [s.stranger, s.bank, s.deployer, s.regulator]) {
        const admit = participants.interface.encodeFunctionData('admit', [
          s.stranger.account,
          1,
          0,
          IDENTITY,
        ]);
        await refused(
          actor.does({ target: await participants.getAddress(), data: admit }),
          participants,
          'AccessManagedUnauthorized',
          actor.account,
        );
      }
    });
  });

  describe('an account that cannot be a new member’s', () => {
    it('is refused when it is a member’s already', () =>
      refused(
        s.contracts.participants.admit(s.bank.account, 1, 0, IDENTITY),
        s.contracts.participants,
        'ParticipantsAccountTaken',
        s.bank.account,
      ));

    it('is refused when it is nothing', () =>
      refused(
        s.contracts.participants.admit(ZeroAddress, 1, 0, IDENTITY),
        s.contracts.participants,
        'ParticipantsInvalidAccount',
        ZeroAddress,
      ));
  });

  describe('an active member', () => {
    it('is suspended by reasoned order, and nothing else changes', async () => {
      const { participants } = s.contracts;
      const changes = await changesOf(s, () =>
        expect(participants.suspend(s.supplier.number, REASON))
          .to.emit(participants, 'MemberSuspended')
          .withArgs(s.supplier.number, REASON),
      );
      expect(changes).to.deep.equal(['member supplier']);
      await refused(
        participants.actor(s.supplier.account),
        participants,
        'ParticipantsNotActive',
        s.supplier.number,
      );
    });

    it('cannot be restored', () =>
      refused(
        s.contracts.participants.restore(s.supplier.number, REASON),
        s.contracts.participants,
        'ParticipantsStatusUnchanged',
        s.supplier.number,
      ));

    it('gives and withdraws its standing acceptance', async () => {
      const { participants } = s.contracts;
      for (const standing of [true, false]) {
        await expect(s.supplier2.does(s.calls.setStanding(standing)))
          .to.emit(participants, 'StandingAcceptanceSet')
          .withArgs(s.supplier2.number, standing);
        expect((await participants.member(s.supplier2.number)).standing).to.equal(standing);
      }
    });

    it('gets other roles when it is renewed, in every answer', async () => {
      const { participants } = s.contracts;
      await expect(participants.renew(s.supplier.number, 6, 0))
        .to.emit(participants, 'MemberRenewed')
        .withArgs(s.supplier.number, 6, 0);
      expect((await participants.member(s.supplier.number)).roles).to.equal(6);
      expect((await participants.actor(s.supplier.account)).roles).to.equal(6);
    });
  });

  describe('a suspended member', () => {
    beforeEach(() => s.contracts.participants.suspend(s.coreFirm.number, REASON));

    it('cannot act, and nobody can act with it', async () => {
      const { participants } = s.contracts;
      await refused(issues(s), participants, 'ParticipantsNotActive', s.coreFirm.number);
      await refused(
        issues(s, { by: s.coreFirm2, to: s.coreFirm }),
        participants,
        'ParticipantsNotActive',
        s.coreFirm.number,
      );
      await refused(
        s.coreFirm.does(s.calls.setStanding(true)),
        participants,
        'ParticipantsNotActive',
        s.coreFirm.number,
      );
    });

    it('cannot flee to another account', () =>
      refused(
        moves(s, s.coreFirm, s.stranger.account),
        s.contracts.participants,
        'ParticipantsNotActive',
        s.coreFirm.number,
      ));

    it('cannot be suspended again', () =>
      refused(
        s.contracts.participants.suspend(s.coreFirm.number, REASON),
        s.contracts.participants,
        'ParticipantsStatusUnchanged',
        s.coreFirm.number,
      ));

    it('acts again once it is restored', async () => {
      const { participants } = s.contracts;
      await expect(participants.restore(s.coreFirm.number, REASON))
        .to.emit(participants, 'MemberRestored')
        .withArgs(s.coreFirm.number, REASON);
      await issued(s);
    });
  });

  describe('a credential', () => {
    const expiry = dateOf('2026-03-10');

    it('makes its member inactive from the instant on at which it expires, until it is renewed', async () => {
      const { participants } = s.contracts;
      await participants.renew(s.coreFirm.number, 1, expiry);
      await issued(s);
      await clockTo(expiry - 1);
      expect((await participants.actor(s.coreFirm.account)).number).to.equal(s.coreFirm.number);
      await clockTo(expiry);
      await refused(issues(s, { serial: 2 }), participants, 'ParticipantsNotActive', s.coreFirm.number);
      await participants.renew(s.coreFirm.number, 1, 0);
      await issued(s, { serial: 2 });
    });
  });

  describe('a member that moves to another account', () => {
    it('keeps number, roles and standing acceptance under the new one alone', async () => {
      const { participants } = s.contracts;
      await s.bank.does(s.calls.setStanding(true));
      await expect(moves(s, s.bank, s.stranger.account))
        .to.emit(participants, 'AccountMoved')
        .withArgs(s.bank.number, s.bank.account, s.stranger.account);
      expect(await participants.member(s.bank.number)).to.deep.equal([
        s.stranger.account,
        4n,
        false,
        true,
        0n,
      ]);
      expect(await participants.actor(s.stranger.account)).to.deep.equal([BigInt(s.bank.number), 4n]);
      expect(await participants.numberOf(s.bank.account)).to.equal(0);
    });

    it('is suspended under the new account too', async () => {
      const { participants } = s.contracts;
      await moves(s, s.bank, s.stranger.account);
      await participants.suspend(s.bank.number, REASON);
      await refused(
        participants.actor(s.stranger.account),
        participants,
        'ParticipantsNotActive',
        s.bank.number,
      );
    });

    it('cannot take a member’s account, or none', async () => {
      const { participants } = s.contracts;
      await refused(
        moves(s, s.bank, s.bank2.account),
        participants,
        'ParticipantsAccountTaken',
        s.bank2.account,
      );
      await refused(moves(s, s.bank, ZeroAddress), participants, 'ParticipantsInvalidAccount', ZeroAddress);
    });

    it('leaves its old account free for another member', async () => {
      const { participants } = s.contracts;
      await moves(s, s.bank, s.stranger.account);
      await participants.admit(s.bank.account, 2, 0, IDENTITY);
      expect(await participants.numberOf(s.bank.account)).to.equal(await participants.memberCount());
    });
  });
});

function moves(s: Stage, member: Stage['bank'], to: string) {
  const { participants } = s.contracts;
  const data = participants.interface.encodeFunctionData('moveAccount', [to]);
  return member.does({ target: s.deployment.addresses.participants, data });
}
