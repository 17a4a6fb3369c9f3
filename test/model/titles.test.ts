import { describe, expect, it } from 'vitest';
import { RESTRICTION_BITS } from '#domain/codes.ts';
import { billOf, cashOf, lineOf, perform, type Act, type Quote, type State } from './model.ts';
import type { ActProblemCode } from '#domain/problems.ts';
import {
  after,
  at,
  bank,
  bill,
  core,
  due,
  issued,
  network,
  otherBank,
  otherCore,
  parcel,
  second,
  settlement,
  stranger,
  supplier,
  taken,
  today,
} from './support/network.ts';

const active = after(network, issued, taken);
const line: Act = { act: 'setLine', by: bank, obligor: core, limit: 60_000n };
const fundedBank = after(active, line, { act: 'deposit', by: settlement, to: bank, amount: 1_000_000n });
const quote: Quote = { bank, nonce: 1n, amount: 100_000n, ratePpm: 20_000n, fee: 0n, validUntil: due };
const clock = (to: number): Act => ({ act: 'clock', to });
const ranges = (state: State) =>
  billOf(state, bill).parcels.map((p) => [p.first, p.end, p.holder, p.offeredTo]);

/** Acts that are refused in a state: each by one change to an act that would succeed. */
function refuses<A extends Act>(
  state: State,
  good: A,
  cases: [string, Partial<A>, ActProblemCode, State?][],
): void {
  it('goes through when nothing speaks against it', () => {
    expect(perform(state, good)).not.toEqual(state);
  });
  it.each(cases)('is refused for %s', (_what, change, code, other) => {
    expect(() => perform(other ?? state, { ...good, ...change })).toThrow(expect.objectContaining({ code }));
  });
}

const restricted = (names: number, named: number[] = []) =>
  after(network, { ...issued, restrictions: names, named } as Act, taken);
const matured = after(active, clock(due));
const withLines = (state: State) =>
  after(state, line, { act: 'deposit', by: settlement, to: bank, amount: 1_000_000n });

describe('issue', () => {
  const invoices = [{ invoice: 'S 1', total: 100_000n, amount: 60_000n }];
  refuses(network, issued as Extract<Act, { act: 'issue' }>, [
    ['oneself', { to: core }, 'REQUEST_INVALID'],
    ['a serial used before', { face: 0n }, 'REQUEST_INVALID', after(network, issued)],
    ['an unknown payee', { to: stranger }, 'MEMBER_UNKNOWN'],
    ['a suspended acceptor', {}, 'MEMBER_NOT_ACTIVE', after(network, { act: 'suspend', member: core })],
    ['a suspended payee', {}, 'MEMBER_NOT_ACTIVE', after(network, { act: 'suspend', member: supplier })],
    ['no core enterprise', { by: supplier, to: second }, 'ROLE_REQUIRED'],
    ['nothing', { face: 0n }, 'AMOUNT_INVALID'],
    ['a face that does not fit', { face: 1n << 56n }, 'AMOUNT_INVALID'],
    ['a due date today', { due: today }, 'DUE_DATE_INVALID'],
    ['a due date with a time of day', { due: due + 1 }, 'DUE_DATE_INVALID'],
    ['a due date beyond six months', { due: at('2026-09-04') }, 'TENOR_TOO_LONG'],
    ['an invoice that does not suffice', { invoices: [...invoices, ...invoices] }, 'INVOICE_OCCUPIED'],
    [
      'another total of an invoice in use',
      { by: otherCore, invoices: [{ invoice: 'S 1', total: 200_000n, amount: 1n }] },
      'INVOICE_OCCUPIED',
      after(network, { ...issued, invoices } as Act),
    ],
  ]);

  it('allows the last day of six months', () => {
    expect(() => perform(network, { ...issued, due: at('2026-09-03') } as Act)).not.toThrow();
  });

  it('waits for the payee even if it has given a standing acceptance', () => {
    const state = after(network, { act: 'setStanding', by: supplier, standing: true }, issued);
    expect(billOf(state, bill)).toMatchObject({
      stored: 'offered',
      parcels: [{ holder: core, offeredTo: supplier }],
    });
  });

  it.each<[string, Act]>([
    ['refused', { act: 'refuse', by: supplier, parcel: parcel() }],
    ['withdrawn', { act: 'withdraw', by: core, parcel: parcel() }],
  ])('frees its invoices when it is %s', (_how, end) => {
    const state = after(network, { ...issued, invoices } as Act, end);
    expect(billOf(state, bill).stored).toBe('cancelled');
    expect(state.invoices.get(`${supplier}:S 1`)).toEqual({ total: 100_000n, used: 0n });
    expect(ranges(state)).toEqual([[0n, 100_000n, core, 0]]);
  });

  it('lapses on its due date, by anybody, and not before', () => {
    const offered = after(network, issued);
    const expire: Act = { act: 'expire', parcel: parcel() };
    expect(() => perform(after(offered, clock(due - 1)), expire)).toThrow('REQUEST_INVALID');
    const lapsed = after(offered, clock(due), expire);
    expect(billOf(lapsed, bill).stored).toBe('cancelled');
    expect(() => perform(lapsed, expire)).toThrow('NOT_OFFERED_TO_YOU');
  });
});

