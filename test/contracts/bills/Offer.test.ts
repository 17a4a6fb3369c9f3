import { expect } from 'chai';
import { WHOLE } from '#chain/calls.ts';
import { answers, dateOf, DUE, type Issued, lineOf, pieceOf, sold, taken } from '../support/acts.ts';
import { exactlyAt } from '../support/chain.ts';
import { changesOf } from '../support/neighbours.ts';
import { refused } from '../support/refusals.ts';
import { stage, type Stage } from '../support/stage.ts';

describe('Bills: passing on', () => {
  const UNTIL = dateOf('2026-04-01');
  let s: Stage;
  let made: Issued;
  beforeEach(async () => {
    s = await stage();
    made = await taken(s);
  });
  const offers = (amount: bigint, { id = made.root, by = s.supplier, to = s.supplier2, until = 0 } = {}) =>
    by.does(s.calls.offer(id, amount, to.number, until));

  describe('a part', () => {
    it('is cut from the right end and waits for the receiver', async () => {
      const { bills } = s.contracts;
      const changes = await changesOf(s, () =>
        expect(offers(30_00n, { until: UNTIL }))
          .to.emit(bills, 'ParcelOffered')
          .withArgs(made.bill, s.supplier.number, s.supplier2.number, 0, 70_00n, 100_00n, UNTIL),
      );
      expect(changes).to.deep.equal(['bill 1/1 1-10000', 'bill 1/1 1-7000', 'bill 1/1 7001-10000']);
      expect(await lineOf(s, made.bill)).to.deep.equal([
        ['1-7000', 'supplier', 'held'],
        ['7001-10000', 'supplier', 'offered'],
      ]);
    });

    it('may be one cent, from a piece in the middle', async () => {
      await offers(40_00n);
      await s.bank.does(s.calls.setLine(s.coreFirm.number, 100_00n, 0));
      await offers(30_00n, { to: s.bank });
      const middle = pieceOf(made.root, 60_00n, 30_00n);
      await answers(s, s.bank, 'take', middle);
      await expect(offers(1n, { id: middle, by: s.bank }))
        .to.emit(s.contracts.bills, 'ParcelOffered')
        .withArgs(made.bill, s.bank.number, s.supplier2.number, 30_00n, 59_99n, 60_00n, 0);
      expect(await lineOf(s, made.bill)).to.deep.equal([
        ['1-3000', 'supplier', 'held'],
        ['3001-5999', 'bank', 'held'],
        ['6000-6000', 'bank', 'offered'],
        ['6001-10000', 'supplier', 'offered'],
      ]);
    });
  });

  describe('all of a parcel', () => {
    for (const [how, amount] of Object.entries({ 'the sentinel': WHOLE, 'its exact length': 100_00n })) {
      it(`is offered uncut by ${how}`, async () => {
        const changes = await changesOf(s, () =>
          expect(offers(amount))
            .to.emit(s.contracts.bills, 'ParcelOffered')
            .withArgs(made.bill, s.supplier.number, s.supplier2.number, 0, 0, 100_00n, 0),
        );
        expect(changes).to.deep.equal(['bill 1/1 1-10000']);
        expect(await lineOf(s, made.bill)).to.deep.equal([['1-10000', 'supplier', 'offered']]);
      });
    }
  });

  describe('to a member with standing acceptance', () => {
    beforeEach(() => s.supplier2.does(s.calls.setStanding(true)));

    it('is complete in one step', async () => {
      const { bills } = s.contracts;
      const changes = await changesOf(s, () =>
        expect(offers(30_00n, { until: UNTIL }))
          .to.emit(bills, 'ParcelPassedOn')
          .withArgs(made.bill, s.supplier.number, s.supplier2.number, 0, 70_00n, 100_00n),
      );
      expect(changes).to.deep.equal(['bill 1/1 1-10000', 'bill 1/1 1-7000', 'bill 1/1 7001-10000']);
      expect(await lineOf(s, made.bill)).to.deep.equal([
        ['1-7000', 'supplier', 'held'],
        ['7001-10000', 'supplier2', 'held'],
      ]);
      await offers(WHOLE);
      expect(await lineOf(s, made.bill)).to.deep.equal([
        ['1-7000', 'supplier2', 'held'],
        ['7001-10000', 'supplier2', 'held'],
      ]);
    });

    it('gives the bank that passes it on its line back at once', async () => {
      const { bills, lines } = s.contracts;
      const bought = await sold(s, made.root, 50_00n, s.supplier, s.bank);
      await offers(20_00n, { id: bought, by: s.bank });
      expect((await lines.line(s.bank.number, s.coreFirm.number)).used).to.equal(30_00n);
      const flags = (await bills.parcelsFrom(made.bill, 0, 10_000)).map((view) => view.flags);
      expect(flags).to.deep.equal([0n, 1n, 0n]);
    });

    it('waits again once the acceptance is withdrawn', async () => {
      await s.supplier2.does(s.calls.setStanding(false));
      await expect(offers(1n)).to.emit(s.contracts.bills, 'ParcelOffered');
    });
  });

  describe('that cannot be', () => {
    const refuses = (act: Promise<unknown>, error: string, ...args: unknown[]) =>
      refused(act, s.contracts.bills, error, ...args);

    it('is refused to oneself', () =>
      refuses(offers(1n, { to: s.supplier }), 'BillsToOneself', s.supplier.number));

    it('is refused to anybody but the holder', async () => {
      for (const by of [s.coreFirm, s.bank, s.supplier2]) {
        await refuses(offers(1n, { by, to: s.bank2 }), 'BillsNotHolder', made.root, by.number);
      }
    });

    it('is refused for a parcel that is not there', async () => {
      for (const id of [made.root + 1n, made.root + 100_00n, made.root + (1n << 64n), 0n]) {
        await refuses(offers(1n, { id }), 'BillsNotHolder', id, s.supplier.number);
      }
    });

    it('is refused for no amount, or more than there is', async () => {
      await refuses(offers(0n), 'BillsInvalidAmount');
      await refuses(offers(100_01n), 'BillsAmountExceedsParcel', made.root, 100_01n, 100_00n);
      await refuses(offers(WHOLE - 1n), 'BillsAmountExceedsParcel', made.root, WHOLE - 1n, 100_00n);
    });

    it('is refused while the parcel is offered, all of it or the piece', async () => {
      await offers(30_00n);
      const part = pieceOf(made.root, 100_00n, 30_00n);
      await refuses(offers(1n, { id: part, to: s.bank }), 'BillsParcelLocked', part);
      await offers(WHOLE);
      await refuses(offers(1n, { to: s.bank }), 'BillsParcelLocked', made.root);
    });

    it('is refused with a deadline that is over', async () => {
      await exactlyAt(UNTIL);
      await refuses(offers(1n, { until: UNTIL }), 'BillsOfferExpired', made.root, UNTIL);
      await exactlyAt(UNTIL + 10);
      await offers(1n, { until: UNTIL + 11 });
    });

    it('is refused from the due date on', async () => {
      await exactlyAt(DUE - 1);
      await offers(1n);
      await exactlyAt(DUE);
      await refuses(offers(1n), 'BillsMatured', made.bill);
    });
  });

  it('goes on from hand to hand, and the ranges still cover the line', async () => {
    for (const bank of [s.bank, s.bank2]) await bank.does(s.calls.setLine(s.coreFirm.number, 100_00n, 0));
    for (const member of [s.supplier, s.supplier2, s.bank, s.bank2])
      await member.does(s.calls.setStanding(true));
    await offers(60_01n, { to: s.supplier2 });
    await offers(30_00n, { id: made.root + 39_99n, by: s.supplier2, to: s.bank });
    await offers(1n, { id: made.root + 70_00n, by: s.bank, to: s.bank2 });
    await offers(WHOLE, { id: made.root + 99_99n, by: s.bank2, to: s.supplier });
    expect(await lineOf(s, made.bill)).to.deep.equal([
      ['1-3999', 'supplier', 'held'],
      ['4000-7000', 'supplier2', 'held'],
      ['7001-9999', 'bank', 'held'],
      ['10000-10000', 'supplier', 'held'],
    ]);
  });
});
