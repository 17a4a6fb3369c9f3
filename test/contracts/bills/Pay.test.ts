import { expect } from 'chai';
import { WHOLE } from '#chain/calls.ts';
import { MAX_FACE } from '#domain/money.ts';
import { payout } from '#domain/rounding.ts';
import { DUE, type Issued, issued, lineOf, moves, passed, REASON, sold, taken } from '../support/acts.ts';
import { clockTo, ethers, exactlyAt } from '../support/chain.ts';
import { changesOf } from '../support/neighbours.ts';
import { refused } from '../support/refusals.ts';
import { OPENING_CASH, stage, type Stage } from '../support/stage.ts';

describe('Bills: paying', () => {
  let s: Stage;
  let made: Issued;
  beforeEach(async () => {
    s = await stage();
    made = await taken(s);
  });
  const funds = (amount: bigint, { by = s.coreFirm, bill = made.bill } = {}) =>
    by.does(s.calls.fund(bill, amount));
  const distributes = (...firsts: bigint[]) => s.stranger.does(s.calls.distribute(made.bill, firsts));
  const cashOf = ({ account }: { account: string }) => s.contracts.cash.balanceOf(account);

  describe('in', () => {
    it('moves the acceptor’s deposits to the bill, at any time', async () => {
      const { bills, cash } = s.contracts;
      const changes = await changesOf(s, () =>
        expect(funds(60_00n))
          .to.emit(bills, 'BillFunded')
          .withArgs(made.bill, s.coreFirm.number, 60_00n, 60_00n),
      );
      expect(changes).to.deep.equal(['bill 1/1 paid', 'cash of coreFirm', 'cash of the bills']);
      await clockTo(DUE + 1_000_000);
      await expect(funds(40_00n))
        .to.emit(bills, 'BillFunded')
        .withArgs(made.bill, s.coreFirm.number, 40_00n, 100_00n);
      expect(await bills.paid(made.bill)).to.deep.equal([100_00n, 0n]);
      expect(await cash.balanceOf(bills)).to.equal(100_00n);
    });

    it('is refused for more than the bill still needs, and for nothing', async () => {
      const { bills } = s.contracts;
      await funds(60_00n);
      await refused(funds(40_01n), bills, 'BillsOverpaid', made.bill, 40_01n, 40_00n);
      await refused(funds(WHOLE), bills, 'BillsOverpaid', made.bill, WHOLE, 40_00n);
      await refused(funds(0n), bills, 'BillsInvalidAmount');
    });

    it('is refused to anybody but the acceptor', async () => {
      for (const by of [s.supplier, s.coreFirm2, s.bank]) {
        await refused(funds(1n, { by }), s.contracts.bills, 'BillsNotAcceptor', made.bill, by.number);
      }
    });

    it('is possible to a suspended acceptor, and to whoever is active for it', async () => {
      const { bills } = s.contracts;
      await bills.suspend(s.coreFirm.number, REASON);
      await funds(1n);
      await s.supplier.does(s.calls.approveFunding(ethers.MaxUint256));
      const changes = await changesOf(s, () =>
        expect(s.supplier.does(s.calls.payFor(made.bill, 40_00n)))
          .to.emit(bills, 'BillFunded')
          .withArgs(made.bill, s.supplier.number, 40_00n, 40_01n),
      );
      expect(changes).to.deep.equal(['bill 1/1 paid', 'cash of supplier', 'cash of the bills']);
      await bills.suspend(s.supplier.number, REASON);
      const { number } = s.supplier;
      const payment = s.supplier.does(s.calls.payFor(made.bill, 1n));
      await refused(payment, bills, 'ParticipantsNotActive', number);
      await refused(
        s.stranger.does(s.calls.fund(made.bill, 1n)),
        bills,
        'ParticipantsUnknownAccount',
        s.stranger.account,
      );
    });

    it('is refused without the money, or without leave to take it', async () => {
      const { bills, cash } = s.contracts;
      const big = await taken(s, { serial: 2, face: MAX_FACE });
      await refused(
        funds(OPENING_CASH + 1n, { bill: big.bill }),
        cash,
        'ERC20InsufficientBalance',
        s.coreFirm.account,
        OPENING_CASH,
        OPENING_CASH + 1n,
      );
      await s.coreFirm.does(s.calls.approveFunding(5n));
      await refused(funds(6n), cash, 'ERC20InsufficientAllowance', s.deployment.addresses.bills, 5n, 6n);
      expect(await bills.paid(made.bill)).to.deep.equal([0n, 0n]);
      await funds(5n);
    });
  });

  describe('out', () => {
    it('waits for the due date', async () => {
      await funds(100_00n);
      await exactlyAt(DUE - 1);
      await refused(distributes(0n), s.contracts.bills, 'BillsNotDue', made.bill);
      await exactlyAt(DUE);
      await distributes(0n);
    });

    it('pays the holder in full, once', async () => {
      const { bills, cash } = s.contracts;
      await funds(100_00n);
      await clockTo(DUE);
      const changes = await changesOf(s, () =>
        expect(distributes(0n))
          .to.emit(bills, 'ParcelPaid')
          .withArgs(made.bill, s.supplier.number, 0, 100_00n, 100_00n, 100_00n),
      );
      expect(changes).to.deep.equal([
        'bill 1/1 1-10000',
        'bill 1/1 paid',
        'cash of supplier',
        'cash of the bills',
      ]);
      expect(await cashOf(s.supplier)).to.equal(OPENING_CASH + 100_00n);
      expect(await lineOf(s, made.bill)).to.deep.equal([['1-10000', 'supplier', 'paid']]);
      const again = distributes(0n, 0n);
      await expect(again).not.to.emit(bills, 'ParcelPaid');
      expect(await cashOf(s.supplier)).to.equal(OPENING_CASH + 100_00n);
      expect(await cash.balanceOf(bills)).to.equal(0n);
    });

    it('names a parcel twice and pays it once', async () => {
      await funds(70_00n);
      await clockTo(DUE);
      await distributes(0n, 0n, 0n);
      expect(await cashOf(s.supplier)).to.equal(OPENING_CASH + 70_00n);
      expect(await s.contracts.bills.paid(made.bill)).to.deep.equal([70_00n, 70_00n]);
    });

    it('pays nobody before anything was paid in', async () => {
      await clockTo(DUE);
      expect(await changesOf(s, () => distributes(0n))).to.deep.equal([]);
    });

    it('pays only the parcels that the caller names', async () => {
      await passed(s, made.root, 40_00n, s.supplier, s.supplier2);
      await funds(100_00n);
      await clockTo(DUE);
      await distributes(60_00n);
      expect(await lineOf(s, made.bill)).to.deep.equal([
        ['1-6000', 'supplier', 'held'],
        ['6001-10000', 'supplier2', 'paid'],
      ]);
      await distributes(0n);
      expect(await lineOf(s, made.bill)).to.deep.equal([
        ['1-6000', 'supplier', 'paid'],
        ['6001-10000', 'supplier2', 'paid'],
      ]);
    });

    it('is refused whole for a parcel that is not there', async () => {
      await funds(100_00n);
      await clockTo(DUE);
      for (const first of [1n, 99_99n, 100_00n, MAX_FACE]) {
        const id = made.root + first;
        await refused(distributes(0n, first), s.contracts.bills, 'BillsNoSuchParcel', id);
      }
      expect(await cashOf(s.supplier)).to.equal(OPENING_CASH);
    });

    it('is refused for a bill that nobody signed for, or that is none', async () => {
      const { bills } = s.contracts;
      const waiting = await issued(s, { serial: 2 });
      await clockTo(DUE);
      for (const bill of [waiting.bill, 77n]) {
        await refused(s.stranger.does(s.calls.distribute(bill, [0n])), bills, 'BillsNotActive', bill);
      }
    });

    it('reaches a holder that is suspended, or has moved to another account', async () => {
      const { bills } = s.contracts;
      await s.bank2.does(s.calls.setLine(s.coreFirm.number, 40_00n, 0));
      await passed(s, made.root, 40_00n, s.supplier, s.bank2);
      await funds(100_00n);
      await bills.suspend(s.bank2.number, REASON);
      await moves(s, s.supplier, s.stranger);
      await clockTo(DUE);
      await distributes(0n, 60_00n);
      expect(await cashOf(s.stranger)).to.equal(OPENING_CASH + 60_00n);
      expect(await cashOf(s.bank2)).to.equal(OPENING_CASH + 40_00n);
    });

    it('reaches a holder whose parcel is on offer', async () => {
      await s.supplier.does(s.calls.offer(made.root, WHOLE, s.supplier2.number, 0));
      await funds(100_00n);
      await clockTo(DUE);
      await distributes(0n);
      expect(await cashOf(s.supplier)).to.equal(OPENING_CASH + 100_00n);
    });

    it('frees the line of the bank that is paid, by what it is paid', async () => {
      const { lines } = s.contracts;
      await sold(s, made.root, 50_00n, s.supplier, s.bank);
      await clockTo(DUE);
      const usedOf = async () => (await lines.line(s.bank.number, s.coreFirm.number)).used;
      for (const [amount, used] of [
        [50_00n, 25_00n],
        [30_00n, 10_00n],
        [20_00n, 0n],
      ] as const) {
        await funds(amount);
        await distributes(50_00n);
        expect(await usedOf()).to.equal(used);
      }
    });

    it('takes nothing from other bills', async () => {
      const other = await taken(s, { serial: 2, by: s.coreFirm2 });
      await funds(100_00n, { by: s.coreFirm2, bill: other.bill });
      await funds(1n);
      await clockTo(DUE);
      await distributes(0n);
      expect(await s.contracts.bills.paid(other.bill)).to.deep.equal([100_00n, 0n]);
      expect(await s.contracts.cash.balanceOf(s.contracts.bills)).to.equal(100_00n);
    });
  });

  describe('seventy percent, to the cent', () => {
    /** Pieces of 1,000,000.00 as in the scenario of that name. */
    const ENDS = [333_333_33n, 588_888_90n, 666_666_67n, 899_999_98n, 999_999_99n, 1_000_000_00n];

    it('pays every holder the difference of two roundings, and heals when the rest comes', async () => {
      const { bills, cash } = s.contracts;
      const { bill, root } = await taken(s, { serial: 2, face: 1_000_000_00n });
      await s.guarantor.does(s.calls.setStanding(true));
      for (const end of ENDS.toReversed().slice(1)) {
        await s.supplier.does(
          s.calls.offer(root, (await bills.parcelsFrom(bill, 0, 1))[0]!.end - end, s.guarantor.number, 0),
        );
      }
      const firsts = [0n, ...ENDS.slice(0, -1)];
      await s.settlementBank.does(s.calls.deposit(s.coreFirm.number, 1_000_000_00n, ethers.id('more')));
      await funds(700_000_00n, { bill });
      await clockTo(DUE);
      const tx = await s.stranger.does(s.calls.distribute(bill, firsts.toReversed()));
      const paidOf = async (hash: string) => {
        const { logs } = (await ethers.provider.getTransactionReceipt(hash))!;
        const events = logs
          .map((log) => bills.interface.parseLog(log))
          .filter((log) => log?.name === 'ParcelPaid');
        return events.map((event) => event!.args.amount as bigint).toReversed();
      };
      expect(await paidOf(tx.hash)).to.deep.equal([
        23_333_333n,
        17_888_890n,
        5_444_443n,
        16_333_332n,
        7_000_001n,
        1n,
      ]);
      expect(await bills.paid(bill)).to.deep.equal([700_000_00n, 700_000_00n]);
      await funds(300_000_00n, { bill });
      const rest = await s.stranger.does(s.calls.distribute(bill, firsts));
      const lengths = ENDS.map((end, n) => end - firsts[n]!);
      const first = await paidOf(tx.hash);
      expect((await paidOf(rest.hash)).toReversed()).to.deep.equal(
        lengths.map((length, n) => length - first[n]!),
      );
      expect(await cash.balanceOf(bills)).to.equal(0n);
    });

    it('pays as the domain says, cent by cent, when the till is short of one', async () => {
      const { bills } = s.contracts;
      const { bill, root } = await taken(s, { serial: 3, face: 10n });
      await s.guarantor.does(s.calls.setStanding(true));
      for (let left = 9n; left > 0n; left -= 1n)
        await s.supplier.does(s.calls.offer(root, 1n, s.guarantor.number, 0));
      await clockTo(DUE);
      const upTo = Array.from({ length: 10 }, () => 0n);
      let out = 0n;
      for (let paidIn = 1n; paidIn <= 10n; paidIn += 1n) {
        await funds(1n, { bill });
        for (const [n, before] of upTo.entries()) {
          const piece = { first: BigInt(n), end: BigInt(n) + 1n, paidUpTo: before };
          const { amount, paidUpTo } = payout(piece, paidIn, 10n, paidIn - out);
          [out, upTo[n]] = [out + amount, paidUpTo];
          await s.stranger.does(s.calls.distribute(bill, [BigInt(n)]));
        }
        const views = await bills.parcelsFrom(bill, 0, 10_000);
        expect(views.map((view) => view.paidUpTo)).to.deep.equal(upTo);
        expect(await bills.paid(bill)).to.deep.equal([paidIn, out]);
      }
      expect(out).to.equal(10n);
    });
  });
});