describe('take', () => {
  const until = at('2026-03-11');
  const offered = after(active, {
    act: 'offer',
    by: supplier,
    parcel: parcel(),
    to: second,
    amount: 40_000n,
    until,
  });
  type Take = Extract<Act, { act: 'take' }>;
  const take: Take = { act: 'take', by: second, parcel: parcel(60_000n) };
  refuses(offered, take, [
    ['an unknown member', { by: stranger }, 'MEMBER_UNKNOWN'],
    ['a suspended member', {}, 'MEMBER_NOT_ACTIVE', after(offered, { act: 'suspend', member: second })],
    ['the offerer', { by: supplier }, 'NOT_OFFERED_TO_YOU'],
    ['the piece that stayed', { parcel: parcel() }, 'NOT_OFFERED_TO_YOU'],
    ['a parcel that does not exist', { parcel: parcel(1n) }, 'NOT_OFFERED_TO_YOU'],
    ['an offer that is over', {}, 'OFFER_EXPIRED', after(offered, clock(until))],
    ['an offer that is over, of a bill that is due', {}, 'OFFER_EXPIRED', after(offered, clock(due))],
  ]);

  it('is possible until the last second', () => {
    expect(ranges(after(offered, clock(until - 1), take))).toEqual([
      [0n, 60_000n, supplier, 0],
      [60_000n, 100_000n, second, 0],
    ]);
  });

  it('is refused from the due date on', () => {
    expect(() => perform(after(network, issued, clock(due)), taken)).toThrow('BILL_MATURED');
  });

  it('leaves an offer that is over to be refused, withdrawn or cleared, and what was cut stays cut', () => {
    const over = after(offered, clock(due + 86_400));
    const ends: Act[] = [
      { ...take, act: 'refuse' },
      { act: 'withdraw', by: supplier, parcel: take.parcel },
      { act: 'expire', parcel: take.parcel },
    ];
    for (const end of ends) {
      expect(ranges(perform(over, end))).toEqual([
        [0n, 60_000n, supplier, 0],
        [60_000n, 100_000n, supplier, 0],
      ]);
    }
  });

  it('keeps an offer that stands from being cleared by anybody', () => {
    expect(() => perform(offered, { act: 'expire', parcel: take.parcel })).toThrow('REQUEST_INVALID');
  });

  it('lets nobody but the holder withdraw', () => {
    expect(() => perform(offered, { act: 'withdraw', by: second, parcel: take.parcel })).toThrow(
      'NOT_HOLDER',
    );
    expect(() => perform(offered, { act: 'withdraw', by: supplier, parcel: parcel() })).toThrow(
      'NOT_OFFERED_TO_YOU',
    );
  });
});

describe('extend', () => {
  const [until, later] = [at('2026-03-11'), at('2026-04-01')];
  const offer: Act = { act: 'offer', by: supplier, parcel: parcel(), to: second, until };
  const offered = after(active, offer);
  type Extend = Extract<Act, { act: 'extend' }>;
  const extend: Extend = { act: 'extend', by: supplier, parcel: parcel(), until: later };
  const untilMaturity = after(active, { ...offer, until: 0 } as Act);
  refuses<Extend>(offered, extend, [
    ['an unknown member', { by: stranger }, 'MEMBER_UNKNOWN'],
    ['a suspended holder', {}, 'MEMBER_NOT_ACTIVE', after(offered, { act: 'suspend', member: supplier })],
    ['who does not hold it', { by: second }, 'NOT_HOLDER'],
    ['what is not on offer', {}, 'NOT_OFFERED_TO_YOU', active],
    ['another receiver than was seen', { to: bank }, 'OFFER_CHANGED'],
    ['another end than was seen', { end: 1n }, 'OFFER_CHANGED'],
    ['an instant that is over', { until: today }, 'OFFER_EXPIRED'],
    ['an issue', { by: core }, 'BILL_NOT_ACTIVE', after(network, issued)],
    ['a bill that has matured', { until: 0 }, 'BILL_MATURED', after(offered, clock(due))],
    ['the instant at which it ends anyway', { until }, 'REQUEST_INVALID'],
    ['an earlier instant', { until: until - 1 }, 'REQUEST_INVALID'],
    ['what lasts until maturity', {}, 'REQUEST_INVALID', untilMaturity],
    ['what lasts until maturity, to maturity', { until: 0 }, 'REQUEST_INVALID', untilMaturity],
  ]);

  it('gives more time, to maturity without an instant, also when it was over', () => {
    const take: Act = { act: 'take', by: second, parcel: parcel() };
    const over = after(offered, clock(until));
    expect(() => perform(over, take)).toThrow('OFFER_EXPIRED');
    expect(ranges(after(over, extend, take))).toEqual([[0n, 100_000n, second, 0]]);
    const open = after(offered, { ...extend, until: 0 }, clock(due - 1));
    expect(ranges(perform(open, take))).toEqual([[0n, 100_000n, second, 0]]);
  });
});

