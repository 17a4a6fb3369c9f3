import { PARCEL_BITS, ROLE_BITS } from '#domain/codes.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { actHash, extendTrail, NO_TRAIL } from '../ledger/trail.ts';
import type { Row } from '../ledger/versions.ts';

type Bill = Row<'ledger.bill'>;
type Parcel = Row<'ledger.parcel'>;

export type Terms = Pick<
  Bill,
  | 'bill_no'
  | 'acceptor'
  | 'payee'
  | 'due'
  | 'due_on'
  | 'face_minor'
  | 'kind'
  | 'flags'
  | 'rule_pack'
  | 'currency'
  | 'document_hash'
  | 'invoices_hash'
>;

/** An act for the list of acts. `from` and `to` only where it moves the title of `[first, end)`. */
export type Act = {
  readonly name: string;
  readonly actor?: number | undefined;
  readonly counterparty?: number | undefined;
  readonly from?: number;
  readonly to?: number;
  readonly first?: bigint;
  readonly end?: bigint;
  readonly cutFrom?: bigint;
  readonly amount?: bigint;
  readonly price?: bigint;
};

export type Piece = { readonly billNo: bigint; readonly first: bigint; readonly end: bigint };

/** Seconds: the legal date has no daylight saving. */
const DAY = 86_400n;
const NO_OFFER = { offered_to: null, offer_until: null };

/** A bill begins as one parcel that its acceptor holds and offers to the payee. */
export function issueBill(ledger: Ledger, terms: Terms): void {
  const { log, at } = ledger.moment;
  const act = actHash(ledger.hash, log);
  const trail = extendTrail(ledger.hash, NO_TRAIL, act);
  const { bill_no, acceptor, payee, face_minor } = terms;
  ledger.bills.add({
    ...terms,
    guarantor: null,
    status: 'offered',
    splits: 0,
    trail,
    paid_in_minor: 0n,
    paid_out_minor: 0n,
    issued_at: at,
    issue_tx: log.tx_hash,
  });
  ledger.parcels.add({
    bill_no,
    first: 0n,
    end: face_minor,
    holder: acceptor,
    offered_to: payee,
    pledgee: null,
    paid_up_to_minor: 0n,
    offer_until: null,
    flags: 0,
    due_on: terms.due_on,
  });
  for (const member of [acceptor, payee]) addParty(ledger, { ...terms, issued_at: at }, member);
  const whole = { first: 0n, end: face_minor, amount: face_minor };
  addAct(ledger, bill_no, act, trail, { name: 'BillIssued', actor: acceptor, counterparty: payee, ...whole });
}

/** Extends the bill's trail by the log at hand and lists the act; `change` is what else is new of the bill. */
export async function recordAct(
  ledger: Ledger,
  billNo: bigint,
  act: Act,
  change: (bill: Bill) => Partial<Bill> = () => ({}),
): Promise<void> {
  const bill = await ledger.bills.must({ bill_no: billNo });
  const hash = actHash(ledger.hash, ledger.moment.log);
  const trail = extendTrail(ledger.hash, bill.trail, hash);
  const splits = act.cutFrom !== undefined && act.cutFrom !== act.first ? 1 : 0;
  await ledger.bills.change({ bill_no: billNo }, { ...change(bill), trail, splits: bill.splits + splits });
  addAct(ledger, billNo, hash, trail, act);
}

/**
 * Cuts `[first, end)` from the parcel that begins at `cutFrom` (all of it if equal), then gives it the `change`. The left
 * piece keeps all but its end.
 */
export async function changePiece(
  ledger: Ledger,
  { billNo, first, end }: Piece,
  cutFrom: bigint,
  change: Partial<Parcel>,
): Promise<void> {
  const whole = await ledger.parcels.must({ bill_no: billNo, first: cutFrom });
  if (whole.end !== end)
    throw new Error(`bill ${billNo}: the parcel from ${cutFrom} ends at ${whole.end}, not ${end}`);
  const key = { bill_no: billNo, first: cutFrom };
  if (cutFrom === first) return ledger.parcels.change(key, change);
  await ledger.parcels.change(key, { end: first });
  ledger.parcels.add({ ...whole, first, ...change });
}

