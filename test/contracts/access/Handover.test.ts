import { expect } from 'chai';
import { id, ZeroHash } from 'ethers';
import { ACCESS_ROLES, GOVERNANCE_DELAY } from '#chain/deploy.ts';
import type { Actor } from '../support/actors.ts';
import { pieceOf, REASON, taken } from '../support/acts.ts';
import { clockTo, networkHelpers } from '../support/chain.ts';
import { changesOf } from '../support/neighbours.ts';
import { codeFrom, refused } from '../support/refusals.ts';
import { OPENING_CASH, stage, type Stage } from '../support/stage.ts';

const ADMIN = 0n;

describe('the network as it is handed over', () => {
  let s: Stage;
  beforeEach(async () => {
    s = await stage();
  });
  /** A call to the access manager or through it. */
  const manages = (by: Actor, name: string, ...args: unknown[]) =>
    by.does({
      target: s.deployment.addresses.accessManager,
      data: s.contracts.accessManager.interface.encodeFunctionData(
        name as 'execute',
        args as [string, string],
      ),
    });
  const admitsDesk = (desk: string) => s.contracts.bills.interface.encodeFunctionData('admitDesk', [desk]);

  describe('the deployer', () => {
    it('keeps no role', async () => {
      for (const role of [ADMIN, ACCESS_ROLES.operator, ACCESS_ROLES.desks]) {
        expect((await s.contracts.accessManager.hasRole(role, s.deployer.account)).isMember).to.equal(false);
      }
    });

    it('can do nothing any more', async () => {
      const { accessManager, rulebook, bills } = s.contracts;
      const { addresses } = s.deployment;
      const calls: [string, string][] = [
        [addresses.bills, bills.interface.encodeFunctionData('admit', [s.deployer.account, 1, 0, ZeroHash])],
        [addresses.bills, bills.interface.encodeFunctionData('suspend', [1, ZeroHash])],
        [
          addresses.rulebook,
          rulebook.interface.encodeFunctionData('publish', [1, 2 ** 40 - 1, 6, 360, 9, ZeroHash]),
        ],
        [addresses.bills, admitsDesk(s.deployer.account)],
      ];
      for (const [target, data] of calls) {
        await refused(
          s.deployer.does({ target, data }),
          bills,
          'AccessManagedUnauthorized',
          s.deployer.account,
        );
        await expect(manages(s.deployer, 'schedule', target, data, 0)).to.be.revertedWithCustomError(
          accessManager,
          'AccessManagerUnauthorizedCall',
        );
      }
      await expect(
        manages(s.deployer, 'grantRole', ADMIN, s.deployer.account, 0),
      ).to.be.revertedWithCustomError(accessManager, 'AccessManagerUnauthorizedAccount');
      expect(await bills.isDesk(s.deployer.account)).to.equal(false);
    });
  });

  describe('the operator', () => {
    it('admits, suspends, restores, renews and publishes at once', async () => {
      const { bills, rulebook } = s.contracts;
      await bills.admit(s.stranger.account, 1, 0, ZeroHash);
      await bills.suspend(1, REASON);
      await bills.restore(1, ZeroHash);
      await bills.renew(1, 3, 0, REASON);
      await rulebook.publish(1, 2 ** 40 - 1, 6, 360, 9, ZeroHash);
    });

    it('admits and dismisses desks only after the announced time', async () => {
      const { bills, accessManager } = s.contracts;
      const { addresses } = s.deployment;
      const dismisses = bills.interface.encodeFunctionData('dismissDesk', [addresses.desk]);
      for (const [data, desk, event, isDesk] of [
        [admitsDesk(s.stranger.account), s.stranger.account, 'DeskAdmitted', true],
        [dismisses, addresses.desk, 'DeskDismissed', false],
      ] as const) {
        await expect(s.operator.does({ target: addresses.bills, data })).to.be.revertedWithCustomError(
          accessManager,
          'AccessManagerNotScheduled',
        );
        await manages(s.operator, 'schedule', addresses.bills, data, 0);
        const announced = await networkHelpers.time.latest();
        await expect(s.operator.does({ target: addresses.bills, data })).to.be.revertedWithCustomError(
          accessManager,
          'AccessManagerNotReady',
        );
        expect(await bills.isDesk(desk)).to.equal(!isDesk);
        await clockTo(announced + GOVERNANCE_DELAY);
        await expect(s.operator.does({ target: addresses.bills, data }))
          .to.emit(bills, event)
          .withArgs(desk);
        expect(await bills.isDesk(desk)).to.equal(isDesk);
      }
    });

    it('changes roles and targets only after the announced time', async () => {
      const { accessManager, bills } = s.contracts;
      const { addresses } = s.deployment;
      const selector = bills.interface.getFunction('admitDesk').selector;
      const acts: [string, ...unknown[]][] = [
        ['grantRole', ACCESS_ROLES.desks, s.operator.account, 0],
        ['grantRole', ADMIN, s.operator.account, 0],
        ['grantRole', ACCESS_ROLES.operator, s.stranger.account, 0],
        ['setTargetFunctionRole', addresses.bills, [selector], ACCESS_ROLES.operator],
        ['setTargetClosed', addresses.bills, true],
        ['updateAuthority', addresses.bills, s.operator.account],
        ['setRoleAdmin', ACCESS_ROLES.desks, ACCESS_ROLES.operator],
        ['setGrantDelay', ACCESS_ROLES.desks, 0],
        ['setTargetAdminDelay', addresses.bills, 0],
      ];
      for (const [name, ...args] of acts) {
        await expect(manages(s.operator, name, ...args), name).to.be.revertedWithCustomError(
          accessManager,
          'AccessManagerNotScheduled',
        );
      }
    });

    it('can make a successor after that time', async () => {
      const { accessManager, bills } = s.contracts;
      const data = accessManager.interface.encodeFunctionData('grantRole', [
        ACCESS_ROLES.operator,
        s.stranger.account,
        0,
      ]);
      const { accessManager: manager } = s.deployment.addresses;
      await manages(s.operator, 'schedule', manager, data, 0);
      await networkHelpers.time.increase(GOVERNANCE_DELAY + 1);
      await s.operator.does({ target: manager, data });
      const suspend = bills.interface.encodeFunctionData('suspend', [1, ZeroHash]);
      await s.stranger.does({ target: s.deployment.addresses.bills, data: suspend });
    });

    it('cannot touch a parcel, a bill’s money or anybody’s deposits', async () => {
      const { cash } = s.contracts;
      const { root, bill, backing } = await taken(s);
      await s.supplier.does(s.calls.offer(root, 10_00n, s.supplier2.number, 0));
      await s.coreFirm.does(s.calls.fund(bill, 50_00n));
      const part = pieceOf(root, 100_00n, 10_00n);
      const { calls, operator, deployment } = s;
      const erc20 = (name: 'transfer' | 'transferFrom', ...args: unknown[]) => ({
        target: deployment.addresses.cash,
        data: cash.interface.encodeFunctionData(name as 'transfer', args as [string, bigint]),
      });
      const changes = await changesOf(s, async () => {
        for (const call of [
          calls.take(part),
          calls.refuse(part),
          calls.withdraw(part),
          calls.expire(part),
          calls.offer(root, 1n, s.bank.number, 0),
          calls.refuseIssue(bill, backing),
          calls.withdrawIssue(bill, backing),
          calls.expireIssue(bill, backing),
          calls.fund(bill, 1n),
          calls.distribute(bill, [0n]),
          calls.deposit(s.coreFirm.number, 1n, id('x')),
          calls.redeem(s.settlementBank.number, 1n, id('x')),
          calls.setLine(s.coreFirm.number, 1n, 0),
          calls.setStanding(true),
          erc20('transferFrom', s.bank.account, s.supplier.account, 1n),
          erc20('transferFrom', deployment.addresses.bills, s.supplier.account, 1n),
          erc20('transfer', s.supplier.account, 0n),
        ]) {
          expect(await codeFrom(operator.does(call)), call.data.slice(0, 10)).not.to.equal('INTERNAL');
        }
      });
      expect(changes).to.deep.equal([]);
    });

    it('gains nothing by making itself, the ledger or the desk a member', async () => {
      const { bills, cash } = s.contracts;
      const { bill, root } = await taken(s);
      await s.coreFirm.does(s.calls.fund(bill, 50_00n));
      const { bills: ledger, desk } = s.deployment.addresses;
      for (const account of [s.operator.account, ledger, desk]) await bills.admit(account, 127, 0, ZeroHash);
      const number = await bills.numberOf(ledger);
      await refused(
        s.settlementBank.does(s.calls.deposit(Number(number), 5n, id('x'))),
        cash,
        'DepositTokenNotMember',
        ledger,
      );
      await expect(s.operator.does(s.calls.offer(root, 1n, s.bank.number, 0))).to.be.revertedWithCustomError(
        s.contracts.bills,
        'BillsNotHolder',
      );
      expect(await cash.balanceOf(ledger)).to.equal(50_00n);
      expect(await cash.balanceOf(s.bank.account)).to.equal(OPENING_CASH);
    });
  });
});
