/** The glossary on the page: states and kinds in the page's language. Spelt out, so that the bundler sees what is used. */
import { billNumber } from '#domain/bill-number.ts';
import { billStanding, type BillStanding } from '#domain/status.ts';
import type {
  BillActName,
  BillStatus,
  CashEntry,
  ParcelState,
  QuoteState,
  Recourse,
  RequestState,
  Restriction,
} from '#web/api/schema.ts';
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

export const quoteState = reader<QuoteState>({
  prepared: [m.quote_prepared, 'plain'],
  open: [m.quote_open, 'accent'],
  expired: [m.quote_expired, 'plain'],
  withdrawn: [m.quote_withdrawn, 'plain'],
  cancelled: [m.quote_cancelled, 'plain'],
  part_filled: [m.quote_part_filled, 'good'],
  filled: [m.quote_filled, 'good'],
  lost: [m.quote_lost, 'plain'],
});

export const requestState = reader<RequestState>({
  open: [m.request_open, 'accent'],
  accepted: [m.request_accepted, 'good'],
  cancelled: [m.request_cancelled, 'plain'],
  closed: [m.request_closed, 'plain'],
});

const one =
  <Name extends string>(words: Record<Name, () => string>) =>
  (name: Name): string =>
    words[name]();

export const billActName = one<BillActName>({
  issued: m.billact_issued,
  taken: m.billact_taken,
  cancelled: m.billact_cancelled,
  offered: m.billact_offered,
  passed_on: m.billact_passed_on,
  refused: m.billact_refused,
  withdrawn: m.billact_withdrawn,
  expired: m.billact_expired,
  sold: m.billact_sold,
  funded: m.billact_funded,
  paid: m.billact_paid,
  named: m.billact_named,
});

export const restriction = one<Restriction>({
  not_to_be_passed_on: m.restriction_not_to_be_passed_on,
  not_to_be_financed: m.restriction_not_to_be_financed,
  named_members_only: m.restriction_named_members_only,
});

export const recourseName = one<Recourse>({
  without: m.recourse_without,
  with: m.recourse_with,
  limited: m.recourse_limited,
});

export const cashKind = one<CashEntry['kind']>({
  deposit: m.cash_deposit,
  redeem: m.cash_redeem,
  redeemed: m.cash_redeemed,
  returned: m.cash_returned,
  purchase: m.cash_purchase,
  funding: m.cash_funding,
  payout: m.cash_payout,
  transfer: m.cash_transfer,
  move: m.cash_move,
});

/** A bill's number as people read it, on screen, on paper and over the phone. */
export const shortBillNo = (billNo: string): string => billNumber(BigInt(billNo));
