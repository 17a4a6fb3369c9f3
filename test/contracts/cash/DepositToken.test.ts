import { expect } from 'chai';
import { moves, REASON } from '../support/acts.ts';
import { ZeroHash } from 'ethers';
import { currencyNumber, exponentOf } from '#domain/money.ts';
import { admitted, type Actor } from '../support/actors.ts';
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

    it('are issued within the bank’s cap, which governance sets', async () => {
      const { cash } = s.contracts;
      const { number } = s.settlementBank;
      const { issued } = await cash.book(number);
      await expect(cash.setCap(number, issued + 10n))
        .to.emit(cash, 'CapSet')
        .withArgs(number, issued + 10n);
      const deposits = (amount: bigint) =>
        s.settlementBank.does(s.calls.deposit(s.supplier.number, amount, BOOKING));
      await refused(deposits(11n), cash, 'DepositTokenCapExceeded', number, 11n, 10n);
      await refused(deposits(0n), cash, 'DepositTokenInvalidAmount');
      await deposits(10n);
      await refused(deposits(1n), cash, 'DepositTokenCapExceeded', number, 1n, 0n);
      await cash.setCap(number, 0n);
      await refused(deposits(1n), cash, 'DepositTokenCapExceeded', number, 1n, 0n);
      expect(await cash.book(number)).to.deep.equal([0n, issued + 10n, 0n]);
      await refused(cash.setCap(99, 1n), s.contracts.bills, 'ParticipantsUnknownMember', 99);
    });
  });

  describe('a redemption', () => {
    const requests = (amount: bigint, { by = s.supplier2, bank = s.settlementBank } = {}) =>
      by.does(s.calls.requestRedemption(bank.number, amount));
    const locked = () => balance(s.deployment.addresses.cash);
    const book = async (bank = s.settlementBank) => (await s.contracts.cash.book(bank.number)).slice(1);

    it('is asked of one bank, and locks the deposits until that has answered', async () => {
      const { cash } = s.contracts;
      const [issued] = await book();
      const changes = await changesOf(s, () =>
        expect(requests(40n))
          .to.emit(cash, 'RedemptionRequested')
          .withArgs(1n, s.settlementBank.number, s.supplier2.number, 40n),
      );
      expect(changes).to.deep.equal(['cash of supplier2']);
      expect(await locked()).to.equal(40n);
      expect(await book()).to.deep.equal([issued, 40n]);
      expect(await cash.redemption(1n)).to.deep.equal([
        BigInt(s.settlementBank.number),
        BigInt(s.supplier2.number),
        40n,
      ]);
      expect(await cash.totalSupply()).to.equal(issued);
    });

    it('is confirmed by the bank with its payment reference, and the deposits are gone', async () => {
      const { cash } = s.contracts;
      const [issued] = await book();
      await requests(40n);
      await refused(
        s.settlementBank.does(s.calls.confirmRedemption(1n, ZeroHash)),
        cash,
        'DepositTokenReasonMissing',
        1n,
      );
      await expect(s.settlementBank.does(s.calls.confirmRedemption(1n, REASON)))
        .to.emit(cash, 'RedemptionConfirmed')
        .withArgs(1n, s.settlementBank.number, s.supplier2.number, 40n, REASON);
      expect(await book()).to.deep.equal([issued! - 40n, 0n]);
      expect([await locked(), await cash.totalSupply()]).to.deep.equal([0n, issued! - 40n]);
    });

    it('is refused by the bank for a reason, and the member has its deposits back, wherever it is', async () => {
      const { cash } = s.contracts;
      const [issued] = await book();
      await requests(40n, { by: s.supplier });
      await moves(s, s.supplier, s.stranger);
      await refused(
        s.settlementBank.does(s.calls.refuseRedemption(1n, ZeroHash)),
        cash,
        'DepositTokenReasonMissing',
        1n,
      );
      await expect(s.settlementBank.does(s.calls.refuseRedemption(1n, REASON)))
        .to.emit(cash, 'RedemptionRefused')
        .withArgs(1n, s.settlementBank.number, s.supplier.number, 40n, REASON);
      expect(await balance(s.stranger.account)).to.equal(OPENING_CASH);
      expect([await book(), await locked()]).to.deep.equal([[issued, 0n], 0n]);
    });

    it('is answered once, by that bank alone, suspended or not', async () => {
      const { cash, bills } = s.contracts;
      const other = await admitted(s.contracts, s.stranger, ['settlement_bank']);
      await requests(40n);
      await bills.suspend(s.settlementBank.number, REASON);
      for (const by of [other, s.supplier2, s.operator]) {
        for (const answer of ['confirmRedemption', 'refuseRedemption'] as const) {
          const act = by.does(s.calls[answer](1n, REASON));
          await refused(act, cash, 'DepositTokenNoRedemption', 1n, by.number);
        }
      }
      await s.settlementBank.does(s.calls.confirmRedemption(1n, REASON));
      for (const answer of ['confirmRedemption', 'refuseRedemption'] as const) {
        for (const redemption of [1n, 0n, 2n]) {
          const act = s.settlementBank.does(s.calls[answer](redemption, REASON));
          await refused(act, cash, 'DepositTokenNoRedemption', redemption, s.settlementBank.number);
        }
      }
    });

    it('is asked of a settlement bank, for what that has issued and was not asked for', async () => {
      const { cash } = s.contracts;
      const other = await admitted(s.contracts, s.stranger, ['settlement_bank']);
      await other.does(s.calls.deposit(s.guarantor.number, 10n, BOOKING));
      await requests(6n, { bank: other });
      await refused(requests(5n, { bank: other }), cash, 'DepositTokenBeyondIssued', other.number, 5n, 4n);
      await requests(4n, { bank: other });
      await refused(requests(1n, { bank: other }), cash, 'DepositTokenBeyondIssued', other.number, 1n, 0n);
      await other.does(s.calls.refuseRedemption(2n, REASON));
      await other.does(s.calls.confirmRedemption(1n, REASON));
      await refused(requests(5n, { bank: other }), cash, 'DepositTokenBeyondIssued', other.number, 5n, 4n);
      await refused(requests(1n, { bank: s.bank }), cash, 'DepositTokenNotSettlementBank', s.bank.number);
      await refused(requests(0n), cash, 'DepositTokenInvalidAmount');
      await refused(
        requests(OPENING_CASH),
        cash,
        'ERC20InsufficientBalance',
        s.supplier2.account,
        OPENING_CASH - 6n,
        OPENING_CASH,
      );
    });

    it('is not asked for by, or of, who is suspended', async () => {
      const { bills } = s.contracts;
      for (const member of [s.supplier2, s.settlementBank]) {
        await bills.suspend(member.number, REASON);
        await refused(requests(1n), bills, 'ParticipantsNotActive', member.number);
        await bills.restore(member.number, REASON);
      }
    });
  });

  describe('transfers', () => {
    it('go from member to member', async () => {
      const changes = await changesOf(s, () => transfers(s.supplier2, s.guarantor.account, 5n));
      expect(changes).to.deep.equal(['cash of guarantor', 'cash of supplier2']);
    });

    it('never leave the members', async () => {
      const { cash } = s.contracts;
      const { desk, cash: token } = s.deployment.addresses;
      for (const to of [s.stranger.account, s.operator.account, desk, token]) {
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

    it('are not made by a suspended member out of what another allowed it', async () => {
      const { bills, cash } = s.contracts;
      await s.supplier2.does({
        target: s.deployment.addresses.cash,
        data: cash.interface.encodeFunctionData('approve', [s.supplier.account, 5n]),
      });
      const data = cash.interface.encodeFunctionData('transferFrom', [
        s.supplier2.account,
        s.supplier.account,
        5n,
      ]);
      await bills.suspend(s.supplier.number, REASON);
      const spends = () => s.supplier.does({ target: s.deployment.addresses.cash, data });
      await refused(spends(), bills, 'ParticipantsNotActive', s.supplier.number);
      await bills.restore(s.supplier.number, REASON);
      await spends();
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
    it('takes its deposits along, and leaves no allowance that anybody could spend', async () => {
      const { bills, cash } = s.contracts;
      await s.supplier.does({
        target: s.deployment.addresses.cash,
        data: cash.interface.encodeFunctionData('approve', [s.guarantor.account, 5n]),
      });
      await moves(s, s.supplier, s.stranger);
      expect(await balance(s.stranger.account)).to.equal(OPENING_CASH);
      expect(await balance(s.supplier.account)).to.equal(0n);
      await refused(
        transfers(s.supplier, s.stranger.account, 0n),
        bills,
        'ParticipantsUnknownAccount',
        s.supplier.account,
      );
      const data = cash.interface.encodeFunctionData('transferFrom', [
        s.supplier.account,
        s.guarantor.account,
        0n,
      ]);
      await refused(
        s.guarantor.does({ target: s.deployment.addresses.cash, data }),
        bills,
        'ParticipantsUnknownAccount',
        s.supplier.account,
      );
      await transfers(s.stranger, s.guarantor.account, OPENING_CASH);
    });

    it('has them carried over by the ledger of bills alone', async () => {
      const { cash } = s.contracts;
      const data = cash.interface.encodeFunctionData('carryOver', [s.bank.account, s.stranger.account]);
      for (const by of [s.stranger, s.bank, s.operator, s.settlementBank]) {
        await refused(
          by.does({ target: s.deployment.addresses.cash, data }),
          cash,
          'DepositTokenNotBills',
          by.account,
        );
      }
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
