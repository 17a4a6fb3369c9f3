import { describe, expect, it } from 'vitest';
import { billStanding, billStatus, movesStill, parcelState } from '#domain/bills/status.ts';

describe('billStatus', () => {
  const bill = { stored: 'active', due: 1_000, face: 100n, paidIn: 0n } as const;

  it('follows the clock and the money once a bill is in force', () => {
    expect(billStatus(bill, 999)).toBe('active');
    expect(billStatus(bill, 1_000)).toBe('matured');
    expect(billStatus({ ...bill, paidIn: 1n }, 1_000)).toBe('part_paid');
    expect(billStatus({ ...bill, paidIn: 100n }, 0)).toBe('settled');
  });

  it('is what the ledger says before and instead', () => {
    expect(billStatus({ ...bill, stored: 'offered' }, 2_000)).toBe('offered');
    expect(billStatus({ ...bill, stored: 'cancelled' }, 2_000)).toBe('cancelled');
  });
});

describe('parcelState', () => {
  const parcel = { offeredTo: 0, pledgee: 0, flags: 1, paidUpTo: 0n };
  const bill = { paidIn: 0n, face: 100n };

  it('names what locks a parcel', () => {
    expect(parcelState(parcel, bill)).toBe('held');
    expect(parcelState({ ...parcel, offeredTo: 2 }, bill)).toBe('offered');
    expect(parcelState({ ...parcel, offeredTo: 2, pledgee: 3 }, bill)).toBe('pledged');
    expect(parcelState({ ...parcel, pledgee: 3, flags: 2 }, bill)).toBe('on_hold');
  });

  it('is paid only when the bill is paid in full and the holder has been paid', () => {
    const settled = { paidIn: 100n, face: 100n };
    expect(parcelState({ ...parcel, paidUpTo: 99n }, settled)).toBe('held');
    expect(parcelState({ ...parcel, paidUpTo: 100n }, settled)).toBe('paid');
    expect(parcelState({ ...parcel, paidUpTo: 70n }, { paidIn: 70n, face: 100n })).toBe('held');
  });
});

describe('billStanding', () => {
  const due = '2026-06-01';
  const [before, after] = ['2026-05-31', '2026-06-02'];

  it('says of money that came in early that it has not been paid out', () => {
    expect(billStanding({ status: 'settled', due }, before)).toBe('prepaid');
    expect(billStanding({ status: 'settled', due }, due)).toBe('settled');
    expect(billStanding({ status: 'part_paid', due }, before)).toBe('part_prepaid');
    expect(billStanding({ status: 'part_paid', due }, due)).toBe('part_paid');
  });

  it('calls overdue what is past its day and owed', () => {
    expect(billStanding({ status: 'matured', due }, due)).toBe('matured');
    expect(billStanding({ status: 'matured', due }, after)).toBe('overdue');
    expect(billStanding({ status: 'part_paid', due }, after)).toBe('part_overdue');
    expect(billStanding({ status: 'settled', due }, after)).toBe('settled');
  });
});

describe('movesStill', () => {
  const due = '2026-06-01';
  const held = { state: 'held' } as const;

  it('lets a held piece move until the due date, whatever was paid in early', () => {
    for (const status of ['active', 'part_paid', 'settled'] as const) {
      expect(movesStill(held, { status, due }, '2026-05-31')).toBe(true);
      expect(movesStill(held, { status, due }, due)).toBe(false);
    }
    expect(movesStill({ state: 'offered' }, { status: 'active', due }, '2026-05-31')).toBe(false);
    expect(movesStill(held, { status: 'offered', due }, '2026-05-31')).toBe(false);
  });
});
