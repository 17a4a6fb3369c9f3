/** Offers, the answers to them, and standing acceptance. */
import { toHex } from '#db/wire/bytes.ts';
import { findDocument } from '#db/bills/documents.ts';
import { findMember } from '#db/members/read.ts';
import { WHOLE } from '#chain/calls.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { formatId, parcelId } from '#domain/bills/intervals.ts';
import { currencyOfNumber, MAX_FACE } from '#domain/money.ts';
import type { MemberPerson } from '../app-types.ts';
import type { Services } from '../services.ts';
import { backingOf, unbacked } from '../bills/documents.ts';
import { readMoney } from '../schemas/money.ts';
import {
  atMost,
  endOf,
  lookUp,
  must,
  NOTHING_MADE,
  partOf,
  requireMembers,
  requireOthers,
  type Drafter,
  type Known,
} from '../instructions/draft.ts';
import { gasOf } from '../instructions/gas.ts';

const paperOf = ({ bill, parcel }: Known) => ({
  amount: parcel.end - parcel.first,
  currency: currencyOfNumber(bill.currency),
  due: parseLegalDate(bill.due_on),
});

/**
 * What is on offer as we know it, so that who signs answers to that and nothing else. Of a parcel that the member may not see
 * nothing is told: the chain then says that it is not on offer to it.
 */
const seenOf = (by: MemberPerson, known: Known | undefined) =>
  known === undefined
    ? { from: by.number, to: by.number, end: 0n }
    : { from: known.parcel.holder, to: known.parcel.offered_to ?? 0, end: known.parcel.end };

const isIssue = ({ bill }: Known): boolean => bill.status === 'offered';

const take: Drafter<'take'> = async (services, by, { parcels }) => {
  const found = await Promise.all(parcels.map((id) => lookUp(services, by, id)));
  return {
    calls: found.map(({ id, known }) => {
      const { from, end } = seenOf(by, known);
      return services.calls.bills.take(id, from, end);
    }),
    makes: () => ({ bills: [], parcels: found.map(({ id }) => formatId(id)) }),
    facts: async () => {
      const known = found.map((each) => must(each.known));
      const [ref, documents] = await Promise.all([
        services.names.of(known.map(({ parcel }) => parcel.holder)),
        documentsOf(services, by, known),
      ]);
      return known.map((one) => ({
        unbacked: unbackedOf(one.bill, documents.get(one.bill.bill_no)),
        ...paperOf(one),
        from: ref(one.parcel.holder).name,
        isIssue: isIssue(one),
      }));
    },
  };
};

/** What is known here of what backs the bills; one that was issued without the platform has nothing. */
async function documentsOf(
  { db }: Services,
  by: MemberPerson,
  known: readonly Known[],
): Promise<Map<bigint, string | undefined>> {
  const bills = [...new Set(known.map(({ bill }) => bill.bill_no))];
  const found = await Promise.all(bills.map((bill) => findDocument(db, by.viewer, bill)));
  return new Map(bills.map((bill, n) => [bill, found[n]?.canonical]));
}

function unbackedOf({ face_minor: face, document_hash }: Known['bill'], canonical: string | undefined) {
  const invoices = canonical === undefined ? [] : backingOf(toHex(document_hash), canonical).invoices;
  return { face, amount: unbacked(face, invoices) };
}

type End = 'refuse' | 'withdraw' | 'expire';

