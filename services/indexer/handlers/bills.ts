import { legalDateOf } from '#domain/dates.ts';
import { PARCEL_BITS } from '#domain/codes.ts';
import { toBytes } from '#db/bytes.ts';
import { changePiece, endOffer, issueBill, movePiece, offerPiece, recordAct } from '#db/ledger/bills.ts';
import { announcePayment } from '#db/ledger/cash.ts';
import { kindOf } from '../kinds.ts';
import { ignore, type Handlers } from './handlers.ts';

export const bills: Handlers<'bills'> = {
  BillIssued: (ledger, args) =>
    issueBill(ledger, {
      bill_no: args.billNo,
      acceptor: Number(args.acceptor),
      payee: Number(args.payee),
      due: args.due,
      due_on: legalDateOf(Number(args.due)),
      face_minor: args.face,
      kind: kindOf(args.kind),
      flags: Number(args.flags),
      rule_pack: Number(args.rulePack),
      currency: Number(args.currency),
      max_splits: Number(args.maxSplits),
      document_hash: toBytes(args.documentHash),
      invoices_hash: toBytes(args.invoicesHash),
    }),
  BillTaken: async (ledger, { billNo, payee }) => {
    const { acceptor, face_minor: end } = await ledger.bills.must({ bill_no: billNo });
    const to = Number(payee);
    await movePiece(ledger, { billNo, first: 0n, end }, { cutFrom: 0n, to, flags: 0 });
    const title = { from: acceptor, to, first: 0n, end, amount: end };
    const act = { name: 'BillTaken', actor: to, counterparty: acceptor, ...title };
    await recordAct(ledger, billNo, act, () => ({ status: 'active' }));
  },
  BillCancelled: async (ledger, { billNo, by }) => {
    const { acceptor, payee, face_minor: end } = await ledger.bills.must({ bill_no: billNo });
    await endOffer(ledger, { billNo, first: 0n, end });
    const actor = Number(by) || undefined;
    const counterparty = actor === acceptor ? payee : acceptor;
    const act = { name: 'BillCancelled', actor, counterparty, first: 0n, end, amount: end };
    await recordAct(ledger, billNo, act, () => ({ status: 'cancelled' }));
  },
  ParcelOffered: async (ledger, { billNo, holder, offeredTo, cutFrom, first, end, until }) => {
    const to = Number(offeredTo);
    await offerPiece(ledger, { billNo, first, end }, { cutFrom, to, until: until === 0n ? null : until });
    const piece = { cutFrom, first, end, amount: end - first };
    await recordAct(ledger, billNo, {
      name: 'ParcelOffered',
      actor: Number(holder),
      counterparty: to,
      ...piece,
    });
  },
  ParcelTaken: async (ledger, { billNo, from, to, first, end }) => {
    await movePiece(ledger, { billNo, first, end }, { cutFrom: first, to: Number(to), flags: 0 });
    const parties = { actor: Number(to), counterparty: Number(from), from: Number(from), to: Number(to) };
    await recordAct(ledger, billNo, { name: 'ParcelTaken', ...parties, first, end, amount: end - first });
  },
  OfferRefused: async (ledger, { billNo, holder, by, first, end }) => {
    await endOffer(ledger, { billNo, first, end });
    const parties = { actor: Number(by), counterparty: Number(holder) };
    await recordAct(ledger, billNo, { name: 'OfferRefused', ...parties, first, end, amount: end - first });
  },
  OfferWithdrawn: async (ledger, { billNo, holder, from, first, end }) => {
    await endOffer(ledger, { billNo, first, end });
    const parties = { actor: Number(holder), counterparty: Number(from) };
    await recordAct(ledger, billNo, { name: 'OfferWithdrawn', ...parties, first, end, amount: end - first });
  },
  OfferExpired: async (ledger, { billNo, holder, first, end }) => {
    await endOffer(ledger, { billNo, first, end });
    const piece = { first, end, amount: end - first };
    await recordAct(ledger, billNo, { name: 'OfferExpired', counterparty: Number(holder), ...piece });
  },
  ParcelPassedOn: async (ledger, { billNo, from, to, cutFrom, first, end }) => {
    await movePiece(ledger, { billNo, first, end }, { cutFrom, to: Number(to), flags: 0 });
    const parties = { actor: Number(from), counterparty: Number(to), from: Number(from), to: Number(to) };
    const piece = { cutFrom, first, end, amount: end - first };
    await recordAct(ledger, billNo, { name: 'ParcelPassedOn', ...parties, ...piece });
  },
  ParcelSold: async (ledger, { billNo, seller, buyer, cutFrom, first, end, price }) => {
    const to = Number(buyer);
    await movePiece(ledger, { billNo, first, end }, { cutFrom, to, flags: PARCEL_BITS.financed });
    const parties = { actor: Number(seller), counterparty: to, from: Number(seller), to };
    const piece = { cutFrom, first, end, amount: end - first, price };
    await recordAct(ledger, billNo, { name: 'ParcelSold', ...parties, ...piece });
    announcePayment(ledger, 'purchase', billNo, price);
  },
  BillFunded: async (ledger, { billNo, amount, paidIn }) => {
    const { acceptor: actor } = await ledger.bills.must({ bill_no: billNo });
    await recordAct(ledger, billNo, { name: 'BillFunded', actor, amount }, () => ({ paid_in_minor: paidIn }));
    announcePayment(ledger, 'funding', billNo, amount);
  },
  ParcelPaid: async (ledger, { billNo, holder, first, end, amount, paidUpTo }) => {
    await changePiece(ledger, { billNo, first, end }, first, { paid_up_to_minor: paidUpTo });
    const act = { name: 'ParcelPaid', counterparty: Number(holder), first, end, amount };
    await recordAct(ledger, billNo, act, (bill) => ({ paid_out_minor: bill.paid_out_minor + amount }));
    if (amount !== 0n) announcePayment(ledger, 'payout', billNo, amount);
  },
  DeskAdmitted: (ledger, { desk }) => ledger.desks.set({ desk: toBytes(desk) }),
  DeskDismissed: (ledger, { desk }) => ledger.desks.remove({ desk: toBytes(desk) }),
  AuthorityUpdated: ignore('who operates is the access manager’s affair'),
};
