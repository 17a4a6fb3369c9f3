import { expect } from 'chai';
import { id, ZeroHash, type BaseContract } from 'ethers';
import { contractsOf, type Contracts } from '#chain/contracts.ts';
import { deploy } from '#chain/deploy.ts';
import { ACCESS_ROLES, GOVERNANCE_DELAY } from '#chain/governance.ts';
import type { Deployment } from '#chain/deployment.ts';
import type { Actor } from '../support/actors.ts';
import { pieceOf, REASON, seen, taken } from '../support/acts.ts';
import { clockTo, ethers, networkHelpers } from '../support/chain.ts';
import { changesOf } from '../support/neighbours.ts';
import { codeFrom, refused } from '../support/refusals.ts';
import { stage, type Stage } from '../support/stage.ts';

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
      for (const role of Object.values(ACCESS_ROLES)) {
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

    it('cannot touch a parcel, a bill’s money or anybody’s deposits', async () => {
      const { cash } = s.contracts;
      const { root, bill, backing } = await taken(s);
      await s.supplier.does(s.calls.offer(root, 10_00n, s.supplier2.number, 0));
      await s.coreFirm.does(s.calls.fund(bill, 50_00n));
      const part = pieceOf(root, 100_00n, 10_00n);
      const offered = await seen(s, part);
      const { calls, operator, deployment } = s;
      const erc20 = (name: 'transfer' | 'transferFrom', ...args: unknown[]) => ({
        target: deployment.addresses.cash,
        data: cash.interface.encodeFunctionData(name as 'transfer', args as [string, bigint]),
      });
      const changes = await changesOf(s, async () => {
        for (const call of [
          calls.take(part, offered),
          calls.refuse(part, offered),
          calls.withdraw(part, offered),
          calls.expire(part, offered),
          calls.payFor(bill, 1n),
          calls.acceptAccount(s.supplier.number),
          calls.offer(root, 1n, s.bank.number, 0),
          calls.refuseIssue(bill, backing),
          calls.withdrawIssue(bill, backing),
          calls.expireIssue(bill, backing),
          calls.fund(bill, 1n),
          calls.distribute(bill, [0n]),
          calls.deposit(s.coreFirm.number, 1n, id('x')),
          calls.requestRedemption(s.settlementBank.number, 1n),
          calls.confirmRedemption(1n, id('x')),
          calls.refuseRedemption(1n, id('x')),
          calls.allowDesk(),
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

    it('gains nothing by making itself a member, and makes none of the ledger or the desk', async () => {
      const { bills } = s.contracts;
      const { root } = await taken(s);
      for (const account of [s.deployment.addresses.bills, s.deployment.addresses.desk]) {
        await refused(bills.admit(account, 1, 0, ZeroHash), bills, 'ParticipantsInvalidAccount', account);
      }
      await bills.admit(s.operator.account, 3, 0, ZeroHash);
      await expect(s.operator.does(s.calls.offer(root, 1n, s.bank.number, 0))).to.be.revertedWithCustomError(
        bills,
        'BillsNotHolder',
      );
    });
  });
});

describe('the network in three hands', () => {
  const LATER = GOVERNANCE_DELAY + 1;
  let s: Stage;
  let world: Contracts;
  let deployment: Deployment;
  const hand = (name: 'coreFirm' | 'coreFirm2' | 'supplier' | 'guarantor') => s[name];
  const fixture = async () => {
    const base = await stage();
    const deployer = await ethers.getSigner(base.regulator.account);
    const made = await deploy(deployer, {
      operator: base.coreFirm.account,
      admin: base.coreFirm2.account,
      desks: base.supplier.account,
      guardian: base.guarantor.account,
      privilegesDelay: GOVERNANCE_DELAY,
    });
    return { base, made };
  };
  beforeEach(async () => {
    const { base, made } = await networkHelpers.loadFixture(fixture);
    [s, deployment] = [base, made];
    world = contractsOf(deployment, await ethers.getSigner(s.stranger.account));
  });
  const sends = (by: Actor, target: string, contract: BaseContract, name: string, ...args: unknown[]) =>
    by.does({ target, data: contract.interface.encodeFunctionData(name, args) });
  const onBills = (by: Actor, name: string, ...args: unknown[]) =>
    sends(by, deployment.addresses.bills, world.bills, name, ...args);
  const onManager = (by: Actor, name: string, ...args: unknown[]) =>
    sends(by, deployment.addresses.accessManager, world.accessManager, name, ...args);
  const onTimelock = (by: Actor, name: string, ...args: unknown[]) =>
    sends(by, deployment.addresses.timelock, world.timelock, name, ...args);
  const [operator, admin, desks, guardian] = [
    () => hand('coreFirm'),
    () => hand('coreFirm2'),
    () => hand('supplier'),
    () => hand('guarantor'),
  ];

  it('gives each role to one hand, ADMIN to the timelock, which may enrol an operator too, and leaves the deployer nothing', async () => {
    const { accessManager, timelock } = world;
    const { timelock: lock } = deployment.addresses;
    const holders: [bigint, string[]][] = [
      [ACCESS_ROLES.admin, [lock]],
      [ACCESS_ROLES.operator, [operator().account]],
      [ACCESS_ROLES.desks, [desks().account]],
      [ACCESS_ROLES.privileges, [desks().account]],
      [ACCESS_ROLES.guardian, [guardian().account]],
      [ACCESS_ROLES.enrolment, [operator().account, lock]],
    ];
    const all = [...Object.values(deployment.addresses), ...s.members.map(({ account }) => account)];
    for (const [role, held] of holders) {
      for (const account of all as string[]) {
        const { isMember } = await accessManager.hasRole(role, account);
        expect(isMember, `${role} ${account}`).to.equal(held.includes(account));
      }
    }
    for (const role of [ZeroHash, id('PROPOSER_ROLE'), id('EXECUTOR_ROLE'), id('CANCELLER_ROLE')]) {
      expect(await timelock.hasRole(role, s.regulator.account)).to.equal(false);
      expect(await timelock.hasRole(role, operator().account)).to.equal(false);
    }
    expect(await timelock.getMinDelay()).to.equal(GOVERNANCE_DELAY);
  });

  it('gives a stolen operator key members without privileges, their order, and rule packs: nothing else', async () => {
    const { rulebook, cash } = world;
    const thief = operator();
    await onBills(thief, 'admit', s.stranger.account, 3, 0, ZeroHash);
    await onBills(thief, 'suspend', 1, id('x'));
    await onBills(thief, 'restore', 1, id('x'));
    await onBills(thief, 'renew', 1, 3, 0, ZeroHash);
    const { addresses } = deployment;
    await sends(thief, addresses.rulebook, rulebook, 'publish', 1, 2 ** 40 - 1, 6, 360, 9, ZeroHash);
    await sends(thief, addresses.rulebook, rulebook, 'withdraw', 2);
    for (const act of [
      onBills(thief, 'setPrivileges', 1, 64),
      onBills(thief, 'admitDesk', s.stranger.account),
      onBills(thief, 'dismissDesk', addresses.desk),
      onBills(thief, 'setAuthority', s.stranger.account),
      sends(thief, addresses.cash, cash, 'setCap', 1, 1),
    ]) {
      await expect(act).to.be.revert(ethers);
    }
    for (const [name, ...args] of [
      ['grantRole', ACCESS_ROLES.enrolment, s.stranger.account, 0],
      ['revokeRole', ACCESS_ROLES.enrolment, thief.account],
      ['setRoleAdmin', ACCESS_ROLES.operator, ACCESS_ROLES.operator],
      ['setTargetClosed', addresses.bills, true],
      ['updateAuthority', addresses.bills, s.stranger.account],
      ['setTargetFunctionRole', addresses.bills, ['0x00000000'], 1],
    ] as [string, ...unknown[]][]) {
      await expect(onManager(thief, name, ...args), name).to.be.revert(ethers);
    }
  });

  it('lets the operator’s key make another the operator, at once, and then it is worth nothing', async () => {
    const { accessManager } = world;
    const [key, people] = [operator(), s.bank];
    const data = (name: 'grantRole' | 'revokeRole' | 'renounceRole', ...args: unknown[]) =>
      accessManager.interface.encodeFunctionData(name as 'grantRole', args as [bigint, string, bigint]);
    const { operator: OPERATOR, enrolment: ENROLMENT } = ACCESS_ROLES;
    await onManager(key, 'multicall', [
      data('grantRole', OPERATOR, people.account, 0),
      data('revokeRole', OPERATOR, key.account),
      data('renounceRole', ENROLMENT, key.account),
    ]);
    await onBills(people, 'admit', s.stranger.account, 3, 0, ZeroHash);
    for (const act of [
      onBills(key, 'admit', s.supplier2.account, 3, 0, ZeroHash),
      onManager(key, 'grantRole', OPERATOR, key.account, 0),
      onManager(key, 'revokeRole', OPERATOR, people.account),
      onManager(key, 'grantRole', ENROLMENT, key.account, 0),
      onManager(people, 'grantRole', OPERATOR, key.account, 0),
      onManager(people, 'grantRole', ENROLMENT, key.account, 0),
    ])
      await expect(act).to.be.revert(ethers);
  });

  it('lets nobody renounce a role but that of enrolling', async () => {
    const { enrolment: ENROLMENT, ...others } = ACCESS_ROLES;
    await refused(
      onManager(operator(), 'renounceRole', ENROLMENT, desks().account),
      world.accessManager,
      'AccessManagerBadConfirmation',
    );
    for (const by of [operator(), desks(), guardian()]) {
      for (const role of Object.values(others)) {
        await refused(
          onManager(by, 'renounceRole', role, by.account),
          world.accessManager,
          'GovernanceRenouncing',
          role,
        );
      }
    }
  });

  it('changes privileges, caps and desks only after the announced time', async () => {
    await onBills(operator(), 'admit', s.stranger.account, 2, 0, ZeroHash);
    const { addresses } = deployment;
    const acts: [string, BaseContract, string, unknown[]][] = [
      [addresses.bills, world.bills, 'setPrivileges', [1, 64]],
      [addresses.cash, world.cash, 'setCap', [1, 5]],
      [addresses.bills, world.bills, 'admitDesk', [s.bank.account]],
      [addresses.bills, world.bills, 'dismissDesk', [addresses.desk]],
    ];
    for (const [target, contract, name, args] of acts) {
      await expect(sends(desks(), target, contract, name, ...args), name).to.be.revert(ethers);
      const data = contract.interface.encodeFunctionData(name, args);
      await onManager(desks(), 'schedule', target, data, 0);
      await expect(sends(desks(), target, contract, name, ...args), name).to.be.revert(ethers);
      await networkHelpers.time.increase(LATER);
      await sends(desks(), target, contract, name, ...args);
    }
    expect((await world.bills.member(1)).roles).to.equal(66);
  });

  it('lets the guardian stop what was announced, by either way', async () => {
    await onBills(operator(), 'admit', s.stranger.account, 2, 0, ZeroHash);
    const { addresses } = deployment;
    const data = world.bills.interface.encodeFunctionData('setPrivileges', [1, 64]);
    await onManager(desks(), 'schedule', addresses.bills, data, 0);
    const cancel = ['cancel', desks().account, addresses.bills, data] as const;
    await expect(onManager(operator(), ...cancel)).to.be.revert(ethers);
    await onManager(guardian(), ...cancel);
    await networkHelpers.time.increase(LATER);
    await expect(onBills(desks(), 'setPrivileges', 1, 64)).to.be.revert(ethers);

    const grant = world.accessManager.interface.encodeFunctionData('grantRole', [
      ACCESS_ROLES.operator,
      s.bank.account,
      0,
    ]);
    const operation = [addresses.accessManager, 0, grant, ZeroHash, ZeroHash] as const;
    await expect(onTimelock(operator(), 'schedule', ...operation, GOVERNANCE_DELAY)).to.be.revert(ethers);
    await expect(onTimelock(admin(), 'schedule', ...operation, GOVERNANCE_DELAY - 1)).to.be.revert(ethers);
    await onTimelock(admin(), 'schedule', ...operation, GOVERNANCE_DELAY);
    const operationId = await world.timelock.hashOperation(...operation);
    await expect(onTimelock(operator(), 'cancel', operationId)).to.be.revert(ethers);
    await onTimelock(guardian(), 'cancel', operationId);
    await networkHelpers.time.increase(LATER);
    await expect(onTimelock(admin(), 'execute', ...operation)).to.be.revert(ethers);

    await onTimelock(admin(), 'schedule', ...operation, GOVERNANCE_DELAY);
    await expect(onTimelock(admin(), 'execute', ...operation)).to.be.revert(ethers);
    await networkHelpers.time.increase(LATER);
    await onTimelock(admin(), 'execute', ...operation);
    await onBills(s.bank, 'suspend', 1, id('x'));
  });
});
