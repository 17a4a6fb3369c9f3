import { expect } from 'chai';
import { ZeroAddress, ZeroHash } from 'ethers';
import { dateOf, DUE, issued, issues, moves, REASON } from '../support/acts.ts';
import type { Actor } from '../support/actors.ts';
import { clockTo, ethers, exactlyAt } from '../support/chain.ts';
import { changesOf } from '../support/neighbours.ts';
import { refused } from '../support/refusals.ts';
import { stage, type Stage } from '../support/stage.ts';

const IDENTITY = ethers.id('identity file');

describe('Participants', () => {
  let s: Stage;
  beforeEach(async () => {
    s = await stage();
  });

  describe('an account that is nobody’s', () => {
    it('is admitted by the operator under the next number', async () => {
      const { bills } = s.contracts;
      const number = (await bills.memberCount()) + 1n;
      await expect(bills.admit(s.stranger.account, 3, 0, IDENTITY))
        .to.emit(bills, 'MemberAdmitted')
        .withArgs(number, s.stranger.account, 3, 0, IDENTITY);
      expect(await bills.member(number)).to.deep.equal([s.stranger.account, 3n, false, false, 0n]);
      expect(await bills.numberOf(s.stranger.account)).to.equal(number);
      expect(await bills.actor(s.stranger.account)).to.deep.equal([number, 3n]);
      expect(await bills.memberCount()).to.equal(number);
    });

    it('is refused wherever a member is asked for', async () => {
      const { bills } = s.contracts;
      expect(await bills.numberOf(s.stranger.account)).to.equal(0);
      await refused(bills.actor(s.stranger.account), bills, 'ParticipantsUnknownAccount', s.stranger.account);
      await refused(bills.accountOf(99), bills, 'ParticipantsUnknownMember', 99);
      await refused(bills.member(0), bills, 'ParticipantsUnknownMember', 0);
      await refused(
        bills.pair(s.stranger.account, s.bank.number),
        bills,
        'ParticipantsUnknownAccount',
        s.stranger.account,
      );
      await refused(bills.pair(s.bank.account, 99), bills, 'ParticipantsUnknownMember', 99);
    });

    it('is not admitted by anybody but the operator', async () => {
      const { bills } = s.contracts;
      for (const actor of [s.stranger, s.bank, s.deployer, s.regulator]) {
        const admit = bills.interface.encodeFunctionData('admit', [s.stranger.account, 1, 0, IDENTITY]);
        await refused(
          actor.does({ target: await bills.getAddress(), data: admit }),
          bills,
          'AccessManagedUnauthorized',
          actor.account,
        );
      }
    });
  });

  describe('an account that cannot be a new member’s', () => {
    it('is refused when it is a member’s already', () =>
      refused(
        s.contracts.bills.admit(s.bank.account, 1, 0, IDENTITY),
        s.contracts.bills,
        'ParticipantsAccountTaken',
        s.bank.account,
      ));

    it('is refused when it is a contract of the platform', async () => {
      const { bills } = s.contracts;
      const { addresses } = s.deployment;
      const { bills: ledger, billsExtension, cash, lines, rulebook, ribbon, accessManager, desk } = addresses;
      const { relay, timelock, orgAccountFactory } = addresses;
      const contracts = [ledger, billsExtension!, cash, lines, rulebook, ribbon, accessManager, desk];
      contracts.push(relay!, timelock!, orgAccountFactory);
      for (const address of contracts) {
        await refused(bills.admit(address, 1, 0, IDENTITY), bills, 'ParticipantsInvalidAccount', address);
      }
    });

    it('is refused when it is nothing', () =>
      refused(
        s.contracts.bills.admit(ZeroAddress, 1, 0, IDENTITY),
        s.contracts.bills,
        'ParticipantsInvalidAccount',
        ZeroAddress,
      ));
  });

  describe('an active member', () => {
    it('is suspended by reasoned order, and nothing else changes', async () => {
      const { bills } = s.contracts;
      const changes = await changesOf(s, () =>
        expect(bills.suspend(s.supplier.number, REASON))
          .to.emit(bills, 'MemberSuspended')
          .withArgs(s.supplier.number, REASON),
      );
      expect(changes).to.deep.equal(['member supplier']);
      await refused(bills.actor(s.supplier.account), bills, 'ParticipantsNotActive', s.supplier.number);
    });

    it('cannot be restored', () =>
      refused(
        s.contracts.bills.restore(s.supplier.number, REASON),
        s.contracts.bills,
        'ParticipantsStatusUnchanged',
        s.supplier.number,
      ));

    it('gives and withdraws its standing acceptance', async () => {
      const { bills } = s.contracts;
      for (const standing of [true, false]) {
        await expect(s.supplier2.does(s.calls.setStanding(standing)))
          .to.emit(bills, 'StandingAcceptanceSet')
          .withArgs(s.supplier2.number, standing, 0, 0, 0, 0);
        expect((await bills.member(s.supplier2.number)).standing).to.equal(standing);
      }
    });

    it('gets other roles when it is renewed, in every answer', async () => {
      const { bills } = s.contracts;
      await expect(bills.renew(s.supplier.number, 3, 0, ZeroHash))
        .to.emit(bills, 'MemberRenewed')
        .withArgs(s.supplier.number, 3, 0, ZeroHash);
      expect((await bills.member(s.supplier.number)).roles).to.equal(3);
      expect((await bills.actor(s.supplier.account)).roles).to.equal(3);
    });
  });

  describe('a suspended member', () => {
    beforeEach(() => s.contracts.bills.suspend(s.coreFirm.number, REASON));

    it('cannot act, and nobody can act with it', async () => {
      const { bills } = s.contracts;
      await refused(issues(s), bills, 'ParticipantsNotActive', s.coreFirm.number);
      await refused(
        issues(s, { by: s.coreFirm2, to: s.coreFirm }),
        bills,
        'ParticipantsNotActive',
        s.coreFirm.number,
      );
      await refused(
        s.coreFirm.does(s.calls.setStanding(true)),
        bills,
        'ParticipantsNotActive',
        s.coreFirm.number,
      );
    });

    it('cannot flee to another account', () =>
      refused(
        s.coreFirm.does(s.calls.moveAccount(s.stranger.account)),
        s.contracts.bills,
        'ParticipantsNotActive',
        s.coreFirm.number,
      ));

    it('cannot be suspended again', () =>
      refused(
        s.contracts.bills.suspend(s.coreFirm.number, REASON),
        s.contracts.bills,
        'ParticipantsStatusUnchanged',
        s.coreFirm.number,
      ));

    it('acts again once it is restored', async () => {
      const { bills } = s.contracts;
      await expect(bills.restore(s.coreFirm.number, REASON))
        .to.emit(bills, 'MemberRestored')
        .withArgs(s.coreFirm.number, REASON);
      await issued(s);
    });
  });

  describe('a credential', () => {
    const expiry = dateOf('2026-03-10');

    it('makes its member inactive from the instant on at which it expires, until it is renewed', async () => {
      const { bills } = s.contracts;
      await bills.renew(s.coreFirm.number, 1, expiry, REASON);
      await issued(s);
      await clockTo(expiry - 1);
      expect((await bills.actor(s.coreFirm.account)).number).to.equal(s.coreFirm.number);
      await clockTo(expiry);
      await refused(issues(s, { serial: 2 }), bills, 'ParticipantsNotActive', s.coreFirm.number);
      await bills.renew(s.coreFirm.number, 1, 0, REASON);
      await issued(s, { serial: 2 });
    });
  });

  describe('a member that moves to another account', () => {
    const accepts = (by: Actor, member: Actor) => by.does(s.calls.acceptAccount(member.number));

    it('keeps number, roles and standing acceptance under the new one alone, once that consents', async () => {
      const { bills } = s.contracts;
      await s.bank.does(s.calls.setStanding(true));
      await expect(s.bank.does(s.calls.moveAccount(s.stranger.account)))
        .to.emit(bills, 'AccountMoveOffered')
        .withArgs(s.bank.number, s.stranger.account);
      expect(await bills.numberOf(s.stranger.account)).to.equal(0);
      await expect(accepts(s.stranger, s.bank))
        .to.emit(bills, 'AccountMoved')
        .withArgs(s.bank.number, s.bank.account, s.stranger.account);
      expect(await bills.member(s.bank.number)).to.deep.equal([s.stranger.account, 4n, false, true, 0n]);
      expect(await bills.actor(s.stranger.account)).to.deep.equal([BigInt(s.bank.number), 4n]);
      expect(await bills.numberOf(s.bank.account)).to.equal(0);
    });

    it('is suspended under the new account too', async () => {
      const { bills } = s.contracts;
      await moves(s, s.bank, s.stranger);
      await bills.suspend(s.bank.number, REASON);
      await refused(bills.actor(s.stranger.account), bills, 'ParticipantsNotActive', s.bank.number);
    });

    it('does not move where it did not offer to, nor twice, nor after it took that back', async () => {
      const { bills } = s.contracts;
      const notOffered = (by: Actor, member: Actor) =>
        refused(accepts(by, member), bills, 'ParticipantsMoveNotOffered', member.number, by.account);
      await notOffered(s.stranger, s.bank);
      await s.bank.does(s.calls.moveAccount(s.stranger.account));
      await notOffered(s.operator, s.bank);
      await notOffered(s.stranger, s.bank2);
      await s.bank.does(s.calls.moveAccount(ZeroAddress));
      await notOffered(s.stranger, s.bank);
      await moves(s, s.bank, s.stranger);
      await moves(s, { ...s.stranger, number: s.bank.number }, s.bank);
      await notOffered(s.stranger, s.bank);
      await refused(s.stranger.does(s.calls.acceptAccount(99)), bills, 'ParticipantsUnknownMember', 99);
    });

    it('does not move while it is suspended, even if it offered to before', async () => {
      const { bills } = s.contracts;
      await s.bank.does(s.calls.moveAccount(s.stranger.account));
      await bills.suspend(s.bank.number, REASON);
      await refused(accepts(s.stranger, s.bank), bills, 'ParticipantsNotActive', s.bank.number);
    });

    it('cannot take a member’s account', async () => {
      const { bills } = s.contracts;
      await s.bank.does(s.calls.moveAccount(s.guarantor.account));
      await refused(accepts(s.guarantor, s.bank), bills, 'ParticipantsAccountTaken', s.guarantor.account);
    });

    it('leaves its old account free for another member', async () => {
      const { bills } = s.contracts;
      await moves(s, s.bank, s.stranger);
      await bills.admit(s.bank.account, 2, 0, IDENTITY);
      expect(await bills.numberOf(s.bank.account)).to.equal(await bills.memberCount());
    });
  });

  describe('roles that only governance gives', () => {
    it('are not given by the operator, with or without others', async () => {
      const { bills } = s.contracts;
      for (const roles of [4, 16, 64, 127, 5, 128, 1 << 15]) {
        await refused(
          bills.admit(s.stranger.account, roles, 0, IDENTITY),
          bills,
          'ParticipantsWrongRoles',
          roles,
        );
        await refused(
          bills.renew(s.supplier.number, roles, 0, REASON),
          bills,
          'ParticipantsWrongRoles',
          roles,
        );
      }
    });

    it('are set apart from the others, which stay, as expiry and suspension do', async () => {
      const { bills } = s.contracts;
      await bills.renew(s.supplier.number, 2, DUE, ZeroHash);
      await bills.suspend(s.supplier.number, REASON);
      await expect(bills.setPrivileges(s.supplier.number, 20))
        .to.emit(bills, 'MemberRenewed')
        .withArgs(s.supplier.number, 22, DUE, ZeroHash);
      expect((await bills.member(s.supplier.number)).slice(1)).to.deep.equal([22n, true, false, BigInt(DUE)]);
      await bills.setPrivileges(s.supplier.number, 0);
      expect((await bills.member(s.supplier.number)).roles).to.equal(2);
      for (const roles of [1, 6, 128])
        await refused(bills.setPrivileges(s.supplier.number, roles), bills, 'ParticipantsWrongRoles', roles);
      await refused(bills.setPrivileges(99, 4), bills, 'ParticipantsUnknownMember', 99);
    });

    it('stay when the operator renews', async () => {
      const { bills } = s.contracts;
      await bills.renew(s.bank.number, 2, DUE, ZeroHash);
      expect((await bills.member(s.bank.number)).slice(1)).to.deep.equal([6n, false, false, BigInt(DUE)]);
    });
  });

  describe('what takes something from a member', () => {
    it('needs a reason', async () => {
      const { bills } = s.contracts;
      const instant = dateOf('2026-03-10');
      const missing = (act: Promise<unknown>) =>
        refused(act, bills, 'ParticipantsReasonMissing', s.supplier.number);
      await missing(bills.suspend(s.supplier.number, ZeroHash));
      await missing(bills.renew(s.supplier.number, 0, 0, ZeroHash));
      await missing(bills.renew(s.supplier.number, 1, 0, ZeroHash));
      await missing(bills.renew(s.supplier.number, 2, 1, ZeroHash));
      await exactlyAt(instant);
      await missing(bills.renew(s.supplier.number, 2, instant, ZeroHash));
      await bills.renew(s.supplier.number, 2, DUE, ZeroHash);
      await bills.renew(s.supplier.number, 0, 1, REASON);
    });

    it('is not lifted by a renewal: a suspension stays', async () => {
      const { bills } = s.contracts;
      await bills.suspend(s.supplier.number, REASON);
      await bills.renew(s.supplier.number, 3, 0, ZeroHash);
      expect((await bills.member(s.supplier.number)).suspended).to.equal(true);
      await refused(bills.actor(s.supplier.account), bills, 'ParticipantsNotActive', s.supplier.number);
    });
  });
});