describe('offer', () => {
  type Offer = Extract<Act, { act: 'offer' }>;
  const offer: Offer = { act: 'offer', by: supplier, parcel: parcel(), to: second, amount: 40_000n };
  refuses<Offer>(active, offer, [
    ['oneself', { to: supplier }, 'REQUEST_INVALID'],
    ['an unknown receiver', { to: stranger }, 'MEMBER_UNKNOWN'],
    ['a suspended receiver', {}, 'MEMBER_NOT_ACTIVE', after(active, { act: 'suspend', member: second })],
    ['somebody else’s parcel', { by: core }, 'NOT_HOLDER'],
    ['a parcel that does not exist', { parcel: parcel(1n) }, 'NOT_HOLDER'],
    ['a deadline that has passed', { until: today }, 'OFFER_EXPIRED'],
    ['an issue that is not taken', { by: core }, 'BILL_NOT_ACTIVE', after(network, issued)],
    ['a bill that is due', {}, 'BILL_MATURED', matured],
    ['a parcel on offer', { parcel: parcel(60_000n), amount: 1n }, 'PARCEL_LOCKED', after(active, offer)],
    ['a bill not to be passed on', {}, 'RESTRICTED', restricted(RESTRICTION_BITS.not_to_be_passed_on)],
    ['a receiver not named', {}, 'RESTRICTED', restricted(RESTRICTION_BITS.named_members_only, [bank])],
    ['nothing', { amount: 0n }, 'AMOUNT_INVALID'],
    ['more than the parcel', { amount: 100_001n }, 'AMOUNT_EXCEEDS_PARCEL'],
  ]);

  it('allows a named member and a bill not to be financed', () => {
    const both = RESTRICTION_BITS.named_members_only | RESTRICTION_BITS.not_to_be_financed;
    expect(() => perform(restricted(both, [second]), offer)).not.toThrow();
  });

  it('cuts as often as the holder likes', () => {
    const cents: Act[] = Array.from({ length: 1_500 }, () => ({ ...offer, amount: 1n }));
    expect(billOf(after(active, ...cents), bill).parcels.length).toBe(1_501);
  });

  it('completes at once for a standing acceptance', () => {
    const state = after(active, { act: 'setStanding', by: second, standing: true }, offer);
    expect(ranges(state)).toEqual([
      [0n, 60_000n, supplier, 0],
      [60_000n, 100_000n, second, 0],
    ]);
  });
});

