import { expect } from 'chai';
import { AbiCoder, FunctionFragment, keccak256 } from 'ethers';
import { invoiceId } from '#chain/typed-data.ts';
import { billNo } from '#domain/bills/intervals.ts';
import { issued, issues, taken } from '../support/acts.ts';
import { refused } from '../support/refusals.ts';
import { stage, type Stage } from '../support/stage.ts';

describe('InvoiceBook', () => {
  const A = invoiceId('91310000X', 'A-1');
  const B = invoiceId('91310000X', 'B-1');
  const MAX = 2n ** 56n - 1n;
  let s: Stage;
  let serial = 0;
  beforeEach(async () => {
    s = await stage();
    serial = 0;
  });
  const use = (amount: bigint, total = 100n, id = A) => ({ invoiceId: id, total, amount });
  const backs = (...invoices: ReturnType<typeof use>[]) => issues(s, { serial: (serial += 1), invoices });
  const usage = (id = A) => s.contracts.bills.usage(s.supplier.number, id);
  const occupied = (act: Promise<unknown>, total: bigint, used: bigint, id = A) =>
    refused(act, s.contracts.bills, 'InvoiceRegistryOccupied', id, total, used);

  it('knows an invoice by seller, code and number, and never mixes the three up', () => {
    const words = AbiCoder.defaultAbiCoder().encode(['string', 'string', 'string'], ['91310000X', '', 'A-1']);
    expect(A).to.equal(keccak256(words));
    const ids = [
      invoiceId('ab', 'c'),
      invoiceId('a', 'bc'),
      invoiceId('a', 'c', 'b'),
      invoiceId('a', 'b', 'c'),
    ];
    expect(new Set(ids).size).to.equal(4);
  });

  it('keeps a book for each payee: what one is owed takes nothing of what another is', async () => {
    await backs(use(60n));
    await issues(s, { by: s.coreFirm2, to: s.supplier2, invoices: [use(100n)] });
    expect(await usage()).to.deep.equal([100n, 60n]);
    expect(await s.contracts.bills.usage(s.supplier2.number, A)).to.deep.equal([100n, 100n]);
  });

  it('lets an invoice back several bills, up to its total', async () => {
    const { bills } = s.contracts;
    await backs(use(60n));
    await expect(backs(use(40n)))
      .to.emit(bills, 'InvoiceBacked')
      .withArgs(A, billNo(s.coreFirm.number, 2), 100n, 40n, 100n);
    expect(await usage()).to.deep.equal([100n, 100n]);
    await occupied(backs(use(1n)), 100n, 100n);
  });

  it('counts over all issuers', async () => {
    await backs(use(60n));
    await occupied(issues(s, { by: s.coreFirm2, invoices: [use(41n)] }), 100n, 60n);
    await issues(s, { by: s.coreFirm2, invoices: [use(40n)] });
  });

  it('counts within one bill', async () => {
    await occupied(backs(use(60n), use(41n)), 100n, 60n);
    await backs(use(60n), use(40n), use(5n, 5n, B));
    expect(await usage(B)).to.deep.equal([5n, 5n]);
  });

  it('undoes all uses of an issue when one of them fails', async () => {
    await backs(use(90n));
    await occupied(backs(use(5n, 5n, B), use(11n)), 100n, 90n);
    expect(await usage(B)).to.deep.equal([0n, 0n]);
    expect(await usage()).to.deep.equal([100n, 90n]);
  });

  it('refuses more than the total, however long the numbers', async () => {
    await occupied(backs(use(101n)), 0n, 0n);
    await occupied(backs(use(1n, 0n)), 0n, 0n);
    await backs(use(MAX, MAX));
    await occupied(backs(use(MAX, MAX)), MAX, MAX);
  });

  it('holds to the total that stands in the book while the invoice is used', async () => {
    await backs(use(60n));
    await occupied(backs(use(1n, 1000n)), 100n, 60n);
    await occupied(backs(use(1n, 99n)), 100n, 60n);
  });

  it('forgets a total when nobody uses the invoice any more', async () => {
    const { bill, backing } = await issued(s, { serial: 9, invoices: [use(60n, 70n)] });
    await s.supplier.does(s.calls.refuseIssue(bill, backing));
    expect(await usage()).to.deep.equal([70n, 0n]);
    await backs(use(100n));
    expect(await usage()).to.deep.equal([100n, 100n]);
  });

  it('gives back what one bill used and keeps what others use', async () => {
    await backs(use(30n));
    const { bill, backing } = await issued(s, { serial: 9, invoices: [use(20n), use(10n)] });
    await expect(s.coreFirm.does(s.calls.withdrawIssue(bill, backing)))
      .to.emit(s.contracts.bills, 'InvoiceFreed')
      .withArgs(A, bill, 20n, 40n)
      .and.to.emit(s.contracts.bills, 'InvoiceFreed')
      .withArgs(A, bill, 10n, 30n);
    expect(await usage()).to.deep.equal([100n, 30n]);
  });

  it('keeps what a bill in force uses, paid or not', async () => {
    const { bill, backing } = await taken(s, { invoices: [use(60n)] });
    await refused(
      s.coreFirm.does(s.calls.withdrawIssue(bill, backing)),
      s.contracts.bills,
      'BillsNotHolder',
      bill << 64n,
      s.coreFirm.number,
    );
    await s.coreFirm.does(s.calls.fund(bill, 100_00n));
    expect(await usage()).to.deep.equal([100n, 60n]);
  });

  it('has no entry of its own: only issues and their ends write it', async () => {
    const writers = s.contracts.bills.interface.fragments
      .filter((fragment) => fragment instanceof FunctionFragment)
      .filter((fragment) => !fragment.constant && fragment.format('full').includes('invoiceId'))
      .map(({ name }) => name);
    expect(writers.sort()).to.deep.equal(['expireIssue', 'issue', 'refuseIssue', 'withdrawIssue']);
  });
});
