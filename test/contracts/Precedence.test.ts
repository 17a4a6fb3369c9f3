import { expect } from 'chai';
import { id, ZeroHash } from 'ethers';
import { WHOLE } from '#chain/calls.ts';
import type { Quote } from '#chain/typed-data.ts';
import { ROLE_BITS } from '#domain/codes.ts';
import { ACT_PROBLEM_CODES, type ActProblemCode, type ProblemCode } from '#domain/problems.ts';
import type { Actor } from './support/actors.ts';
import {
  answers,
  dateOf,
  DUE,
  type Issued,
  issued,
  issues,
  paysOut,
  pieceOf,
  quoteOf,
  REASON,
  sale,
  seen,
  taken,
} from './support/acts.ts';
import { clockTo } from './support/chain.ts';
import { codeFrom } from './support/refusals.ts';
import { OPENING_CASH, stage, type Stage } from './support/stage.ts';

/**
 * When several codes fit, the one wins that stands first in the list of shared/scenarios/README.md. Each test begins with
 * an act that has everything against it and takes away what won, until nothing is left.
 */
describe('the problem that wins when several fit', () => {
  const UNKNOWN = 99;
  let s: Stage;
  beforeEach(async () => {
    s = await stage();
  });

  type Step = [ProblemCode, () => Promise<unknown>];

  /** Expects the steps to fail with their codes, which must stand in the order of the list, and the last act to succeed. */
  async function peels(steps: Step[], good?: () => Promise<unknown>): Promise<void> {
    const places = steps
      .map(([code]) => ACT_PROBLEM_CODES.indexOf(code as ActProblemCode))
      .filter((at) => at >= 0);
    expect(places, 'the steps follow the list').to.deep.equal(places.toSorted((a, b) => a - b));
    for (const [code, act] of steps) expect(await codeFrom(act()), code).to.equal(code);
    await good?.();
  }
  const suspend = ({ number }: Actor) => s.contracts.bills.suspend(number, REASON);
  const restore = ({ number }: Actor) => s.contracts.bills.restore(number, ZeroHash);

  it('issue', async () => {
    const far = dateOf('2027-03-03');
    const use = { invoiceId: id('A-1'), total: 5n, amount: 6n };
    const nobody = { ...s.supplier, number: UNKNOWN };
    const worst = { by: s.supplier2, to: nobody, face: 0n, due: far + 1, invoices: [use] };
    await suspend(s.supplier2);
    await peels([
      ['MEMBER_UNKNOWN', () => issues(s, worst)],
      ['MEMBER_NOT_ACTIVE', () => issues(s, { ...worst, to: s.supplier })],
    ]);
    await restore(s.supplier2);
    await peels(
      [
        ['ROLE_REQUIRED', () => issues(s, { ...worst, to: s.supplier })],
        ['AMOUNT_INVALID', () => issues(s, { face: 0n, due: far + 1, invoices: [use] })],
        ['DUE_DATE_INVALID', () => issues(s, { due: far + 1, invoices: [use] })],
        ['TENOR_TOO_LONG', () => issues(s, { due: far, invoices: [use] })],
        ['INVOICE_OCCUPIED', () => issues(s, { invoices: [use] })],
      ],
      () => issues(s),
    );
  });

  it('issue that is no proper request, by somebody without the role', async () => {
    await issued(s);
    await s.contracts.bills.renew(s.coreFirm.number, 2, 0, REASON);
    await peels([
      ['REQUEST_INVALID', () => issues(s, { face: 0n })],
      ['REQUEST_INVALID', () => issues(s, { serial: 2, restrictions: 8, face: 0n })],
      ['REQUEST_INVALID', () => issues(s, { serial: 2, rulePack: 9, face: 0n })],
      ['REQUEST_INVALID', () => issues(s, { to: s.coreFirm, face: 0n })],
      ['ROLE_REQUIRED', () => issues(s, { serial: 2, face: 0n })],
    ]);
  });

  it('any act: who calls is asked before what is asked for', async () => {
    // The one place where the chain cannot follow the list: it knows a member's own number only once it knows the member.
    await suspend(s.coreFirm);
    await peels([['MEMBER_NOT_ACTIVE', () => issues(s, { to: s.coreFirm, restrictions: 8 })]]);
    await peels([['MEMBER_UNKNOWN', () => issues(s, { by: s.stranger, restrictions: 8 })]]);
  });

  it('take', async () => {
    const { root } = await taken(s);
    const until = dateOf('2026-04-01');
    await s.supplier.does(s.calls.offer(root, 10_00n, s.supplier2.number, until));
    await s.supplier.does(s.calls.offer(root, 10_00n, s.supplier2.number, 0));
    const [expired, open] = [pieceOf(root, 100_00n, 10_00n), pieceOf(root, 90_00n, 10_00n)];
    await clockTo(DUE);
    await suspend(s.bank);
    await peels([
      ['MEMBER_UNKNOWN', () => answers(s, s.stranger, 'take', expired)],
      ['MEMBER_NOT_ACTIVE', () => answers(s, s.bank, 'take', expired)],
      ['NOT_OFFERED_TO_YOU', () => answers(s, s.bank2, 'take', expired)],
      ['OFFER_EXPIRED', () => answers(s, s.supplier2, 'take', expired)],
      ['BILL_MATURED', () => answers(s, s.supplier2, 'take', open)],
    ]);
  });

  it('refuse and withdraw', async () => {
    const { root } = await taken(s);
    await suspend(s.bank);
    await peels(
      [
        ['MEMBER_UNKNOWN', () => answers(s, s.stranger, 'withdraw', root)],
        ['MEMBER_NOT_ACTIVE', () => answers(s, s.bank, 'withdraw', root)],
        ['NOT_HOLDER', () => answers(s, s.bank2, 'withdraw', root)],
        ['NOT_OFFERED_TO_YOU', () => answers(s, s.supplier, 'withdraw', root)],
      ],
      () => s.supplier.does(s.calls.offer(root, WHOLE, s.bank2.number, 0)),
    );
    await peels(
      [
        ['MEMBER_NOT_ACTIVE', () => answers(s, s.bank, 'refuse', root)],
        ['NOT_OFFERED_TO_YOU', () => answers(s, s.supplier2, 'refuse', root)],
      ],
      () => answers(s, s.bank2, 'refuse', root),
    );
  });

  it('extend', async () => {
    const waiting = await issued(s, { serial: 2 });
    const { root } = await taken(s);
    const [past, until, later] = [dateOf('2026-03-01'), dateOf('2026-04-01'), dateOf('2026-05-01')];
    const extend =
      (parcel: bigint, to: number, instant: number, by = s.supplier) =>
      async () =>
        by.does(s.calls.extend(parcel, { ...(await seen(s, parcel)), to }, instant));
    await suspend(s.bank);
    await peels(
      [
        ['MEMBER_UNKNOWN', extend(root, UNKNOWN, past, s.stranger)],
        ['MEMBER_NOT_ACTIVE', extend(root, UNKNOWN, past, s.bank)],
        ['NOT_HOLDER', extend(root, UNKNOWN, past, s.bank2)],
        ['NOT_OFFERED_TO_YOU', extend(root, UNKNOWN, past)],
      ],
      () => s.supplier.does(s.calls.offer(root, WHOLE, s.bank2.number, until)),
    );
    await peels([
      ['OFFER_CHANGED', extend(root, UNKNOWN, past)],
      ['OFFER_EXPIRED', extend(root, s.bank2.number, past)],
    ]);
    await peels([
      ['OFFER_CHANGED', extend(waiting.root, UNKNOWN, past, s.coreFirm)],
      ['OFFER_EXPIRED', extend(waiting.root, s.supplier.number, past, s.coreFirm)],
      ['BILL_NOT_ACTIVE', extend(waiting.root, s.supplier.number, 0, s.coreFirm)],
    ]);
    await peels(
      [['REQUEST_INVALID', extend(root, s.bank2.number, until)]],
      extend(root, s.bank2.number, later),
    );
    await clockTo(DUE);
    await peels([
      ['BILL_NOT_ACTIVE', extend(waiting.root, s.supplier.number, 0, s.coreFirm)],
      ['BILL_MATURED', extend(root, s.bank2.number, 0)],
    ]);
  });

  /** A bill that forbids everything and one that forbids nothing, with pieces on offer and free. */
  async function hurdles() {
    const waiting = await issued(s, { serial: 3 });
    const strict = await taken(s, { serial: 1, restrictions: 4, named: [s.guarantor.number] });
    await s.supplier.does(s.calls.offer(strict.root, 50_00n, s.guarantor.number, 0));
    return { waiting, locked: strict.root + 50_00n, free: strict.root, open: await taken(s, { serial: 2 }) };
  }

  it('offer', async () => {
    const { waiting, locked, free, open } = await hurdles();
    const past = dateOf('2026-03-01');
    const offers =
      (id: bigint, amount: bigint, until: number, by = s.supplier, to = s.bank2.number) =>
      () =>
        by.does(s.calls.offer(id, amount, to, until));
    await suspend(s.bank);
    await peels(
      [
        ['MEMBER_UNKNOWN', offers(locked, 0n, past, s.bank, UNKNOWN)],
        ['MEMBER_NOT_ACTIVE', offers(locked, 0n, past, s.bank)],
        ['MEMBER_NOT_ACTIVE', offers(locked, 0n, past, s.supplier2, s.bank.number)],
        ['NOT_HOLDER', offers(locked, 0n, past, s.supplier2)],
        ['OFFER_EXPIRED', offers(waiting.root, 0n, past, s.coreFirm)],
        ['BILL_NOT_ACTIVE', offers(waiting.root, 0n, 0, s.coreFirm)],
        ['PARCEL_LOCKED', offers(locked, 0n, 0)],
        ['RESTRICTED', offers(free, 0n, 0)],
        ['AMOUNT_INVALID', offers(open.root, 0n, 0)],
        ['AMOUNT_EXCEEDS_PARCEL', offers(open.root, 100_01n, 0)],
      ],
      offers(open.root, 10_00n, 0),
    );
    await clockTo(DUE);
    await peels([
      ['OFFER_EXPIRED', offers(locked, 0n, past)],
      ['BILL_NOT_ACTIVE', offers(waiting.root, 0n, 0, s.coreFirm)],
      ['BILL_MATURED', offers(locked, 0n, 0)],
    ]);
  });

  it('take what has changed, and what a bank may not have', async () => {
    const { root } = await taken(s);
    const until = dateOf('2026-04-01');
    await s.supplier.does(s.calls.offer(root, 10_00n, s.supplier2.number, until));
    const part = pieceOf(root, 100_00n, 10_00n);
    const old = { ...(await seen(s, part)), end: 99_99n };
    await clockTo(until);
    await suspend(s.bank);
    await peels([
      ['MEMBER_UNKNOWN', () => s.supplier2.does(s.calls.take(part, { ...old, from: UNKNOWN }))],
      ['MEMBER_NOT_ACTIVE', () => s.supplier2.does(s.calls.take(part, { ...old, from: s.bank.number }))],
      ['NOT_OFFERED_TO_YOU', () => s.bank2.does(s.calls.take(part, old))],
      ['OFFER_CHANGED', () => s.supplier2.does(s.calls.take(part, old))],
      ['OFFER_EXPIRED', () => answers(s, s.supplier2, 'take', part)],
    ]);
    const strict = await taken(s, { serial: 2, restrictions: 2 });
    await s.supplier.does(s.calls.offer(strict.root, 10_00n, s.guarantor.number, 0));
    await s.contracts.bills.setPrivileges(s.guarantor.number, ROLE_BITS.bank);
    const offered = pieceOf(strict.root, 100_00n, 10_00n);
    await peels([['RESTRICTED', () => answers(s, s.guarantor, 'take', offered)]]);
    const free = await taken(s, { serial: 3 });
    await s.supplier.does(s.calls.offer(free.root, WHOLE, s.guarantor.number, 0));
    await peels([['LINE_EXCEEDED', () => answers(s, s.guarantor, 'take', free.root)]], async () => {
      await s.guarantor.does(s.calls.setLine(s.coreFirm.number, 100_00n, 0));
      await answers(s, s.guarantor, 'take', free.root);
    });
  });

  it('sell', async () => {
    const { waiting, locked, free, open } = await hurdles();
    await s.bank.does(s.calls.setLine(s.coreFirm.number, 50_00n, 0));
    await paysOut(s, s.bank, OPENING_CASH);
    const dear: Partial<Quote> = { ratePpm: 2 ** 32 - 1, validUntil: 1, amount: 0n };
    const sells =
      (id: bigint, amount: bigint, fields: Partial<Quote> = dear, { by = s.supplier, bank = s.bank } = {}) =>
      () =>
        by.does(sale(s, bank, id, amount, quoteOf(s, bank, id, fields)));
    await suspend(s.supplier2);
    await peels([
      [
        'MEMBER_UNKNOWN',
        sells(locked, 0n, dear, { by: s.supplier2, bank: { ...s.guarantor, number: UNKNOWN } }),
      ],
      ['MEMBER_NOT_ACTIVE', sells(locked, 0n, dear, { by: s.supplier2, bank: s.guarantor })],
      ['ROLE_REQUIRED', sells(locked, 0n, dear, { by: s.coreFirm2, bank: s.guarantor })],
      ['NOT_HOLDER', sells(locked, 0n, dear, { by: s.coreFirm2 })],
      ['BILL_NOT_ACTIVE', sells(waiting.root, 0n, dear, { by: s.coreFirm })],
      ['PARCEL_LOCKED', sells(locked, 0n)],
      ['RESTRICTED', sells(free, 0n)],
      ['AMOUNT_INVALID', sells(open.root, 0n)],
      ['AMOUNT_EXCEEDS_PARCEL', sells(open.root, 100_01n)],
    ]);
    await peels(
      [
        ['AMOUNT_INVALID', sells(open.root, 60_00n)],
        ['QUOTE_EXPIRED', sells(open.root, 60_00n, { validUntil: 1, amount: 0n })],
        ['QUOTE_EXCEEDED', sells(open.root, 60_00n, { amount: 0n })],
        ['LINE_EXCEEDED', sells(open.root, 60_00n, {})],
        ['INSUFFICIENT_CASH', sells(open.root, 40_00n, {})],
      ],
      async () => {
        await s.settlementBank.does(s.calls.deposit(s.bank.number, OPENING_CASH, ZeroHash));
        await sells(open.root, 40_00n, {})();
      },
    );
    await clockTo(DUE);
    await peels([
      ['NOT_HOLDER', sells(locked, 0n, dear, { by: s.coreFirm2 })],
      ['BILL_NOT_ACTIVE', sells(waiting.root, 0n, dear, { by: s.coreFirm })],
      ['BILL_MATURED', sells(locked, 0n)],
    ]);
  });

  it('sell under a quote that is cancelled', async () => {
    const { root } = await taken(s);
    const quote = quoteOf(s, s.bank, root, { amount: 0n });
    await s.bank.does(s.calls.cancelQuote(quote.nonce));
    await peels([['QUOTE_EXPIRED', () => s.supplier.does(sale(s, s.bank, root, 1_00n, quote))]]);
  });

  it('fund', async () => {
    const waiting = await issued(s, { serial: 3 });
    const { bill } = await taken(s, { face: 2n * OPENING_CASH });
    const funds =
      (no: bigint, amount: bigint, by = s.coreFirm) =>
      () =>
        by.does(s.calls.fund(no, amount));
    await suspend(s.supplier2);
    await peels(
      [
        ['MEMBER_UNKNOWN', funds(waiting.bill, 0n, s.stranger)],
        ['ROLE_REQUIRED', funds(waiting.bill, 0n, s.supplier2)],
        ['BILL_NOT_ACTIVE', funds(waiting.bill, 0n)],
        ['AMOUNT_INVALID', funds(bill, 0n)],
        ['OVERPAID', funds(bill, 2n * OPENING_CASH + 1n)],
        ['INSUFFICIENT_CASH', funds(bill, OPENING_CASH + 1n)],
      ],
      funds(bill, OPENING_CASH),
    );
  });

  it('pay for the acceptor', async () => {
    const waiting = await issued(s, { serial: 3 });
    const { bill } = await taken(s, { face: 2n * OPENING_CASH });
    const pays =
      (no: bigint, amount: bigint, by = s.supplier) =>
      () =>
        by.does(s.calls.payFor(no, amount));
    await s.supplier.does(s.calls.approveFunding(10n * OPENING_CASH));
    await suspend(s.supplier2);
    await peels(
      [
        ['MEMBER_UNKNOWN', pays(waiting.bill, 0n, s.stranger)],
        ['MEMBER_NOT_ACTIVE', pays(waiting.bill, 0n, s.supplier2)],
        ['BILL_NOT_ACTIVE', pays(waiting.bill, 0n)],
        ['AMOUNT_INVALID', pays(bill, 0n)],
        ['OVERPAID', pays(bill, 2n * OPENING_CASH + 1n)],
        ['INSUFFICIENT_CASH', pays(bill, OPENING_CASH + 1n)],
      ],
      pays(bill, OPENING_CASH),
    );
  });

  it('distribute', async () => {
    const waiting = await issued(s, { serial: 3 });
    const { bill }: Issued = await taken(s);
    const distributes = (no: bigint, first: bigint) => () => s.stranger.does(s.calls.distribute(no, [first]));
    await peels([
      ['BILL_NOT_ACTIVE', distributes(waiting.bill, 7n)],
      ['NOT_DUE', distributes(bill, 7n)],
    ]);
    await clockTo(DUE);
    await peels([['REQUEST_INVALID', distributes(bill, 7n)]], distributes(bill, 0n));
  });

  it('answers to an issue', async () => {
    const { bill, backing } = await issued(s);
    const wrong = { ...backing, documentHash: ZeroHash };
    await suspend(s.bank);
    await peels([
      ['MEMBER_NOT_ACTIVE', () => s.bank.does(s.calls.refuseIssue(bill, wrong))],
      ['NOT_OFFERED_TO_YOU', () => s.supplier2.does(s.calls.refuseIssue(bill, wrong))],
    ]);
    await peels([['REQUEST_INVALID', () => s.supplier.does(s.calls.refuseIssue(bill, wrong))]]);
    await peels([
      ['MEMBER_NOT_ACTIVE', () => s.bank.does(s.calls.withdrawIssue(bill, wrong))],
      ['NOT_HOLDER', () => s.supplier2.does(s.calls.withdrawIssue(bill, wrong))],
    ]);
    await s.supplier.does(s.calls.refuseIssue(bill, backing));
    await peels([
      ['NOT_HOLDER', () => s.supplier2.does(s.calls.withdrawIssue(bill, wrong))],
      ['NOT_OFFERED_TO_YOU', () => s.coreFirm.does(s.calls.withdrawIssue(bill, wrong))],
    ]);
  });

  it('lines and deposits', async () => {
    await suspend(s.bank2);
    await peels([
      ['MEMBER_UNKNOWN', () => s.supplier.does(s.calls.setLine(UNKNOWN, 1n, 0))],
      ['MEMBER_NOT_ACTIVE', () => s.bank2.does(s.calls.setLine(s.coreFirm.number, 1n, 0))],
      ['ROLE_REQUIRED', () => s.supplier.does(s.calls.setLine(s.coreFirm.number, 1n, 0))],
    ]);
    await peels([
      ['MEMBER_UNKNOWN', () => s.supplier.does(s.calls.deposit(UNKNOWN, 1n, ZeroHash))],
      ['ROLE_REQUIRED', () => s.supplier.does(s.calls.deposit(s.bank.number, 1n, ZeroHash))],
    ]);
    await peels([
      ['MEMBER_UNKNOWN', () => s.bank2.does(s.calls.requestRedemption(UNKNOWN, OPENING_CASH + 1n))],
      ['MEMBER_NOT_ACTIVE', () => s.bank2.does(s.calls.requestRedemption(s.bank.number, OPENING_CASH + 1n))],
      ['ROLE_REQUIRED', () => s.bank.does(s.calls.requestRedemption(s.coreFirm.number, OPENING_CASH + 1n))],
      [
        'INSUFFICIENT_CASH',
        () => s.bank.does(s.calls.requestRedemption(s.settlementBank.number, OPENING_CASH + 1n)),
      ],
    ]);
  });
});
