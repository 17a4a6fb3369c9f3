/** Heads of chains that are kept elsewhere: each sender's its own, and only ever added to. */
import { expect } from 'chai';
import { id } from 'ethers';
import { refusalOf } from '#chain/errors.ts';
import { interfaces } from '#chain/contracts.ts';
import { readAnchors } from '#chain/anchors.ts';
import type { AuditAnchor } from '../../../types/contracts/audit/AuditAnchor.ts';
import { ethers } from '../support/chain.ts';
import { refused } from '../support/refusals.ts';
import { stage, type Stage } from '../support/stage.ts';

describe('AuditAnchor', () => {
  let s: Stage;
  let anchor: AuditAnchor;
  let [one, other]: AuditAnchor[] = [];
  let [a, b] = ['', ''];
  beforeEach(async () => {
    s = await stage();
    anchor = s.contracts.auditAnchor;
    const [first, second] = (await ethers.getSigners()).slice(-2);
    [one, other] = [anchor.connect(first!), anchor.connect(second!)];
    [a, b] = [first!.address, second!.address];
  });

  it('keeps what a sender wrote, with the time of the block, and says so', async () => {
    const sent = await one!.anchor(7, id('head 7'));
    await expect(sent).to.emit(anchor, 'Anchored').withArgs(a, 7, id('head 7'));
    const { timestamp } = (await ethers.provider.getBlock(sent.blockNumber!))!;
    expect(await anchor.count(a)).to.equal(1);
    expect(await anchor.anchorOf(a, 0)).to.deep.equal([7n, BigInt(timestamp), id('head 7')]);
  });

  it('keeps the senders apart: the same number twice, and nobody writes for another', async () => {
    await one!.anchor(7, id('head 7'));
    await other!.anchor(7, id('another head'));
    await other!.anchor(9, id('head 9'));
    expect(await readAnchors(s.contracts, [a])).to.deep.equal([{ no: '7', head: id('head 7').slice(2) }]);
    expect((await readAnchors(s.contracts, [b])).map(({ no }) => no)).to.deep.equal(['7', '9']);
    expect(await readAnchors(s.contracts, [await anchor.getAddress()])).to.deep.equal([]);
  });

  it('is only ever added to: neither the same link again nor an earlier one', async () => {
    await refused(one!.anchor(0, id('none')), anchor, 'AuditAnchorNotAhead', 0, 0);
    await one!.anchor(7, id('head 7'));
    for (const no of [7, 6, 1, 0])
      await refused(one!.anchor(no, id('a forged head')), anchor, 'AuditAnchorNotAhead', no, 7);
    await one!.anchor(2n ** 64n - 1n, id('the last'));
    expect(await anchor.count(a)).to.equal(2);
    expect((await anchor.anchorOf(a, 0)).head).to.equal(id('head 7'));
  });

  it('tells with a code that a link was anchored before', () => {
    const data = interfaces.auditAnchor.encodeErrorResult('AuditAnchorNotAhead', [6n, 7n]);
    expect(refusalOf(data).code).to.equal('ALREADY_DONE');
  });

  it('takes less gas than the keeper gives it', async () => {
    for (const no of [1, 2, 3]) {
      const { gasUsed } = (await (await one!.anchor(no, id(`head ${no}`))).wait())!;
      expect(gasUsed).to.be.lessThan(120_000n);
    }
  });
});
