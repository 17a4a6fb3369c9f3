import { expect } from 'chai';
import type { Actor } from '../support/actors.ts';
import { answers, type Issued, pieceOf, quoteOf, sale, taken } from '../support/acts.ts';
import { changesOf } from '../support/neighbours.ts';
import { refused } from '../support/refusals.ts';
import { stage, type Stage } from '../support/stage.ts';

describe('CreditLines', () => {
  const GROUP = 7;
  let s: Stage;
  let made: Issued;
  beforeEach(async () => {
    s = await stage();
    made = await taken(s);
  });
  const line = (obligor = s.coreFirm, bank = s.bank) => s.contracts.lines.line(bank.number, obligor.number);
  const group = () => s.contracts.lines.groupLine(s.bank.number, GROUP);
  const sets = (limit: bigint, groupNo = 0, { obligor = s.coreFirm, by = s.bank as Actor } = {}) =>
    by.does(s.calls.setLine(obligor.number, limit, groupNo));
  const sells = (amount: bigint, { root = made.root, bank = s.bank, by = s.supplier } = {}) =>
    by.does(sale(s, bank, root, amount, quoteOf(s, bank, root)));
  const exceeded = (act: Promise<unknown>, asked: bigint, available: bigint, obligor = s.coreFirm) =>
    refused(act, s.contracts.lines, 'CreditLinesExceeded', s.bank.number, obligor.number, asked, available);

  describe('a limit', () => {
    it('is set by the bank for itself alone', async () => {
      const changes = await changesOf(s, () =>
        expect(sets(50_00n))
          .to.emit(s.contracts.lines, 'LineSet')
          .withArgs(s.bank.number, s.coreFirm.number, 50_00n, 0),
      );
      expect(changes).to.deep.equal(['line of bank on coreFirm']);
      expect(await line()).to.deep.equal([50_00n, 0n, 0n, 0n]);
    });

    it('is refused to others, and on nobody', async () => {
      const { lines, bills } = s.contracts;
      for (const by of [s.coreFirm, s.supplier, s.settlementBank]) {
        await refused(sets(1n, 0, { by }), lines, 'CreditLinesNotBank', by.number);
        await refused(by.does(s.calls.setGroupLine(GROUP, 1n)), lines, 'CreditLinesNotBank', by.number);
        await refused(by.does(s.calls.reserve(1, 0n)), lines, 'CreditLinesNotBank', by.number);
        await refused(by.does(s.calls.release(1, 0n)), lines, 'CreditLinesNotBank', by.number);
      }
      await refused(s.bank.does(s.calls.setLine(99, 1n, 0)), bills, 'ParticipantsUnknownMember', 99);
    });

    it('may be lowered below what is used, and stops new deals only', async () => {
      await sets(50_00n);
      await sells(40_00n);
      await sets(10_00n);
      expect(await line()).to.deep.equal([10_00n, 0n, 40_00n, 0n]);
      await exceeded(sells(1n), 1n, 0n);
      await s.bank.does(s.calls.offer(made.root + 60_00n, 35_00n, s.supplier2.number, 0));
      await answers(s, s.supplier2, 'take', pieceOf(made.root, 100_00n, 35_00n));
      await exceeded(sells(5_01n), 5_01n, 5_00n);
      await sells(5_00n);
    });
  });

  describe('a deal', () => {
    it('uses the line by its amount, not by its price, up to the last cent', async () => {
      await sets(50_00n);
      await expect(sells(30_00n))
        .to.emit(s.contracts.lines, 'LineMoved')
        .withArgs(s.bank.number, s.coreFirm.number, 30_00n, 0n);
      await exceeded(sells(20_01n), 20_01n, 20_00n);
      await sells(20_00n);
      await exceeded(sells(1n), 1n, 0n);
    });

    it('is refused without a line', () => exceeded(sells(1n), 1n, 0n));

    it('leaves the lines of other banks and on other obligors alone', async () => {
      await sets(100_00n);
      await sets(100_00n, 0, { obligor: s.coreFirm2 });
      await sets(100_00n, 0, { by: s.bank2 });
      const changes = await changesOf(s, () => sells(1n));
      expect(changes.filter((name) => name.startsWith('line'))).to.deep.equal(['line of bank on coreFirm']);
    });

    it('between banks moves the use from one to the other', async () => {
      await sets(50_00n);
      await sets(50_00n, 0, { by: s.bank2 });
      await sells(50_00n);
      const bought = pieceOf(made.root, 100_00n, 50_00n);
      await sells(20_00n, { root: bought, by: s.bank, bank: s.bank2 });
      expect((await line()).used).to.equal(30_00n);
      expect((await line(s.coreFirm, s.bank2)).used).to.equal(20_00n);
    });

    it('may be as large as a line can be', async () => {
      const MAX = 2n ** 64n - 1n;
      await sets(MAX);
      await s.bank.does(s.calls.reserve(s.coreFirm.number, MAX - 10n));
      await exceeded(sells(11n), 11n, 10n);
      await sells(10n);
    });
  });

  describe('a reservation', () => {
    beforeEach(() => sets(50_00n));

    it('takes from what is available, and gives it back', async () => {
      const { lines } = s.contracts;
      await expect(s.bank.does(s.calls.reserve(s.coreFirm.number, 30_00n)))
        .to.emit(lines, 'LineReserved')
        .withArgs(s.bank.number, s.coreFirm.number, 30_00n);
      await exceeded(sells(20_01n), 20_01n, 20_00n);
      await exceeded(s.bank.does(s.calls.reserve(s.coreFirm.number, 20_01n)), 20_01n, 20_00n);
      await s.bank.does(s.calls.release(s.coreFirm.number, 10_00n));
      expect(await line()).to.deep.equal([50_00n, 20_00n, 0n, 0n]);
      await sells(30_00n);
    });

    it('is not given back twice', async () => {
      await s.bank.does(s.calls.reserve(s.coreFirm.number, 30_00n));
      await refused(
        s.bank.does(s.calls.release(s.coreFirm.number, 30_01n)),
        s.contracts.lines,
        'CreditLinesReservedTooLow',
        s.bank.number,
        s.coreFirm.number,
        30_00n,
      );
    });
  });

  describe('a group', () => {
    let other: Issued;
    beforeEach(async () => {
      other = await taken(s, { by: s.coreFirm2 });
      await s.bank.does(s.calls.setGroupLine(GROUP, 60_00n));
      await sets(50_00n, GROUP);
      await sets(50_00n, GROUP, { obligor: s.coreFirm2 });
    });

    it('binds its obligors together, beside each one’s own limit', async () => {
      await expect(sells(40_00n))
        .to.emit(s.contracts.lines, 'LineMoved')
        .withArgs(s.bank.number, s.coreFirm.number, 40_00n, 40_00n);
      await exceeded(sells(10_01n), 10_01n, 10_00n);
      await exceeded(sells(20_01n, { root: other.root }), 20_01n, 20_00n, s.coreFirm2);
      await sells(20_00n, { root: other.root });
      expect(await group()).to.deep.equal([60_00n, 0n, 60_00n, 0n]);
      expect((await line(s.coreFirm2)).used).to.equal(20_00n);
    });

    it('counts reservations of all its obligors', async () => {
      await s.bank.does(s.calls.reserve(s.coreFirm.number, 40_00n));
      await exceeded(sells(20_01n, { root: other.root }), 20_01n, 20_00n, s.coreFirm2);
      await exceeded(s.bank.does(s.calls.reserve(s.coreFirm2.number, 20_01n)), 20_01n, 20_00n, s.coreFirm2);
      await s.bank.does(s.calls.release(s.coreFirm.number, 40_00n));
      expect(await group()).to.deep.equal([60_00n, 0n, 0n, 0n]);
      await sells(50_00n, { root: other.root });
    });

    it('gets back what leaves the bank’s hands', async () => {
      await sells(40_00n);
      await s.bank.does(s.calls.offer(made.root + 60_00n, 15_00n, s.supplier2.number, 0));
      await answers(s, s.supplier2, 'take', pieceOf(made.root, 100_00n, 15_00n));
      expect((await group()).used).to.equal(25_00n);
      expect((await line()).used).to.equal(25_00n);
    });

    it('is not left or changed by an obligor while its line is in use', async () => {
      const { lines } = s.contracts;
      const inUse = (act: Promise<unknown>) =>
        refused(act, lines, 'CreditLinesInUse', s.bank.number, s.coreFirm.number);
      await sells(1n);
      await inUse(sets(50_00n, 0));
      await inUse(sets(50_00n, GROUP + 1));
      await sets(45_00n, GROUP);
      await s.bank.does(s.calls.reserve(s.coreFirm2.number, 1n));
      await refused(
        sets(50_00n, 0, { obligor: s.coreFirm2 }),
        lines,
        'CreditLinesInUse',
        s.bank.number,
        s.coreFirm2.number,
      );
      await s.bank.does(s.calls.release(s.coreFirm2.number, 1n));
      await sets(50_00n, 0, { obligor: s.coreFirm2 });
      expect(await group()).to.deep.equal([60_00n, 0n, 1n, 0n]);
    });

    it('is the bank’s own: another bank’s group of that number has nothing to do with it', async () => {
      await s.bank2.does(s.calls.setGroupLine(GROUP, 1_00n));
      await sets(50_00n, GROUP, { by: s.bank2 });
      await sells(60_00n - 10_00n);
      expect((await s.contracts.lines.groupLine(s.bank2.number, GROUP)).used).to.equal(0n);
    });
  });

  it('is moved by the ledger of bills alone', async () => {
    const { lines } = s.contracts;
    for (const actor of [s.stranger, s.bank, s.operator, s.deployer]) {
      for (const name of ['useLine', 'freeLine'] as const) {
        const data = lines.interface.encodeFunctionData(name as 'useLine', [
          s.bank.number,
          s.coreFirm.number,
          0n,
        ]);
        await refused(
          actor.does({ target: s.deployment.addresses.lines, data }),
          lines,
          'CreditLinesNotBills',
          actor.account,
        );
      }
    }
  });
});
