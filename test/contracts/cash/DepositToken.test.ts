import { expect } from 'chai';
import { REASON } from '../support/acts.ts';
import { ZeroHash } from 'ethers';
import { currencyNumber, exponentOf } from '#domain/money.ts';
import type { Actor } from '../support/actors.ts';
import { ethers } from '../support/chain.ts';
import { changesOf } from '../support/neighbours.ts';
import { refused } from '../support/refusals.ts';
import { OPENING_CASH, stage, type Stage } from '../support/stage.ts';

describe('DepositToken', () => {
  const BOOKING = ethers.id('booking');
  let s: Stage;
  beforeEach(async () => {
    s = await stage();
  });
  const transfers = (by: Actor, to: string, amount: bigint) =>
    by.does({
      target: s.deployment.addresses.cash,
      data: s.contracts.cash.interface.encodeFunctionData('transfer', [to, amount]),
    });
  const moves = (by: Actor, to: string) =>
    by.does({
      target: s.deployment.addresses.bills,
      data: s.contracts.bills.interface.encodeFunctionData('moveAccount', [to]),
    });
  const balance = (account: string) => s.contracts.cash.balanceOf(account);

  it('is of one currency, in its minor units', async () => {
    const { cash } = s.contracts;
    expect(await cash.currency()).to.equal(currencyNumber('CNY'));
    expect(await cash.decimals()).to.equal(exponentOf('CNY'));
  });

  describe('deposits', () => {
    it('are issued by a settlement bank to a member', async () => {
      const { cash } = s.contracts;
      const changes = await changesOf(s, () =>
        expect(s.settlementBank.does(s.calls.deposit(s.supplier.number, 7n, BOOKING)))
          .to.emit(cash, 'Deposited')
          .withArgs(s.settlementBank.number, s.supplier.number, 7n, BOOKING),
      );
      expect(changes).to.deep.equal(['cash of supplier']);
      expect(await balance(s.supplier.account)).to.equal(OPENING_CASH + 7n);
    });

    it('reach a suspended member too', async () => {
      await s.contracts.bills.suspend(s.supplier.number, REASON);
      await s.settlementBank.does(s.calls.deposit(s.supplier.number, 7n, BOOKING));
      expect(await balance(s.supplier.account)).to.equal(OPENING_CASH + 7n);
    });

    it('are issued by nobody else, and to nobody else', async () => {
      const { cash, bills } = s.contracts;
      for (const by of [s.bank, s.coreFirm, s.supplier]) {
        await refused(
          by.does(s.calls.deposit(s.supplier.number, 7n, BOOKING)),
          cash,
          'DepositTokenNotSettlementBank',
          by.number,
        );
      }
      await refused(
        s.operator.does(s.calls.deposit(s.supplier.number, 7n, BOOKING)),
        bills,
        'ParticipantsUnknownAccount',
        s.operator.account,
      );
      await refused(
        s.settlementBank.does(s.calls.deposit(99, 7n, BOOKING)),
        bills,
        'ParticipantsUnknownMember',
        99,
      );
    });

    it('are given back to be paid out by a settlement bank', async () => {
      const { cash } = s.contracts;
      const changes = await changesOf(s, () =>
        expect(s.supplier2.does(s.calls.redeem(s.settlementBank.number, 40n, BOOKING)))
          .to.emit(cash, 'Redeemed')
          .withArgs(s.settlementBank.number, s.supplier2.number, 40n, BOOKING),
      );
      expect(changes).to.deep.equal(['cash of supplier2']);
      await refused(
        s.supplier2.does(s.calls.redeem(s.bank.number, 40n, BOOKING)),
        cash,
        'DepositTokenNotSettlementBank',
        s.bank.number,
      );
      await refused(
        s.supplier2.does(s.calls.redeem(s.settlementBank.number, OPENING_CASH, BOOKING)),
        cash,
        'ERC20InsufficientBalance',
        s.supplier2.account,
        OPENING_CASH - 40n,
        OPENING_CASH,
      );
    });
  });

  describe('transfers', () => {
    it('go from member to member', async () => {
      const changes = await changesOf(s, () => transfers(s.supplier2, s.guarantor.account, 5n));
      expect(changes).to.deep.equal(['cash of guarantor', 'cash of supplier2']);
    });

    it('never leave the members', async () => {
      const { cash } = s.contracts;
      for (const to of [s.stranger.account, s.operator.account, s.deployment.addresses.desk]) {
        await refused(transfers(s.supplier, to, 5n), cash, 'DepositTokenNotMember', to);
      }
    });

    it('never come to the ledger of bills but for a bill', async () => {
      const { cash } = s.contracts;
      const { bills } = s.deployment.addresses;
      await refused(transfers(s.supplier, bills, 5n), cash, 'DepositTokenNotMember', bills);
      await s.supplier.does({
        target: s.deployment.addresses.cash,
        data: cash.interface.encodeFunctionData('approve', [s.supplier2.account, 5n]),
      });
      const data = cash.interface.encodeFunctionData('transferFrom', [s.supplier.account, bills, 5n]);
      await refused(
        s.supplier2.does({ target: s.deployment.addresses.cash, data }),
        cash,
        'DepositTokenNotMember',
        bills,
      );
    });

    it('rest while the member is suspended, by whatever hand', async () => {
      const { bills, cash } = s.contracts;
      await s.supplier.does({
        target: s.deployment.addresses.cash,
        data: cash.interface.encodeFunctionData('approve', [s.supplier2.account, 5n]),
      });
      await bills.suspend(s.supplier.number, REASON);
      await refused(
        transfers(s.supplier, s.guarantor.account, 5n),
        bills,
        'ParticipantsNotActive',
        s.supplier.number,
      );
      const data = cash.interface.encodeFunctionData('transferFrom', [
        s.supplier.account,
        s.guarantor.account,
        5n,
      ]);
      await refused(
        s.supplier2.does({ target: s.deployment.addresses.cash, data }),
        bills,
        'ParticipantsNotActive',
        s.supplier.number,
      );
      await transfers(s.supplier2, s.supplier.account, 5n);
    });
  });

  describe('a member that moves to another account', () => {
    it('finds what it left behind when it moves back', async () => {
      const { bills } = s.contracts;
      await moves(s.supplier, s.stranger.account);
      await refused(
        transfers(s.supplier, s.stranger.account, OPENING_CASH),
        bills,
        'ParticipantsUnknownAccount',
        s.supplier.account,
      );
      await moves(s.stranger, s.supplier.account);
      await transfers(s.supplier, s.guarantor.account, OPENING_CASH);
    });

    it('leaves nothing to be sent by an account that holds nothing', async () => {
      await refused(
        transfers(s.operator, s.guarantor.account, 0n),
        s.contracts.bills,
        'ParticipantsUnknownAccount',
        s.operator.account,
      );
    });
  });
});
