import { expect } from 'chai';
import { AbiCoder, keccak256 } from 'ethers';
import { invoiceId } from '#chain/typed-data.ts';
import { billNo } from '#domain/bills/intervals.ts';
import { MAX_FACE } from '#domain/money.ts';
import { CNY, dateOf, DOCUMENT, DUE, issued, issues, lineOf, taken, termsOf } from '../support/acts.ts';
import { clockTo, ethers, exactlyAt } from '../support/chain.ts';
import { changesOf } from '../support/neighbours.ts';
import { refused } from '../support/refusals.ts';
import { stage, type Stage } from '../support/stage.ts';

const USES = 'tuple(bytes32 invoiceId, uint56 total, uint56 amount)[]';
const hashOf = (uses: unknown[]): string => keccak256(AbiCoder.defaultAbiCoder().encode([USES], [uses]));

describe('Bills: issue', () => {
  let s: Stage;
  beforeEach(async () => {
    s = await stage();
  });
  const invoice = (amount = 60_00n) => ({ invoiceId: invoiceId('91310000X', 'A-1'), total: 100_00n, amount });

  describe('by a core enterprise', () => {
    it('says everything that was agreed', async () => {
      const { bills } = s.contracts;
      const fields = { face: 250_00n, invoices: [invoice()], restrictions: 6, named: [s.bank.number] };
      const bill = billNo(s.coreFirm.number, 1);
      await expect(issues(s, fields))
        .to.emit(bills, 'BillIssued')
        .withArgs(
          bill,
          s.coreFirm.number,
          s.supplier.number,
          DUE,
          250_00n,
          1,
          6,
          1,
          CNY,
          DOCUMENT,
          hashOf([invoice()]),
        )
        .and.to.emit(bills, 'MembersNamed')
        .withArgs(bill, [s.bank.number])
        .and.to.emit(bills, 'InvoiceBacked')
        .withArgs(invoice().invoiceId, bill, 100_00n, 60_00n, 60_00n);
    });

    it('keeps the terms in one word, as drawn', async () => {
      const { bill } = await issued(s, { face: 250_00n, restrictions: 3 });
      const word =
        (BigInt(s.coreFirm.number) << 224n) |
        (BigInt(s.supplier.number) << 192n) |
        (BigInt(DUE) << 120n) |
        (250_00n << 64n) |
        (1n << 56n) |
        (1n << 48n) |
        (3n << 32n) |
        (1n << 16n) |
        BigInt(CNY);
      expect(await s.contracts.bills.terms(bill)).to.equal(word);
    });

    it('makes one parcel that its acceptor holds and its payee may take, and touches nothing else', async () => {
      const other = await taken(s, { serial: 2, by: s.coreFirm2 });
      const changes = await changesOf(s, () => issued(s));
      expect(changes).to.deep.equal(['bill 1/1 1-10000', 'bill 1/1 paid', 'bill 1/1 terms']);
      expect(await lineOf(s, billNo(s.coreFirm.number, 1))).to.deep.equal([
        ['1-10000', 'coreFirm', 'offered'],
      ]);
      expect(await lineOf(s, other.bill)).to.deep.equal([['1-10000', 'supplier', 'held']]);
    });

    it('waits for the payee even if that has given a standing acceptance', async () => {
      await s.supplier.does(s.calls.setStanding(true));
      const { bill } = await issued(s);
      expect(await lineOf(s, bill)).to.deep.equal([['1-10000', 'coreFirm', 'offered']]);
    });

    it('numbers bills as it likes, beside the numbers of others', async () => {
      for (const serial of [0, 1, 2 ** 32 - 1]) await issued(s, { serial });
      await issued(s, { serial: 1, by: s.coreFirm2 });
      const { bills } = s.contracts;
      expect((await bills.terms(billNo(s.coreFirm.number, 1))) >> 224n).to.equal(s.coreFirm.number);
      expect((await bills.terms(billNo(s.coreFirm2.number, 1))) >> 224n).to.equal(s.coreFirm2.number);
    });

    it('may go up to the largest face that a line can have', async () => {
      const { bill, root } = await taken(s, { face: MAX_FACE });
      expect(await lineOf(s, bill)).to.deep.equal([[`1-${MAX_FACE}`, 'supplier', 'held']]);
      await s.supplier.does(s.calls.offer(root, 1n, s.bank.number, 0));
      expect(await lineOf(s, bill)).to.deep.equal([
        [`1-${MAX_FACE - 1n}`, 'supplier', 'held'],
        [`${MAX_FACE}-${MAX_FACE}`, 'supplier', 'offered'],
      ]);
    });

    it('can be made many at a time', async () => {
      const { bills } = s.contracts;
      const issue = (serial: number) =>
        bills.interface.encodeFunctionData('issue', [termsOf(s, { serial }) as never]);
      const batch = (...serials: number[]) => ({
        target: s.deployment.addresses.bills,
        data: bills.interface.encodeFunctionData('multicall', [serials.map(issue)]),
      });
      await s.coreFirm.does(batch(1, 2, 3));
      expect(await lineOf(s, billNo(s.coreFirm.number, 3))).to.deep.equal([
        ['1-10000', 'coreFirm', 'offered'],
      ]);
      await refused(s.coreFirm.does(batch(4, 3)), bills, 'BillsSerialUsed', billNo(s.coreFirm.number, 3));
      expect(await bills.terms(billNo(s.coreFirm.number, 4))).to.equal(0);
    });
  });

  describe('that cannot be', () => {
    const refuses = (fields: Parameters<typeof issues>[1], error: string, ...args: unknown[]) =>
      refused(issues(s, fields), s.contracts.bills, error, ...args);

    it('is refused to oneself, without an amount, under a number that is used', async () => {
      await refuses({ to: s.coreFirm }, 'BillsToOneself', s.coreFirm.number);
      await refuses({ face: 0n }, 'BillsInvalidAmount');
      const { bill } = await issued(s);
      await refuses({ face: 5n }, 'BillsSerialUsed', bill);
    });

    it('is refused to all but core enterprises', async () => {
      for (const by of [s.supplier2, s.bank, s.settlementBank]) {
        await refuses({ by }, 'BillsNotCoreEnterprise', by.number);
      }
    });

    it('is refused with restrictions that do not exist', async () => {
      for (const restrictions of [8, 16, 0x8000])
        await refuses({ restrictions }, 'BillsUnknownRestriction', restrictions);
    });

    it('is refused under a pack that is not in force, or rules another kind', async () => {
      const { rulebook } = s.contracts;
      await refused(issues(s, { rulePack: 2 }), rulebook, 'RulebookNotInForce', 2);
      await rulebook.publish(2, dateOf('2026-01-01'), 6, 360, 1000, DOCUMENT);
      await refuses({ rulePack: 2 }, 'BillsWrongKind', 2);
    });

    it('is refused for a due date that is past, today, or no beginning of a legal date', async () => {
      for (const due of [0, dateOf('2026-03-02'), dateOf('2026-03-03'), DUE + 1, DUE - 1, DUE + 8 * 3600]) {
        await refuses({ due }, 'BillsInvalidDueDate', due);
      }
      await issued(s, { due: dateOf('2026-03-04') });
    });

    it('is refused for a day that begins in this very second', async () => {
      await exactlyAt(DUE);
      await refuses({ due: DUE }, 'BillsInvalidDueDate', DUE);
      await exactlyAt(DUE + 86_400 - 1);
      await issued(s, { due: DUE + 86_400 });
    });

    it('is refused beyond six calendar months, to the day', async () => {
      const cases: [today: string, last: string, beyond: string][] = [
        ['2026-03-03', '2026-09-03', '2026-09-04'],
        ['2026-08-30', '2027-02-28', '2027-03-01'],
        ['2026-08-31', '2027-02-28', '2027-03-01'],
        ['2027-08-31', '2028-02-29', '2028-03-01'],
      ];
      for (const [n, [today, last, beyond]] of cases.entries()) {
        if (n > 0) await clockTo(dateOf(today));
        await refuses({ due: dateOf(beyond) }, 'BillsTenorTooLong', dateOf(beyond), dateOf(last));
        await issued(s, { serial: n + 10, due: dateOf(last) });
      }
    });

    it('is refused when its words are longer than their places', async () => {
      const { bills } = s.contracts;
      const data = s.calls.issue(termsOf(s)).data;
      const word = (n: number) => 10 + 64 * (n + 1);
      const places = {
        serial: [0, 8],
        payee: [1, 8],
        due: [2, 10],
        face: [3, 14],
        restrictions: [4, 4],
      } as const;
      for (const [place, digits] of Object.values(places)) {
        const at = word(place) + 64 - digits - 1;
        const longer = `${data.slice(0, at)}1${data.slice(at + 1)}`;
        await expect(
          s.coreFirm.does({ target: await bills.getAddress(), data: longer }),
        ).to.be.revertedWithoutReason(ethers);
      }
      await s.coreFirm.does({ target: await bills.getAddress(), data });
    });
  });

  it('counts a year of 365 days where its pack says so', async () => {
    await s.contracts.rulebook.publish(1, dateOf('2026-03-04'), 6, 365, 1000, DOCUMENT);
    await clockTo(dateOf('2026-03-04'));
    const { bill } = await issued(s, { rulePack: 2, restrictions: 1 });
    expect(((await s.contracts.bills.terms(bill)) >> 32n) & 0xffffn).to.equal(9);
  });
});