/** A new holder has a parcel free of the old holder's offer, pledge and line. */
export async function movePiece(
  ledger: Ledger,
  piece: Piece,
  { cutFrom, to }: { cutFrom: bigint; to: number },
): Promise<void> {
  const bill = await ledger.bills.must({ bill_no: piece.billNo });
  const { roles } = await ledger.members.must({ number: to });
  // What a bank holds of an acceptor's paper uses its line on it; a bank needs none on itself.
  const flags = (roles & ROLE_BITS.bank) !== 0 && to !== bill.acceptor ? PARCEL_BITS.financed : 0;
  await changePiece(ledger, piece, cutFrom, { holder: to, ...NO_OFFER, pledgee: null, flags });
  addParty(ledger, bill, to);
}

/** Who may hold a bill besides its payee, as the act after its issue says. */
export async function nameMembers(ledger: Ledger, billNo: bigint, members: readonly number[]): Promise<void> {
  for (const member of new Set(members))
    ledger.named.add({ bill_no: billNo, member, block_number: ledger.block });
  await recordAct(ledger, billNo, { name: 'MembersNamed' });
}

export async function offerPiece(
  ledger: Ledger,
  piece: Piece,
  { cutFrom, to, until }: { cutFrom: bigint; to: number; until: bigint | null },
): Promise<void> {
  await changePiece(ledger, piece, cutFrom, { offered_to: to, offer_until: until });
  addParty(ledger, await ledger.bills.must({ bill_no: piece.billNo }), to);
}

/** What is paid in; on a day after the bill was due it is late. */
export async function fundBill(
  ledger: Ledger,
  billNo: bigint,
  { payer, amount, paidIn }: { payer: number; amount: bigint; paidIn: bigint },
): Promise<void> {
  await recordAct(ledger, billNo, { name: 'BillFunded', actor: payer, amount }, () => ({
    paid_in_minor: paidIn,
  }));
  const { acceptor, due } = await ledger.bills.must({ bill_no: billNo });
  const { log, at } = ledger.moment;
  if (BigInt(at.getTime()) < (due + DAY) * 1_000n) return;
  ledger.latePayments.add({
    acceptor,
    bill_no: billNo,
    amount_minor: amount,
    at,
    block_number: log.block_number,
    log_index: log.log_index,
  });
}

export const endOffer = (ledger: Ledger, piece: Piece): Promise<void> =>
  changePiece(ledger, piece, piece.first, NO_OFFER);

export const extendOffer = (ledger: Ledger, piece: Piece, until: bigint | null): Promise<void> =>
  changePiece(ledger, piece, piece.first, { offer_until: until });

function addParty(
  ledger: Ledger,
  { bill_no, issued_at, due_on }: Pick<Bill, 'bill_no' | 'issued_at' | 'due_on'>,
  member: number,
): void {
  ledger.parties.add({ bill_no, member, issued_at, due_on, block_number: ledger.block });
}

function addAct(ledger: Ledger, billNo: bigint, hash: Buffer, trail: Buffer, act: Act): void {
  const { log, at } = ledger.moment;
  ledger.acts.add({
    block_number: log.block_number,
    log_index: log.log_index,
    tx_hash: log.tx_hash,
    bill_no: billNo,
    name: act.name,
    actor: act.actor ?? null,
    counterparty: act.counterparty ?? null,
    from_member: act.from ?? null,
    to_member: act.to ?? null,
    first: act.first ?? null,
    end: act.end ?? null,
    cut_from: act.cutFrom ?? null,
    amount_minor: act.amount ?? null,
    price_minor: act.price ?? null,
    act_hash: hash,
    trail_after: trail,
    at,
  });
}
