import { expect } from 'chai';
import { invoiceId } from '#chain/typed-data.ts';
import type { OfferSeen } from '../../fixtures/calls.ts';
import {
  answers,
  dateOf,
  DUE,
  issued,
  type Issued,
  issues,
  lineOf,
  passed,
  pieceOf,
  REASON,
  seen,
  sold,
  taken,
} from '../support/acts.ts';
import { ethers, exactlyAt } from '../support/chain.ts';
import { changesOf } from '../support/neighbours.ts';
import { refused } from '../support/refusals.ts';
import { stage, type Stage } from '../support/stage.ts';

const INVOICE = { invoiceId: invoiceId('91310000X', 'A-1'), total: 100_00n, amount: 100_00n };

describe('Bills: answers to an issue', () => {
  let s: Stage;
  let made: Issued;
  beforeEach(async () => {
    s = await stage();
    made = await issued(s, { invoices: [INVOICE] });
  });
  const used = async () => (await s.contracts.bills.usage(s.supplier.number, INVOICE.invoiceId)).used;

  it('is taken by its payee, who then holds all of it', async () => {
    const { bills } = s.contracts;
    const changes = await changesOf(s, () =>
      expect(answers(s, s.supplier, 'take', made.root))
        .to.emit(bills, 'BillTaken')
        .withArgs(made.bill, s.supplier.number),
    );
    expect(changes).to.deep.equal(['bill 1/1 1-10000', 'bill 1/1 terms']);
    expect(await lineOf(s, made.bill)).to.deep.equal([['1-10000', 'supplier', 'held']]);
    expect(((await bills.terms(made.bill)) >> 48n) & 0xffn).to.equal(2);
  });

  it('is taken once', async () => {
    await answers(s, s.supplier, 'take', made.root);
    await refused(
      answers(s, s.supplier, 'take', made.root),
      s.contracts.bills,
      'BillsNotOffered',
      made.root,
      s.supplier.number,
    );
  });

  it('is taken by nobody else', async () => {
    const { bills } = s.contracts;
    for (const actor of [s.coreFirm, s.supplier2, s.bank]) {
      await refused(answers(s, actor, 'take', made.root), bills, 'BillsNotOffered', made.root, actor.number);
    }
  });

  it('can be taken in the last second before it is due, not after', async () => {
    const late = await issued(s, { serial: 2 });
    await exactlyAt(DUE - 1);
    await answers(s, s.supplier, 'take', made.root);
    await exactlyAt(DUE);
    await refused(answers(s, s.supplier, 'take', late.root), s.contracts.bills, 'BillsMatured', late.bill);
  });

  const endings = {
    'refused by its payee': () => s.supplier.does(s.calls.refuseIssue(made.bill, made.backing)),
    'withdrawn by its acceptor': () => s.coreFirm.does(s.calls.withdrawIssue(made.bill, made.backing)),
    'ended by anybody once it is due': async () => {
      await exactlyAt(DUE);
      return s.stranger.does(s.calls.expireIssue(made.bill, made.backing));
    },
  };
  for (const [how, act] of Object.entries(endings)) {
    describe(how, () => {
      it('is cancelled for good, and its invoices are free again', async () => {
        const { bills } = s.contracts;
        const by = { r: s.supplier.number, w: s.coreFirm.number, e: 0 }[how[0] as 'r' | 'w' | 'e'];
        const changes = await changesOf(s, () =>
          expect(act())
            .to.emit(bills, 'BillCancelled')
            .withArgs(made.bill, by)
            .and.to.emit(bills, 'InvoiceFreed')
            .withArgs(INVOICE.invoiceId, made.bill, 100_00n, 0n),
        );
        expect(changes).to.deep.equal(['bill 1/1 1-10000', 'bill 1/1 terms']);
        expect(await lineOf(s, made.bill)).to.deep.equal([['1-10000', 'coreFirm', 'held']]);
        expect(await used()).to.equal(0n);
        expect(((await bills.terms(made.bill)) >> 48n) & 0xffn).to.equal(3);
      });

      it('cannot be answered, moved, paid or issued again', async () => {
        const { bills } = s.contracts;
        await act();
        const { bill, root, backing } = made;
        await refused(
          answers(s, s.supplier, 'take', root),
          bills,
          'BillsNotOffered',
          root,
          s.supplier.number,
        );
        await refused(
          s.supplier.does(s.calls.refuseIssue(bill, backing)),
          bills,
          'BillsNotOffered',
          root,
          s.supplier.number,
        );
        await refused(
          s.coreFirm.does(s.calls.withdrawIssue(bill, backing)),
          bills,
          'BillsNotOffered',
          root,
          s.coreFirm.number,
        );
        await refused(s.stranger.does(s.calls.expireIssue(bill, backing)), bills, 'BillsNotOffered', root, 0);
        await refused(
          s.coreFirm.does(s.calls.offer(root, 1n, s.bank.number, 0)),
          bills,
          'BillsNotActive',
          bill,
        );
        await refused(s.coreFirm.does(s.calls.fund(bill, 1n)), bills, 'BillsNotActive', bill);
        await refused(s.stranger.does(s.calls.distribute(bill, [0n])), bills, 'BillsNotActive', bill);
        await refused(issues(s, { due: DUE + 86_400 }), bills, 'BillsSerialUsed', bill);
      });
    });
  }

  it('is ended only with the document and the invoices of the issue', async () => {
    const { bills } = s.contracts;
    const wrong = [
      { ...made.backing, documentHash: ethers.id('another') },
      { ...made.backing, invoices: [] },
      { ...made.backing, invoices: [{ ...INVOICE, amount: INVOICE.amount - 1n }] },
      { ...made.backing, invoices: [{ ...INVOICE, invoiceId: ethers.id('another') }] },
      { ...made.backing, invoices: [INVOICE, INVOICE] },
    ];
    for (const backing of wrong) {
      await refused(
        s.supplier.does(s.calls.refuseIssue(made.bill, backing)),
        bills,
        'BillsWrongBacking',
        made.bill,
      );
    }
    expect(await used()).to.equal(100_00n);
  });

  it('is refused by nobody but the payee, withdrawn by nobody but the acceptor', async () => {
    const { bills } = s.contracts;
    const { bill, root, backing } = made;
    for (const actor of [s.coreFirm, s.supplier2]) {
      await refused(
        actor.does(s.calls.refuseIssue(bill, backing)),
        bills,
        'BillsNotOffered',
        root,
        actor.number,
      );
    }
    for (const actor of [s.supplier, s.coreFirm2]) {
      await refused(
        actor.does(s.calls.withdrawIssue(bill, backing)),
        bills,
        'BillsNotHolder',
        root,
        actor.number,
      );
    }
  });

  it('stands until the very instant at which it is due', async () => {
    await exactlyAt(DUE - 1);
    await refused(
      s.stranger.does(s.calls.expireIssue(made.bill, made.backing)),
      s.contracts.bills,
      'BillsOfferStands',
      made.root,
    );
  });

  it('is not answered by the acts that answer offers of parcels', async () => {
    const { bills } = s.contracts;
    const { root } = made;
    await refused(answers(s, s.supplier, 'refuse', root), bills, 'BillsNotOffered', root, s.supplier.number);
    await refused(answers(s, s.coreFirm, 'withdraw', root), bills, 'BillsNotHolder', root, s.coreFirm.number);
    await refused(answers(s, s.stranger, 'expire', root), bills, 'BillsNotOffered', root, 0);
  });

  it('cannot be passed on or paid by anybody before it is taken', async () => {
    const { bills } = s.contracts;
    const { bill, root } = made;
    await refused(s.coreFirm.does(s.calls.offer(root, 1n, s.bank.number, 0)), bills, 'BillsNotActive', bill);
    await refused(
      s.supplier.does(s.calls.offer(root, 1n, s.bank.number, 0)),
      bills,
      'BillsNotHolder',
      root,
      s.supplier.number,
    );
    await refused(s.coreFirm.does(s.calls.fund(bill, 1n)), bills, 'BillsNotActive', bill);
  });
});

