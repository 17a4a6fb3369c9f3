/** From rows of bills, parcels and acts to the JSON that their viewer gets. */
import type { Static } from 'typebox';
import { namesOf, PARCEL_BITS, RESTRICTION_BITS } from '#domain/codes.ts';
import { legalDateOf } from '#domain/dates.ts';
import { acts, type ActEvent, type ActWord } from '#domain/acts/acts.ts';
import { displayRange, formatId, parcelId, partsOfBillNo } from '#domain/bills/intervals.ts';
import { currencyOfNumber } from '#domain/money.ts';
import { share } from '#domain/rounding.ts';
import { billStatus, parcelState } from '#domain/bills/status.ts';
import { toHex } from '#db/wire/bytes.ts';
import type { ActRow } from '#db/bills/acts.ts';
import type { BillRow } from '#db/bills/read.ts';
import type { ParcelRow } from '#db/bills/parcels.ts';
import type { Bill, BillAct, Parcel } from './schema.ts';
import { moneyOf } from '../schemas/money.ts';
import type { Names } from '../members/names.ts';

type Ref = Awaited<ReturnType<Names['of']>>;

const BASIS_365 = 8;

/** Members named in a bill and in parcels of it, for {@link Names.of}. */
export const membersIn = (bill: BillRow, parcels: readonly ParcelRow[] = []): (number | null)[] => [
  bill.acceptor,
  bill.payee,
  bill.guarantor,
  ...parcels.flatMap(({ holder, offered_to, pledgee }) => [holder, offered_to, pledgee]),
];

/** `now`: instant (seconds) that decides the status. */
export function billView(bill: BillRow, ref: Ref, now: number): Static<typeof Bill> {
  const amount = (minor: bigint) => moneyOf(minor, bill.currency);
  const { seen_first: first, seen_end: end } = bill;
  return {
    billNo: formatId(bill.bill_no),
    serial: partsOfBillNo(bill.bill_no).serial,
    kind: bill.kind,
    status: statusOf(bill, now),
    acceptor: ref(bill.acceptor),
    payee: ref(bill.payee),
    guarantor: bill.guarantor === null ? null : ref(bill.guarantor),
    face: amount(bill.face_minor),
    paid: amount(bill.paid_in_minor),
    open: amount(bill.face_minor - bill.paid_in_minor),
    due: bill.due_on,
    issuedAt: bill.issued_at.toISOString(),
    currency: currencyOfNumber(bill.currency),
    restrictions: namesOf(RESTRICTION_BITS, bill.flags),
    basis: (bill.flags & BASIS_365) !== 0 ? 365 : 360,
    rulePack: bill.rule_pack,
    documentHash: toHex(bill.document_hash),
    trail: toHex(bill.trail),
    splits: bill.splits,
    visibleRange: first === null || end === null ? null : displayRange({ first, end }),
  };
}

export const statusOf = (bill: BillRow, now: number) =>
  billStatus(
    {
      stored: bill.status,
      due: Number(bill.due),
      paidIn: bill.paid_in_minor,
      face: bill.face_minor,
    },
    now,
  );

export function stateOf(parcel: ParcelRow, bill: BillRow) {
  return parcelState(
    {
      offeredTo: parcel.offered_to ?? 0,
      pledgee: parcel.pledgee ?? 0,
      flags: parcel.flags,
      paidUpTo: parcel.paid_up_to_minor,
    },
    { paidIn: bill.paid_in_minor, face: bill.face_minor },
  );
}

/** A parcel of strangers shows its range and its state. */
export function parcelView(parcel: ParcelRow, bill: BillRow, ref: Ref): Static<typeof Parcel> {
  const { first, end, shown } = parcel;
  const known = (member: number | null) => (shown && member !== null ? ref(member) : null);
  const paid = share(parcel.paid_up_to_minor, first, end, bill.face_minor);
  const until = parcel.offer_until;
  return {
    id: formatId(parcelId(parcel.bill_no, first)),
    billNo: formatId(parcel.bill_no),
    first: String(first),
    end: String(end),
    range: displayRange(parcel),
    amount: moneyOf(end - first, bill.currency),
    holder: known(parcel.holder),
    offeredTo: known(parcel.offered_to),
    offerUntil: shown && until !== null ? legalDateOf(until - 1n) : null,
    pledgee: known(parcel.pledgee),
    state: stateOf(parcel, bill),
    paid: moneyOf(paid, bill.currency),
    financed: shown ? (parcel.flags & PARCEL_BITS.financed) !== 0 : null,
    hidden: !shown,
  };
}

const wordOf = (event: string): ActWord | null => acts[event as ActEvent]?.word ?? null;

export const membersInAct = (act: ActRow): (number | null)[] =>
  act.shown ? [act.actor, act.counterparty, act.from_member, act.to_member] : [];

/** The price of a sale is the business of seller and buyer, and of those who supervise. */
export function actView(
  act: ActRow,
  currency: number,
  ref: Ref,
  viewer: { member: number; seesAll: boolean },
): Static<typeof BillAct> {
  const { shown, first, end, bill_no: bill } = act;
  const isParty = viewer.seesAll || [act.from_member, act.to_member].includes(viewer.member);
  const known = (member: number | null) => (member === null ? null : ref(member));
  const place = {
    position: Number(act.position),
    block: Number(act.block_number),
    at: act.at.toISOString(),
    tx: toHex(act.tx_hash),
    hash: toHex(act.act_hash),
    trailAfter: toHex(act.trail_after),
    hidden: !shown,
  };
  if (!shown) return { ...place, ...NOTHING };
  const amount = act.amount_minor ?? (first === null || end === null ? null : end - first);
  return {
    ...place,
    name: wordOf(act.name),
    movesTitle: act.to_member !== null,
    actor: known(act.actor ?? act.from_member),
    counterparty: known(act.counterparty ?? act.to_member),
    parcel: first === null ? null : formatId(parcelId(bill, first)),
    cutFrom: act.cut_from === null ? null : formatId(parcelId(bill, act.cut_from)),
    range: first === null || end === null ? null : displayRange({ first, end }),
    amount: amount === null ? null : moneyOf(amount, currency),
    price: act.price_minor === null || !isParty ? null : moneyOf(act.price_minor, currency),
  };
}

const NOTHING = {
  name: null,
  movesTitle: null,
  actor: null,
  counterparty: null,
  parcel: null,
  cutFrom: null,
  range: null,
  amount: null,
  price: null,
};
