import { expect } from 'chai';
import { RESTRICTION_BITS } from '#domain/codes.ts';
import { issues, lineOf, passed, quoteOf, sale, sold, taken } from '../support/acts.ts';
import { refused } from '../support/refusals.ts';
import { stage, type Stage } from '../support/stage.ts';

const { not_to_be_passed_on, not_to_be_financed, named_members_only } = RESTRICTION_BITS;

describe('Bills: restrictions', () => {
  let s: Stage;
  beforeEach(async () => {
    s = await stage();
  });
  const offers = (root: bigint, to = s.supplier2) => s.supplier.does(s.calls.offer(root, 1n, to.number, 0));
  const sells = async (root: bigint, bank = s.bank) => {
    await bank.does(s.calls.setLine(s.coreFirm.number, 100_00n, 0));
    return s.supplier.does(sale(s, bank, root, 10_00n, quoteOf(s, bank, root)));
  };

  it('not to be passed on: can be financed', async () => {
    const { bill, root } = await taken(s, { restrictions: not_to_be_passed_on });
    await refused(offers(root), s.contracts.bills, 'BillsRestricted', bill);
    await s.supplier2.does(s.calls.setStanding(true));
    await refused(offers(root), s.contracts.bills, 'BillsRestricted', bill);
    await sells(root);
    expect(await lineOf(s, bill)).to.deep.equal([
      ['1-9000', 'supplier', 'held'],
      ['9001-10000', 'bank', 'held'],
    ]);
  });

  it('not to be financed: can be passed on', async () => {
    const { bill, root } = await taken(s, { restrictions: not_to_be_financed });
    await refused(sells(root), s.contracts.bills, 'BillsRestricted', bill);
    await refused(offers(root, s.bank), s.contracts.bills, 'BillsRestricted', bill);
    await passed(s, root, 1n, s.supplier, s.supplier2);
  });

  it('not to be financed: a bank may be its payee, and has it under its line', async () => {
    await s.bank.does(s.calls.setLine(s.coreFirm.number, 100_00n, 0));
    const { root, bill } = await taken(s, { to: s.bank, restrictions: not_to_be_financed });
    expect((await s.contracts.lines.line(s.bank.number, s.coreFirm.number)).used).to.equal(100_00n);
    const piece = await passed(s, root, 10_00n, s.bank, s.supplier);
    await refused(
      s.supplier.does(s.calls.offer(piece, 1n, s.bank.number, 0)),
      s.contracts.bills,
      'BillsRestricted',
      bill,
    );
  });

  it('both: goes nowhere', async () => {
    const { bill, root } = await taken(s, { restrictions: not_to_be_passed_on | not_to_be_financed });
    await refused(sells(root), s.contracts.bills, 'BillsRestricted', bill);
    await refused(offers(root), s.contracts.bills, 'BillsRestricted', bill);
  });

  describe('named members only', () => {
    const named = (...members: Stage['bank'][]) =>
      taken(s, { restrictions: named_members_only, named: members.map(({ number }) => number) });

    it('goes to those members and to no others, by either way', async () => {
      const { bill, root } = await named(s.supplier2, s.bank2);
      const { bills } = s.contracts;
      await refused(offers(root, s.bank), bills, 'BillsRestricted', bill);
      await refused(sells(root, s.bank), bills, 'BillsRestricted', bill);
      await passed(s, root, 10_00n, s.supplier, s.supplier2);
      await sells(root, s.bank2);
      expect(await lineOf(s, bill)).to.deep.equal([
        ['1-8000', 'supplier', 'held'],
        ['8001-9000', 'bank2', 'held'],
        ['9001-10000', 'supplier2', 'held'],
      ]);
      expect(await bills.isNamed(bill, s.supplier2.number)).to.equal(true);
      expect(await bills.isNamed(bill, s.bank.number)).to.equal(false);
    });

    it('binds every later holder too, and banks that sell on', async () => {
      const { bill, root } = await named(s.supplier2, s.bank);
      const part = await passed(s, root, 10_00n, s.supplier, s.supplier2);
      const { bills } = s.contracts;
      await refused(
        s.supplier2.does(s.calls.offer(part, 1n, s.bank2.number, 0)),
        bills,
        'BillsRestricted',
        bill,
      );
      const bought = await sold(s, root, 50_00n, s.supplier, s.bank);
      await s.bank2.does(s.calls.setLine(s.coreFirm.number, 100_00n, 0));
      await refused(
        s.bank.does(sale(s, s.bank2, bought, 1n, quoteOf(s, s.bank2, bought))),
        bills,
        'BillsRestricted',
        bill,
      );
    });

    it('is for one bill, and counts only with the restriction', async () => {
      await named(s.supplier2);
      const other = await taken(s, { serial: 2, restrictions: named_members_only });
      await refused(offers(other.root), s.contracts.bills, 'BillsRestricted', other.bill);
      const { bills } = s.contracts;
      await refused(
        issues(s, { serial: 3, named: [s.supplier2.number] }),
        bills,
        'BillsUnknownRestriction',
        0,
      );
    });

    it('knows members whose numbers lie far apart', async () => {
      const numbers = [0, 255, 256, 2 ** 32 - 1];
      const { bill } = await taken(s, { restrictions: named_members_only, named: numbers });
      const answers = [...numbers, 1, 254, 257].map((number) => s.contracts.bills.isNamed(bill, number));
      expect(await Promise.all(answers)).to.deep.equal([true, true, true, true, false, false, false]);
    });
  });
});
