import { expect } from 'chai';
import { WHOLE } from '#chain/calls.ts';
import { answers, DUE, issued, type Issued, lineOf, passed, quoteOf, sale, taken } from '../support/acts.ts';
import { clockTo, ethers } from '../support/chain.ts';
import { changesOf } from '../support/neighbours.ts';
import { refused } from '../support/refusals.ts';
import { stage, type Stage } from '../support/stage.ts';

/** The upper eight of the lower 64 bits of an id belong to no first cent: ids that set them name nothing. */
describe('Bills: ids that only look like a parcel’s', () => {
  const aliases = (id: bigint): bigint[] => [id + (1n << 56n), id + (0xffn << 56n)];
  let s: Stage;
  beforeEach(async () => {
    s = await stage();
  });

  it('take, refuse, withdraw and expire nothing of a bill that waits', async () => {
    const { bills } = s.contracts;
    const { bill, root } = await issued(s);
    for (const id of aliases(root)) {
      const changes = await changesOf(s, async () => {
        await refused(answers(s, s.supplier, 'take', id), bills, 'BillsNotOffered', id, s.supplier.number);
        await refused(answers(s, s.supplier, 'refuse', id), bills, 'BillsNotOffered', id, s.supplier.number);
        await refused(answers(s, s.coreFirm, 'withdraw', id), bills, 'BillsNotHolder', id, s.coreFirm.number);
        await refused(answers(s, s.stranger, 'expire', id), bills, 'BillsNotOffered', id, 0);
      });
      expect(changes).to.deep.equal([]);
      expect(await bills.parcel(id)).to.equal(0);
    }
    expect(await lineOf(s, bill)).to.deep.equal([['1-10000', 'coreFirm', 'offered']]);
  });

  it('offer, sell and answer nothing of a bill in force', async () => {
    const { bills } = s.contracts;
    const { root } = await taken(s);
    const part = await passed(s, root, 40_00n, s.supplier, s.supplier2);
    await s.supplier2.does(s.calls.offer(part, 10_00n, s.bank.number, 0));
    const offered = root + 90_00n;
    await s.bank.does(s.calls.setLine(s.coreFirm.number, 100_00n, 0));
    for (const id of aliases(root)) {
      await refused(
        s.supplier.does(s.calls.offer(id, WHOLE, s.bank.number, 0)),
        bills,
        'BillsNotHolder',
        id,
        s.supplier.number,
      );
      await refused(
        s.supplier.does(sale(s, s.bank, id, 1n, quoteOf(s, s.bank, id))),
        bills,
        'BillsNotHolder',
        id,
        s.supplier.number,
      );
      await refused(bills.ownerOf(id), bills, 'BillsNoSuchParcel', id);
      await refused(bills.tokenURI(id), bills, 'BillsNoSuchParcel', id);
    }
    for (const id of aliases(offered)) {
      await refused(answers(s, s.bank, 'take', id), bills, 'BillsNotOffered', id, s.bank.number);
      await refused(answers(s, s.bank, 'refuse', id), bills, 'BillsNotOffered', id, s.bank.number);
    }
  });

  it('longer than an id are refused', async () => {
    const { bills } = s.contracts;
    const { root } = await taken(s);
    for (const id of [root + (1n << 128n), ethers.MaxUint256]) {
      await refused(bills.ownerOf(id), bills, 'SafeCastOverflowedUintDowncast', 128, id);
      await refused(bills.tokenURI(id), bills, 'SafeCastOverflowedUintDowncast', 128, id);
    }
  });

  it('a first cent longer than its place is refused when a bill is paid', async () => {
    const { bill }: Issued = await taken(s);
    await s.coreFirm.does(s.calls.fund(bill, 100_00n));
    await clockTo(DUE);
    const { target, data } = s.calls.distribute(bill, [0n]);
    const aliased = `${data.slice(0, -64)}${'01'.padStart(50, '0')}${'0'.repeat(14)}`;
    await expect(s.stranger.does({ target, data: aliased })).to.be.revertedWithoutReason(ethers);
    await s.stranger.does({ target, data });
  });
});
