import { describe, expect, it } from 'vitest';
import { billOf, cashOf, lineOf, perform, type Act } from './model.ts';
import { billStatus, parcelState } from '#domain/bills/status.ts';
import {
  after,
  bank,
  bill,
  core,
  due,
  issued,
  network,
  parcel,
  second,
  settlement,
  stranger,
  supplier,
  taken,
} from './support/network.ts';

const active = after(network, issued, taken, { act: 'deposit', by: settlement, to: core, amount: 100_000n });
const fund = (amount: bigint): Act => ({ act: 'fund', by: core, bill, amount });
const distribute: Act = { act: 'distribute', bill };
const clock: Act = { act: 'clock', to: due };

describe('fund', () => {
  it.each<[string, Act, string]>([
    ['an unknown member', { act: 'fund', by: stranger, bill, amount: 1n }, 'MEMBER_UNKNOWN'],
    ['another than the acceptor', { act: 'fund', by: supplier, bill, amount: 1n }, 'ROLE_REQUIRED'],
    ['a bill that does not exist', { act: 'fund', by: core, bill: 1n, amount: 1n }, 'ROLE_REQUIRED'],
    ['nothing', fund(0n), 'AMOUNT_INVALID'],
    ['more than the face', fund(100_001n), 'OVERPAID'],
  ])('is refused for %s', (_what, act, code) => {
    expect(() => perform(active, act)).toThrow(code);
  });

  it('is refused for a bill that is not taken, and without cash', () => {
    expect(() => perform(after(network, issued), fund(1n))).toThrow('BILL_NOT_ACTIVE');
    expect(() => perform(after(network, issued, taken), fund(1n))).toThrow('INSUFFICIENT_CASH');
    expect(() => perform(after(active, { act: 'suspend', member: core }), fund(1n))).not.toThrow();
  });

  it('is possible before the due date, and the bill goes on being passed on', () => {
    const settled = after(active, fund(60_000n), fund(40_000n));
    expect(billStatus(billOf(settled, bill), settled.now)).toBe('settled');
    expect(() =>
      perform(settled, { act: 'offer', by: supplier, parcel: parcel(), to: second }),
    ).not.toThrow();
    expect(() => perform(settled, fund(1n))).toThrow('OVERPAID');
  });
});

describe('distribute', () => {
  it('waits for the due date and for a bill in force', () => {
    expect(() => perform(after(active, fund(1n)), distribute)).toThrow('NOT_DUE');
    expect(() => perform(after(network, issued, clock), distribute)).toThrow('BILL_NOT_ACTIVE');
  });

  it('pays each holder its share, a second time nothing, and at last its length', () => {
    const third: Act = { act: 'offer', by: supplier, parcel: parcel(), to: second, amount: 33_333n };
    const split = after(active, third, { act: 'take', by: second, parcel: parcel(66_667n) }, clock);
    const part = after(split, fund(70_000n), distribute);
    expect([cashOf(part, supplier), cashOf(part, second)]).toEqual([46_666n, 23_334n]);
    expect(billStatus(billOf(part, bill), part.now)).toBe('part_paid');
    expect(perform(part, distribute)).toEqual(part);

    const all = after(part, fund(30_000n), distribute);
    expect([cashOf(all, supplier), cashOf(all, second)]).toEqual([66_667n, 33_333n]);
    expect(billOf(all, bill).parcels.map((p) => parcelState(p, billOf(all, bill)))).toEqual(['paid', 'paid']);
  });

  it('pays only the parcels that are named, and suspended holders and open offers too', () => {
    const open: Act = { act: 'offer', by: supplier, parcel: parcel(), to: second, amount: 40_000n };
    const state = after(active, open, clock, fund(100_000n), { act: 'suspend', member: supplier });
    const paid = perform(state, { act: 'distribute', bill, firsts: [60_000n] });
    expect(cashOf(paid, supplier)).toBe(40_000n);
    expect(billOf(paid, bill).parcels.map((p) => parcelState(p, billOf(paid, bill)))).toEqual([
      'held',
      'paid',
    ]);
    expect(() => perform(state, { act: 'distribute', bill, firsts: [1n] })).toThrow('REQUEST_INVALID');
  });

  it('frees the line of the bank that is paid by what it is paid', () => {
    const quote = { bank, nonce: 1n, amount: 100_000n, ratePpm: 0n, fee: 0n, validUntil: due };
    const bought = after(
      active,
      { act: 'setLine', by: bank, obligor: core, limit: 100_000n },
      { act: 'deposit', by: settlement, to: bank, amount: 100_000n },
      { act: 'sell', by: supplier, parcel: parcel(), quote },
      clock,
    );
    expect(lineOf(after(bought, fund(70_000n), distribute), bank, core).used).toBe(30_000n);
    expect(lineOf(after(bought, fund(70_000n), distribute, fund(30_000n), distribute), bank, core).used).toBe(
      0n,
    );
  });
});

describe('members', () => {
  it('are suspended once and restored once', () => {
    const suspended = after(network, { act: 'suspend', member: core });
    expect(() => perform(suspended, { act: 'suspend', member: core })).toThrow('REQUEST_INVALID');
    expect(() => perform(network, { act: 'suspend', member: stranger })).toThrow('MEMBER_UNKNOWN');
    expect(after(suspended, { act: 'restore', member: core })).toEqual(network);
  });
});

describe('clock', () => {
  it('does not go back', () => {
    expect(() => perform(network, { act: 'clock', to: network.now - 1 })).toThrow('REQUEST_INVALID');
  });
});