/** An issue that comes to nothing is ended by showing again what backed it; any other offer by its parcel. */
const endBy =
  <E extends End>(end: E): Drafter<End> =>
  async (services, by, asked) => {
    const { id, billNo, known } = await lookUp(services, by, asked.parcel);
    const { names, db } = services;
    const { bills } = services.calls;
    const ofIssue = known !== undefined && known.parcel.first === 0n && known.bill.status !== 'active';
    const document = ofIssue ? await findDocument(db, by.viewer, billNo) : undefined;
    const backing = document && backingOf(toHex(document.document_hash), document.canonical);
    const seen = seenOf(by, known);
    const call = {
      refuse: () =>
        backing === undefined ? bills.refuse(id, seen.from, seen.end) : bills.refuseIssue(billNo, backing),
      withdraw: () =>
        backing === undefined ? bills.withdraw(id, seen.to, seen.end) : bills.withdrawIssue(billNo, backing),
      expire: () =>
        backing === undefined
          ? bills.expire(id, seen.from, seen.to, seen.end)
          : bills.expireIssue(billNo, backing),
    }[end]();
    return {
      calls: [call],
      gas: gasOf('take') + gasOf('simple', backing?.invoices.length ?? 0),
      // Anybody can clear an offer that is over; whether there is one, only those learn who may see the bill.
      objections: end === 'expire' && known === undefined ? [{ code: 'NOT_OFFERED_TO_YOU' }] : [],
      makes: () => NOTHING_MADE,
      facts: async () => {
        const one = must(known);
        const { holder, offered_to: to } = one.parcel;
        const ref = await names.of([holder, to]);
        return {
          ...paperOf(one),
          isIssue: isIssue(one),
          from: ref(holder).name,
          to: ref(to ?? holder).name,
        };
      },
    };
  };

const extend: Drafter<'extend'> = async (services, by, { parcel, until }) => {
  const { calls, names } = services;
  const end = endOf(until);
  const { id, known } = await lookUp(services, by, parcel);
  const seen = seenOf(by, known);
  return {
    calls: [calls.bills.extend(id, seen.to, seen.end, end)],
    facts: async () => {
      const ref = await names.of([seen.to]);
      return { ...paperOf(must(known)), to: ref(seen.to).name, until: parseLegalDate(until) };
    },
  };
};

const offer: Drafter<'offer'> = async (services, by, { parcel: name, amount, to, until }) => {
  const { calls, names, db, deployment } = services;
  const asked = amount === undefined ? undefined : readMoney(amount, deployment.currency);
  const end = until === undefined ? 0 : endOf(until);
  await requireOthers(services, by.number, [to]);
  const { id, billNo, known } = await lookUp(services, by, name);
  return {
    calls: [calls.bills.offer(id, partOfWhole(asked, known), to, end)],
    makes: () => {
      const { first, end } = must(known).parcel;
      const piece = parcelId(billNo, asked === undefined ? first : end - asked);
      return { bills: [], parcels: [formatId(piece)] };
    },
    facts: async () => {
      const [ref, receiver] = await Promise.all([names.of([to]), findMember(db, to)]);
      const paper = paperOf(must(known));
      return {
        ...paper,
        amount: asked ?? paper.amount,
        to: ref(to).name,
        takesAtOnce: receiver?.standing ?? false,
        ...(until === undefined ? {} : { until: parseLegalDate(until) }),
      };
    },
  };
};

/** All of a parcel is what we know of it, to the cent: what is signed for is what is passed on. */
const partOfWhole = (asked: bigint | undefined, known: Known | undefined): bigint => {
  if (asked !== undefined) return partOf(asked);
  return known === undefined ? WHOLE : known.parcel.end - known.parcel.first;
};

const setStanding: Drafter<'setStanding'> = async (services, _by, asked) => {
  const { standing, acceptor, counterparty, until } = asked;
  const { currency } = services.deployment;
  const members = [acceptor, counterparty].filter((number) => number !== undefined);
  await requireMembers(services, members);
  const least = asked.least === undefined ? undefined : readMoney(asked.least, currency);
  const call = services.calls.bills.setStandingAcceptance(
    standing,
    acceptor ?? 0,
    counterparty ?? 0,
    atMost(least ?? 0n, MAX_FACE),
    until === undefined ? 0 : endOf(until),
  );
  return {
    calls: [call],
    objections: (least ?? 0n) > MAX_FACE ? [{ code: 'AMOUNT_INVALID' }] : [],
    facts: async () => {
      const ref = await services.names.of(members);
      return {
        standing,
        currency,
        ...(acceptor === undefined ? {} : { acceptor: ref(acceptor).name }),
        ...(counterparty === undefined ? {} : { counterparty: ref(counterparty).name }),
        ...(least === undefined ? {} : { least }),
        ...(until === undefined ? {} : { until: parseLegalDate(until) }),
      };
    },
  };
};

export const offerDrafters = {
  offer,
  take,
  refuse: endBy('refuse'),
  withdraw: endBy('withdraw'),
  extend,
  expire: endBy('expire'),
  setStanding,
};
