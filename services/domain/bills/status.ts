import { isOnHold, type Parcel } from './intervals.ts';

/** What the ledger stores; that a bill is matured, part paid or settled follows from the clock and the money. */
export type StoredStatus = 'offered' | 'active' | 'cancelled';
export type BillStatus = StoredStatus | 'matured' | 'part_paid' | 'settled' | 'dishonoured';
export type ParcelState = 'held' | 'offered' | 'pledged' | 'on_hold' | 'paid';

type BillMoney = { readonly paidIn: bigint; readonly face: bigint };

/** `due` and `now` are instants in seconds. */
export function billStatus(
  bill: BillMoney & { readonly stored: StoredStatus; readonly due: number },
  now: number,
): BillStatus {
  if (bill.stored !== 'active') return bill.stored;
  if (bill.paidIn === bill.face) return 'settled';
  if (bill.paidIn > 0n) return 'part_paid';
  return now >= bill.due ? 'matured' : 'active';
}

export function parcelState(
  parcel: Pick<Parcel, 'offeredTo' | 'pledgee' | 'flags' | 'paidUpTo'>,
  bill: BillMoney,
): ParcelState {
  if (bill.paidIn === bill.face && parcel.paidUpTo === bill.face) return 'paid';
  if (isOnHold(parcel)) return 'on_hold';
  if (parcel.pledgee !== 0) return 'pledged';
  return parcel.offeredTo !== 0 ? 'offered' : 'held';
}

/** What people read of a bill: its status, told apart by whether its due date lies ahead. */
export type BillStanding = BillStatus | 'prepaid' | 'part_prepaid' | 'overdue' | 'part_overdue';

/** Dates are legal dates. On its due date a bill is due, from the next day on it is overdue. */
export function billStanding(
  { status, due }: { readonly status: BillStatus; readonly due: string },
  today: string,
): BillStanding {
  if (status === 'settled') return due > today ? 'prepaid' : status;
  if (status === 'part_paid') return due > today ? 'part_prepaid' : due < today ? 'part_overdue' : status;
  return status === 'matured' && due < today ? 'overdue' : status;
}

/** It was due before today, and is not paid in. */
export const isOverdue = (
  bill: { readonly status: BillStatus; readonly due: string },
  today: string,
): boolean => ['overdue', 'part_overdue'].includes(billStanding(bill, today));

/** Money that comes in early moves nothing: until the due date a held piece passes on and is sold. */
export const movesStill = (
  parcel: { readonly state: ParcelState },
  bill: { readonly status: BillStatus; readonly due: string },
  today: string,
): boolean =>
  parcel.state === 'held' && ['active', 'part_paid', 'settled'].includes(bill.status) && bill.due > today;
