/** Words for bills in the page's language, wherever one is shown. Spelt out, so that the bundler sees what is used. */
import { billNumber } from '#domain/bills/bill-number.ts';
import { billStanding, type BillStanding } from '#domain/bills/status.ts';
import type { BillStatus, ParcelState } from '#web/api/schema.ts';
import { m } from '#web/paraglide/messages.js';
import { reader } from '#web/word.ts';

export const billStatus = reader<BillStanding>({
  offered: [m.bill_offered, 'warn'],
  active: [m.bill_active, 'accent'],
  matured: [m.bill_matured, 'warn'],
  part_paid: [m.bill_part_paid, 'warn'],
  settled: [m.bill_settled, 'good'],
  dishonoured: [m.bill_dishonoured, 'bad'],
  cancelled: [m.bill_cancelled, 'plain'],
  prepaid: [m.bill_prepaid, 'good'],
  part_prepaid: [m.bill_part_prepaid, 'accent'],
  overdue: [m.bill_overdue, 'bad'],
  part_overdue: [m.bill_part_overdue, 'bad'],
});

/** A bill's state in words that hold on the day; what is paid in early is said to pay out when it is due. */
export const billWord = (bill: { status: BillStatus; due: string }, today: string) => {
  const standing = billStanding(bill, today);
  const word = billStatus(standing);
  const label = standing === 'prepaid' ? m.bill_prepaid_until({ due: bill.due }) : word.label;
  return { ...word, label };
};

export const parcelState = reader<ParcelState>({
  held: [m.parcel_held, 'accent'],
  offered: [m.parcel_offered, 'warn'],
  pledged: [m.parcel_pledged, 'warn'],
  on_hold: [m.parcel_on_hold, 'bad'],
  paid: [m.parcel_paid, 'good'],
});

/** A bill's number as people read it, on screen, on paper and over the phone. */
export const shortBillNo = (billNo: string): string => billNumber(BigInt(billNo));