describe('Bills: answers to an offer of a part', () => {
  const UNTIL = dateOf('2026-04-01');
  let s: Stage;
  let made: Issued;
  let part: bigint;
  beforeEach(async () => {
    s = await stage();
    made = await taken(s);
    part = pieceOf(made.root, 100_00n, 30_00n);
    await s.supplier.does(s.calls.offer(made.root, 30_00n, s.supplier2.number, UNTIL));
  });
  const args = () => [made.bill, s.supplier.number, s.supplier2.number, 70_00n, 100_00n] as const;

  it('is taken by the member that it was offered to', async () => {
    const { bills } = s.contracts;
    const changes = await changesOf(s, () =>
      expect(answers(s, s.supplier2, 'take', part))
        .to.emit(bills, 'ParcelTaken')
        .withArgs(...args()),
    );
    expect(changes).to.deep.equal(['bill 1/1 7001-10000']);
    expect(await lineOf(s, made.bill)).to.deep.equal([
      ['1-7000', 'supplier', 'held'],
      ['7001-10000', 'supplier2', 'held'],
    ]);
  });

  it('is taken in its last second, not after', async () => {
    const { bills } = s.contracts;
    await s.supplier.does(s.calls.offer(made.root, 10_00n, s.bank.number, UNTIL));
    await exactlyAt(UNTIL - 1);
    await answers(s, s.supplier2, 'take', part);
    await exactlyAt(UNTIL);
    const other = pieceOf(made.root, 70_00n, 10_00n);
    await refused(answers(s, s.bank, 'take', other), bills, 'BillsOfferExpired', other, UNTIL);
  });

  it('is refused, and what was cut stays cut', async () => {
    const changes = await changesOf(s, () =>
      expect(answers(s, s.supplier2, 'refuse', part))
        .to.emit(s.contracts.bills, 'OfferRefused')
        .withArgs(...args()),
    );
    expect(changes).to.deep.equal(['bill 1/1 7001-10000']);
    expect(await lineOf(s, made.bill)).to.deep.equal([
      ['1-7000', 'supplier', 'held'],
      ['7001-10000', 'supplier', 'held'],
    ]);
  });

  it('is withdrawn by its holder, who can then do as it likes with it', async () => {
    await expect(answers(s, s.supplier, 'withdraw', part))
      .to.emit(s.contracts.bills, 'OfferWithdrawn')
      .withArgs(...args());
    await passed(s, part, 30_00n, s.supplier, s.guarantor);
  });

  describe('that is extended', () => {
    const LATER = dateOf('2026-05-01');
    const extended = async (until: number, by = s.supplier, wrong: Partial<OfferSeen> = {}) =>
      by.does(s.calls.extend(part, { ...(await seen(s, part)), ...wrong }, until));

    it('can be taken until its new last second, and nothing else changes', async () => {
      const { bills } = s.contracts;
      const changes = await changesOf(s, () =>
        expect(extended(LATER))
          .to.emit(bills, 'OfferExtended')
          .withArgs(...args(), LATER),
      );
      expect(changes).to.deep.equal(['bill 1/1 7001-10000']);
      const word = await bills.parcel(part);
      expect([(word >> 8n) & 0xff_ffff_ffffn, (word >> 192n) & 0xffff_ffffn]).to.deep.equal([
        BigInt(LATER),
        BigInt(s.supplier2.number),
      ]);
      await exactlyAt(UNTIL);
      await refused(answers(s, s.stranger, 'expire', part), bills, 'BillsOfferStands', part);
      await exactlyAt(LATER - 1);
      await answers(s, s.supplier2, 'take', part);
    });

    it('is over at its new end', async () => {
      await extended(LATER);
      await exactlyAt(LATER);
      await refused(
        answers(s, s.supplier2, 'take', part),
        s.contracts.bills,
        'BillsOfferExpired',
        part,
        LATER,
      );
      await answers(s, s.stranger, 'expire', part);
    });

    it('to maturity is open until the bill is due, and cannot be extended again', async () => {
      const { bills } = s.contracts;
      await extended(0);
      for (const until of [0, LATER, DUE + 1])
        await refused(extended(until), bills, 'BillsOfferStands', part);
      await exactlyAt(DUE - 1);
      await answers(s, s.supplier2, 'take', part);
    });

    it('may be over already, as long as nobody has ended it', async () => {
      await exactlyAt(UNTIL);
      await extended(LATER);
      await answers(s, s.supplier2, 'take', part);
    });

    it('is not ended earlier, nor at the same instant', async () => {
      for (const until of [UNTIL, UNTIL - 1])
        await refused(extended(until), s.contracts.bills, 'BillsOfferStands', part);
    });

    it('is not extended to an instant that is over', async () => {
      const { bills } = s.contracts;
      await exactlyAt(LATER);
      await refused(extended(LATER), bills, 'BillsOfferExpired', part, LATER);
      await refused(extended(UNTIL), bills, 'BillsOfferExpired', part, UNTIL);
    });

    it('is extended by its active holder alone, as the holder saw it', async () => {
      const { bills } = s.contracts;
      for (const actor of [s.supplier2, s.coreFirm])
        await refused(extended(LATER, actor), bills, 'BillsNotHolder', part, actor.number);
      await refused(extended(LATER, s.stranger), bills, 'ParticipantsUnknownAccount', s.stranger.account);
      for (const wrong of [{ to: s.bank.number }, { end: 99_99n }])
        await refused(extended(LATER, s.supplier, wrong), bills, 'BillsOfferChanged', part);
      await bills.suspend(s.supplier.number, REASON);
      await refused(extended(LATER), bills, 'ParticipantsNotActive', s.supplier.number);
    });

    it('is on offer, of a bill that is signed for and not matured', async () => {
      const { bills } = s.contracts;
      const waiting = await issued(s, { serial: 2 });
      const ofIssue = s.calls.extend(waiting.root, await seen(s, waiting.root), LATER);
      await refused(s.coreFirm.does(ofIssue), bills, 'BillsNotActive', waiting.bill);
      await exactlyAt(DUE);
      await refused(extended(0), bills, 'BillsMatured', made.bill);
      await answers(s, s.supplier, 'withdraw', part);
      await refused(extended(0), bills, 'BillsNotOffered', part, s.supplier.number);
    });
  });

  it('is ended by anybody once its time is over, not before', async () => {
    const { bills } = s.contracts;
    await exactlyAt(UNTIL - 1);
    await refused(answers(s, s.stranger, 'expire', part), bills, 'BillsOfferStands', part);
    await exactlyAt(UNTIL);
    await expect(answers(s, s.stranger, 'expire', part))
      .to.emit(bills, 'OfferExpired')
      .withArgs(...args());
    expect(await lineOf(s, made.bill)).to.deep.equal([
      ['1-7000', 'supplier', 'held'],
      ['7001-10000', 'supplier', 'held'],
    ]);
  });

  it('is answered once, whatever the answer', async () => {
    const { bills } = s.contracts;
    const offered = await seen(s, part);
    await answers(s, s.supplier2, 'refuse', part);
    for (const call of [s.calls.take(part, offered), s.calls.refuse(part, offered)]) {
      await refused(s.supplier2.does(call), bills, 'BillsNotOffered', part, s.supplier2.number);
    }
    await refused(
      answers(s, s.supplier, 'withdraw', part),
      bills,
      'BillsNotOffered',
      part,
      s.supplier.number,
    );
    await refused(answers(s, s.stranger, 'expire', part), bills, 'BillsNotOffered', part, 0);
  });

  it('is answered by nobody else', async () => {
    const { bills } = s.contracts;
    for (const actor of [s.supplier, s.bank, s.coreFirm]) {
      await refused(answers(s, actor, 'take', part), bills, 'BillsNotOffered', part, actor.number);
      await refused(answers(s, actor, 'refuse', part), bills, 'BillsNotOffered', part, actor.number);
    }
    for (const actor of [s.supplier2, s.coreFirm]) {
      await refused(answers(s, actor, 'withdraw', part), bills, 'BillsNotHolder', part, actor.number);
    }
  });

  it('cannot be taken from the due date on, and then only its holder ends it', async () => {
    const { bills } = s.contracts;
    await s.supplier.does(s.calls.offer(made.root, 10_00n, s.bank.number, 0));
    const open = pieceOf(made.root, 70_00n, 10_00n);
    await exactlyAt(DUE);
    await refused(answers(s, s.bank, 'take', open), bills, 'BillsMatured', made.bill);
    await refused(answers(s, s.stranger, 'expire', open), bills, 'BillsOfferStands', open);
    await answers(s, s.supplier, 'withdraw', open);
  });

  it('gives the bank that offers its line back when the part is taken, not before', async () => {
    const { lines } = s.contracts;
    const usedOf = async () => (await lines.line(s.bank.number, s.coreFirm.number)).used;
    const bought = await sold(s, made.root, 50_00n, s.supplier, s.bank);
    await s.bank.does(s.calls.offer(bought, 20_00n, s.supplier2.number, 0));
    expect(await usedOf()).to.equal(50_00n);
    await expect(answers(s, s.supplier2, 'take', pieceOf(bought, 70_00n, 20_00n)))
      .to.emit(lines, 'LineMoved')
      .withArgs(s.bank.number, s.coreFirm.number, 30_00n, 0n);
    expect(await usedOf()).to.equal(30_00n);
  });
});
