import { ZeroHash } from 'ethers';
import type { Backing, InvoiceUse } from '#chain/calls.ts';
import type { OfferSeen } from '../../fixtures/calls.ts';
import type { Quote } from '#chain/typed-data.ts';
import { QUOTE_SCOPES } from '#chain/typed-data.ts';
import { parcelState } from '#domain/bills/status.ts';
import { instantOf, parseLegalDate } from '#domain/dates.ts';
import { billNo, displayRange, parcelId } from '#domain/bills/intervals.ts';
import type { Actor } from './actors.ts';
import type { Stage } from './stage.ts';

/** The instant at which a legal date begins. */
export const dateOf = (text: string): number => instantOf(parseLegalDate(text));

/** When bills fall due unless a test says otherwise: 90 days after the stage begins. */
export const DUE = dateOf('2026-06-01');
export const CNY = 156;
export const DOCUMENT = `0x${'d0'.repeat(32)}`;
/** Hash of the reason of an order or of a refusal, of a booking or of a payment reference. */
export const REASON = `0x${'5e'.repeat(32)}`;

export type IssueFields = {
  by?: Actor;
  to?: Actor;
  serial?: number;
  face?: bigint;
  due?: number;
  restrictions?: number;
  rulePack?: number;
  invoices?: readonly InvoiceUse[];
  named?: readonly number[];
};

/** Terms that nothing speaks against, but for what the test says. */
export const termsOf = (s: Stage, fields: IssueFields = {}) => ({
  serial: fields.serial ?? 1,
  payee: (fields.to ?? s.supplier).number,
  due: fields.due ?? DUE,
  face: fields.face ?? 100_00n,
  restrictions: fields.restrictions ?? 0,
  rulePack: fields.rulePack ?? 1,
  documentHash: DOCUMENT,
  invoices: fields.invoices ?? [],
  named: fields.named ?? [],
});

export const issues = (s: Stage, fields: IssueFields = {}) =>
  (fields.by ?? s.coreFirm).does(s.calls.issue(termsOf(s, fields)));

export type Issued = { readonly bill: bigint; readonly root: bigint; readonly backing: Backing };

/** A bill that waits for its payee. */
export async function issued(s: Stage, fields: IssueFields = {}): Promise<Issued> {
  await issues(s, fields);
  const bill = billNo((fields.by ?? s.coreFirm).number, fields.serial ?? 1);
  return {
    bill,
    root: parcelId(bill, 0n),
    backing: { documentHash: DOCUMENT, invoices: fields.invoices ?? [], named: fields.named ?? [] },
  };
}

/** A bill that its payee holds. */
export async function taken(s: Stage, fields: IssueFields = {}): Promise<Issued> {
  const made = await issued(s, fields);
  await answers(s, fields.to ?? s.supplier, 'take', made.root);
  return made;
}

/** Passes a part on, offered and taken; the piece's id. */
export async function passed(s: Stage, id: bigint, amount: bigint, from: Actor, to: Actor): Promise<bigint> {
  const piece = pieceOf(
    id,
    (await s.contracts.bills.parcelsFrom(id >> 64n, id % 2n ** 56n, 1))[0]!.end,
    amount,
  );
  await from.does(s.calls.offer(id, amount, to.number, 0));
  await answers(s, to, 'take', piece);
  return piece;
}

/** What is on offer under this id, as somebody sees it who looks now; what is no parcel passes for the core firm's. */
export async function seen(s: Stage, id: bigint): Promise<OfferSeen> {
  const word = await s.contracts.bills.parcel(id);
  return {
    from: Number(word >> 224n) || s.coreFirm.number,
    to: Number((word >> 192n) & 0xffff_ffffn),
    end: (word >> 104n) & (2n ** 56n - 1n),
  };
}

/** Answers an offer of a parcel that is what it is now. */
export const answers = async (
  s: Stage,
  by: Actor,
  answer: 'take' | 'refuse' | 'withdraw' | 'expire',
  id: bigint,
) => by.does(s.calls[answer](id, await seen(s, id)));

/** Moves a member to another account, with the consent of that. */
export async function moves(s: Stage, member: Actor, to: Actor): Promise<void> {
  await member.does(s.calls.moveAccount(to.account));
  await to.does(s.calls.acceptAccount(member.number));
}

/** A member has the settlement bank pay out a part of its deposits. */
export async function paysOut(s: Stage, member: Actor, amount: bigint): Promise<void> {
  const { cash } = s.contracts;
  await member.does(s.calls.requestRedemption(s.settlementBank.number, amount));
  const requests = await cash.queryFilter(cash.filters.RedemptionRequested());
  await s.settlementBank.does(s.calls.confirmRedemption(requests.at(-1)!.args.redemption, REASON));
}

/** The parcel that `amount` from the right end of a parcel becomes. */
export const pieceOf = (id: bigint, end: bigint, amount: bigint): bigint => parcelId(id >> 64n, end - amount);

let nonces = 0n;

/** A quote of this bank that covers the parcel, but for what the test says. */
export const quoteOf = (s: Stage, bank: Actor, parcel: bigint, fields: Partial<Quote> = {}): Quote => ({
  bank: bank.number,
  scope: QUOTE_SCOPES.parcel,
  subject: parcel,
  seller: 0,
  currency: CNY,
  amount: 100_00n,
  ratePpm: 20_000,
  fee: 0n,
  recourse: 0,
  recourseTerms: ZeroHash,
  validUntil: DUE,
  nonce: (nonces += 1n),
  ...fields,
});

/** The act of selling `amount` of a parcel under a quote that the bank signs, at any price. */
export const sale = (s: Stage, bank: Actor, parcel: bigint, amount: bigint, quote: Quote, leastPrice = 0n) =>
  s.calls.sell(parcel, amount, leastPrice, quote, bank.signs(quote));

/** Sells to a bank at 2 % with a line that is just long enough; the piece's id. */
export async function sold(s: Stage, id: bigint, amount: bigint, from: Actor, bank: Actor): Promise<bigint> {
  const { bills, lines } = s.contracts;
  const [view] = await bills.parcelsFrom(id >> 64n, id % 2n ** 56n, 1);
  const obligor = Number(id >> 96n);
  const { used, reserved } = await lines.line(bank.number, obligor);
  await bank.does(s.calls.setLine(obligor, used + reserved + amount, 0));
  await from.does(sale(s, bank, id, amount, quoteOf(s, bank, id, { amount })));
  return pieceOf(id, view!.end, amount);
}

/** The line of a bill: range, holder and state of each parcel, as people read it. */
export async function lineOf(
  s: Stage,
  bill: bigint,
): Promise<[range: string, holder: string, state: string][]> {
  const { bills } = s.contracts;
  const [views, [paidIn], terms] = await Promise.all([
    bills.parcelsFrom(bill, 0, 10_000),
    bills.paid(bill),
    bills.terms(bill),
  ]);
  const face = (terms >> 64n) & ((1n << 56n) - 1n);
  return views.map((view) => {
    const parcel = {
      offeredTo: Number(view.offeredTo),
      pledgee: Number(view.pledgee),
      flags: Number(view.flags),
      paidUpTo: view.paidUpTo,
    };
    const holder = s.members.find(({ number }) => BigInt(number) === view.holder)?.name ?? 'nobody';
    return [displayRange(view), holder, parcelState(parcel, { paidIn, face })];
  });
}
