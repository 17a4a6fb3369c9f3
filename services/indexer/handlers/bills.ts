import { legalDateOf } from '#domain/dates.ts';
import {
  changePiece,
  endOffer,
  extendOffer,
  fundBill,
  issueBill,
  nameMembers,
  movePiece,
  offerPiece,
  recordAct,
} from '#db/bills/write.ts';
import { announcePayment } from '#db/cash/write.ts';
import { kindOf } from '../kinds.ts';
import { ignore, type Handlers } from './handlers.ts';
import { invoices } from './invoices.ts';
import { participants } from './participants.ts';

/** The ledger of bills keeps the register of members and the book of invoices too. */
export const bills: Handlers<'bills'> = {
  ...participants,
  ...invoices,
  BillIssued: (ledger, args) =>
    issueBill(ledger, {
      bill_no: args.billNo,
      acceptor: args.acceptor,
      payee: args.payee,
      due: args.due,
      due_on: legalDateOf(Number(args.due)),
      face_minor: args.face,
      kind: kindOf(args.kind),
      flags: args.flags,
      rule_pack: args.rulePack,
      currency: args.currency,
      document_hash: args.documentHash,
      invoices_hash: args.invoicesHash,
    }),
  MembersNamed: (ledger, { billNo, named }) => nameMembers(ledger, billNo, named),
  BillTaken: async (ledger, { billNo, payee: to }) => {
    const { acceptor, face_minor: end } = await ledger.bills.must({ bill_no: billNo });
    await movePiece(ledger, { billNo, first: 0n, end }, { cutFrom: 0n, to });
    const title = { from: acceptor, to, first: 0n, end, amount: end };
    const act = { name: 'BillTaken', actor: to, counterparty: acceptor, ...title };
    await recordAct(ledger, billNo, act, () => ({ status: 'active' }));
  },
  BillCancelled: async (ledger, { billNo, by }) => {
    const { acceptor, payee, face_minor: end } = await ledger.bills.must({ bill_no: billNo });
    await endOffer(ledger, { billNo, first: 0n, end });
    const actor = by || undefined;
    const counterparty = actor === acceptor ? payee : acceptor;
    const act = { name: 'BillCancelled', actor, counterparty, first: 0n, end, amount: end };
    await recordAct(ledger, billNo, act, () => ({ status: 'cancelled' }));
  },
  ParcelOffered: async (ledger, { billNo, holder, offeredTo: to, cutFrom, first, end, until }) => {
    await offerPiece(ledger, { billNo, first, end }, { cutFrom, to, until: until === 0n ? null : until });
    const piece = { cutFrom, first, end, amount: end - first };
    await recordAct(ledger, billNo, {
      name: 'ParcelOffered',
      actor: holder,
      counterparty: to,
      ...piece,
    });
  },
  ParcelTaken: async (ledger, { billNo, from, to, first, end }) => {
    await movePiece(ledger, { billNo, first, end }, { cutFrom: first, to });
    const parties = { actor: to, counterparty: from, from, to };
    await recordAct(ledger, billNo, { name: 'ParcelTaken', ...parties, first, end, amount: end - first });
  },
  OfferRefused: async (ledger, { billNo, holder, by, first, end }) => {
    await endOffer(ledger, { billNo, first, end });
    const parties = { actor: by, counterparty: holder };
    await recordAct(ledger, billNo, { name: 'OfferRefused', ...parties, first, end, amount: end - first });
  },
  OfferWithdrawn: async (ledger, { billNo, holder, from, first, end }) => {
    await endOffer(ledger, { billNo, first, end });
    const parties = { actor: holder, counterparty: from };
    await recordAct(ledger, billNo, { name: 'OfferWithdrawn', ...parties, first, end, amount: end - first });
  },
  OfferExtended: async (ledger, { billNo, holder, offeredTo, first, end, until }) => {
    await extendOffer(ledger, { billNo, first, end }, until === 0n ? null : until);
    const parties = { actor: holder, counterparty: offeredTo };
    await recordAct(ledger, billNo, { name: 'OfferExtended', ...parties, first, end, amount: end - first });
  },
  OfferExpired: async (ledger, { billNo, holder, first, end }) => {
    await endOffer(ledger, { billNo, first, end });
    const piece = { first, end, amount: end - first };
    await recordAct(ledger, billNo, { name: 'OfferExpired', counterparty: holder, ...piece });
  },
  ParcelPassedOn: async (ledger, { billNo, from, to, cutFrom, first, end }) => {
    await movePiece(ledger, { billNo, first, end }, { cutFrom, to });
    const parties = { actor: from, counterparty: to, from, to };
    const piece = { cutFrom, first, end, amount: end - first };
    await recordAct(ledger, billNo, { name: 'ParcelPassedOn', ...parties, ...piece });
  },
  ParcelSold: async (ledger, { billNo, seller, buyer: to, cutFrom, first, end, price }) => {
    await movePiece(ledger, { billNo, first, end }, { cutFrom, to });
    const parties = { actor: seller, counterparty: to, from: seller, to };
    const piece = { cutFrom, first, end, amount: end - first, price };
    await recordAct(ledger, billNo, { name: 'ParcelSold', ...parties, ...piece });
    announcePayment(ledger, 'purchase', billNo, price);
  },
  BillFunded: async (ledger, { billNo, payer, amount, paidIn }) => {
    await fundBill(ledger, billNo, { payer, amount, paidIn });
    announcePayment(ledger, 'funding', billNo, amount);
  },
  ParcelPaid: async (ledger, { billNo, holder, first, end, amount, paidUpTo }) => {
    await changePiece(ledger, { billNo, first, end }, first, { paid_up_to_minor: paidUpTo });
    const act = { name: 'ParcelPaid', counterparty: holder, first, end, amount };
    await recordAct(ledger, billNo, act, (bill) => ({ paid_out_minor: bill.paid_out_minor + amount }));
    if (amount !== 0n) announcePayment(ledger, 'payout', billNo, amount);
  },
  DeskAdmitted: (ledger, { desk }) => ledger.desks.set({ desk }),
  DeskDismissed: (ledger, { desk }) => ledger.desks.remove({ desk }),
  DeskAllowed: (ledger, { bank, desk, allowed }) =>
    allowed ? ledger.allowedDesks.set({ bank, desk }) : ledger.allowedDesks.remove({ bank, desk }),
  AuthorityUpdated: ignore('who operates is the access manager’s affair'),
};