describe('sell', () => {
  type Sell = Extract<Act, { act: 'sell' }>;
  const sell: Sell = { act: 'sell', by: supplier, parcel: parcel(), amount: 40_000n, quote };
  refuses<Sell>(fundedBank, sell, [
    ['oneself', { by: bank }, 'REQUEST_INVALID'],
    ['an unknown bank', { quote: { ...quote, bank: stranger } }, 'MEMBER_UNKNOWN'],
    ['a suspended bank', {}, 'MEMBER_NOT_ACTIVE', after(fundedBank, { act: 'suspend', member: bank })],
    ['a buyer that is no bank', { quote: { ...quote, bank: second } }, 'ROLE_REQUIRED'],
    ['somebody else’s parcel', { by: core }, 'NOT_HOLDER'],
    ['an issue that is not taken', { by: core }, 'BILL_NOT_ACTIVE', withLines(after(network, issued))],
    ['a bill that is due', {}, 'BILL_MATURED', withLines(matured)],
    [
      'a parcel on offer',
      {},
      'PARCEL_LOCKED',
      after(fundedBank, { act: 'offer', by: supplier, parcel: parcel(), to: second }),
    ],
    [
      'a bill not to be financed',
      {},
      'RESTRICTED',
      withLines(restricted(RESTRICTION_BITS.not_to_be_financed)),
    ],
    [
      'a bank not named',
      {},
      'RESTRICTED',
      withLines(restricted(RESTRICTION_BITS.named_members_only, [second])),
    ],
    ['nothing', { amount: 0n }, 'AMOUNT_INVALID'],
    ['no price left', { quote: { ...quote, fee: 100_000n } }, 'AMOUNT_INVALID'],
    ['more than the parcel', { amount: 100_001n }, 'AMOUNT_EXCEEDS_PARCEL'],
    ['a quote that is over', { quote: { ...quote, validUntil: today - 1 } }, 'QUOTE_EXPIRED'],
    [
      'a quote that was cancelled',
      {},
      'QUOTE_EXPIRED',
      after(fundedBank, { act: 'cancelQuote', by: bank, nonce: 1n }),
    ],
    ['more than was quoted', { quote: { ...quote, amount: 39_999n } }, 'QUOTE_EXCEEDED'],
    ['more than the line', { amount: 60_001n }, 'LINE_EXCEEDED'],
    [
      'a bank without cash',
      {},
      'INSUFFICIENT_CASH',
      after(active, line, { act: 'deposit', by: settlement, to: bank, amount: 39_799n }),
    ],
  ]);

  it('gives cash against title and uses the line', () => {
    const state = perform(fundedBank, sell);
    expect([cashOf(state, supplier), cashOf(state, bank)]).toEqual([39_800n, 960_200n]);
    expect(ranges(state)[1]).toEqual([60_000n, 100_000n, bank, 0]);
    expect(lineOf(state, bank, core).used).toBe(40_000n);
  });

  it('fills a quote in parts, each with its part of the fee, and never beyond it', () => {
    const inParts = { ...quote, amount: 3n, fee: 1n, ratePpm: 0n };
    const one = { ...sell, amount: 1n, quote: inParts };
    const state = after(fundedBank, one, one);
    expect(cashOf(state, supplier)).toBe(2n);
    expect(() => perform(state, one)).toThrow('AMOUNT_INVALID');
    expect(() => perform(state, { ...one, amount: 2n })).toThrow('QUOTE_EXCEEDED');
  });

  it('frees the line of a bank that sells on or passes on', () => {
    const bought = after(fundedBank, sell, { act: 'setLine', by: otherBank, obligor: core, limit: 40_000n });
    const rich = after(bought, { act: 'deposit', by: settlement, to: otherBank, amount: 1_000_000n });
    const on: Act = {
      ...sell,
      by: bank,
      parcel: parcel(60_000n),
      amount: 30_000n,
      quote: { ...quote, bank: otherBank },
    };
    const sold = perform(rich, on);
    expect([lineOf(sold, bank, core).used, lineOf(sold, otherBank, core).used]).toEqual([10_000n, 30_000n]);

    const passed: Act = { act: 'offer', by: bank, parcel: parcel(60_000n), to: second };
    const offered = perform(sold, passed);
    expect(lineOf(offered, bank, core).used).toBe(10_000n);
    expect(
      lineOf(perform(offered, { act: 'take', by: second, parcel: parcel(60_000n) }), bank, core).used,
    ).toBe(0n);
  });

  it('holds to the group’s limit beside the obligor’s', () => {
    const group: Act[] = [
      { act: 'setLine', by: bank, obligor: core, limit: 60_000n, group: 7 },
      { act: 'setGroupLine', by: bank, group: 7, limit: 50_000n },
    ];
    const state = after(fundedBank, ...group, sell);
    expect(() => perform(state, { ...sell, amount: 10_001n })).toThrow('LINE_EXCEEDED');
    expect(state.groupLines.get(`${bank}:7`)?.used).toBe(40_000n);
    expect(() => perform(state, line)).toThrow('REQUEST_INVALID');
  });

  it('leaves alone what is reserved', () => {
    const state = after(fundedBank, { act: 'reserve', by: bank, obligor: core, amount: 30_000n });
    expect(() => perform(state, sell)).toThrow('LINE_EXCEEDED');
    expect(() => perform(state, { act: 'reserve', by: bank, obligor: core, amount: 30_001n })).toThrow(
      'LINE_EXCEEDED',
    );
    expect(() => perform(state, { act: 'release', by: bank, obligor: core, amount: 30_001n })).toThrow(
      'REQUEST_INVALID',
    );
    const freed = after(state, { act: 'release', by: bank, obligor: core, amount: 30_000n });
    expect(() => perform(freed, sell)).not.toThrow();
  });
});
