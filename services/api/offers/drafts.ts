/** Acts on an offer: take, refuse, withdraw, expire; and the offer itself. */
import { toHex } from '#db/wire/bytes.ts';
import { findDocument } from '#db/bills/documents.ts';
import { findMember } from '#db/members/read.ts';
import type { Call } from '#chain/typed-data.ts';
import { WHOLE, type OfferSeen } from '#chain/calls.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { formatId, parcelId } from '#domain/bills/intervals.ts';
import type { ActMeaning } from '#domain/instructions/meaning.ts';
import { currencyOfNumber } from '#domain/money.ts';
import type { MemberPerson } from '../app-types.ts';
import type { Services } from '../services.ts';
import type { MoneyInput } from '../schemas/common.ts';
import { backingOf, unbacked } from '../bills/documents.ts';
import { readMoney } from '../schemas/money.ts';
import {
  endOf,
  lookUp,
  must,
  NOTHING_MADE,
  partOf,
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
const seenOf = (by: MemberPerson, known: Known | undefined): OfferSeen =>
  known === undefined
    ? { from: by.number, to: by.number, end: 0n }
    : {
        from: known.parcel.holder,
        to: known.parcel.offered_to ?? 0,
        end: known.parcel.end,
      };

const isIssue = ({ bill }: Known): boolean => bill.status === 'offered';

export const draftTake: Drafter<{ readonly parcels: readonly string[] }> = async (
  services,
  by,
  { parcels },
) => {
  const found = await Promise.all(parcels.map((id) => lookUp(services, by, id)));
  return {
    calls: found.map(({ id, known }) => services.calls.take(id, seenOf(by, known))),
    gas: gasOf('take', found.length),
    makes: () => ({ bills: [], parcels: found.map(({ id }) => formatId(id)) }),
    meaning: async () => {
      const known = found.map((each) => must(each.known));
      const [ref, documents] = await Promise.all([
        services.names.of(known.map(({ parcel }) => parcel.holder)),
        documentsOf(services, by, known),
      ]);
      return known.map((one) => ({
        act: 'take' as const,
        unbacked: unbackedOf(one.bill, documents.get(one.bill.bill_no)),
        ...paperOf(one),
        from: ref(one.parcel.holder).name,
        issued: isIssue(one),
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
const draftEnd =
  (act: End): Drafter<{ readonly parcel: string }> =>
  async (services, by, input) => {
    const { id, billNo, known } = await lookUp(services, by, input.parcel);
    const { calls, names, db } = services;
    const ofIssue = known !== undefined && known.parcel.first === 0n && known.bill.status !== 'active';
    const document = ofIssue ? await findDocument(db, by.viewer, billNo) : undefined;
    const backing = document && backingOf(toHex(document.document_hash), document.canonical);
    const call: Call =
      backing === undefined
        ? calls[act](id, seenOf(by, known))
        : {
            refuse: calls.refuseIssue,
            withdraw: calls.withdrawIssue,
            expire: calls.expireIssue,
          }[act](billNo, backing);
    return {
      calls: [call],
      gas: gasOf('take') + gasOf('simple', backing?.invoices.length ?? 0),
      // Anybody can clear an offer that is over; whether there is one, only those learn who may see the bill.
      objections: act === 'expire' && known === undefined ? [{ code: 'NOT_OFFERED_TO_YOU' }] : [],
      makes: () => NOTHING_MADE,
      meaning: async (): Promise<ActMeaning> => {
        const one = must(known);
        const { holder, offered_to: to } = one.parcel;
        const ref = await names.of([holder, to]);
        const other = ref(to ?? holder).name;
        const common = { ...paperOf(one), issued: isIssue(one) };
        if (act === 'refuse') return { act, ...common, from: ref(holder).name };
        if (act === 'withdraw') return { act, ...common, to: other };
        return { act, ...common, from: ref(holder).name, to: other };
      },
    };
  };

export const draftRefuse = draftEnd('refuse');
export const draftWithdraw = draftEnd('withdraw');
export const draftExpire = draftEnd('expire');

/** All of a parcel is what we know of it, to the cent: what is signed for is what is passed on. */
const partOfWhole = (asked: bigint | undefined, known: Known | undefined): bigint => {
  if (asked !== undefined) return partOf(asked);
  return known === undefined ? WHOLE : known.parcel.end - known.parcel.first;
};

type OfferInput = {
  readonly parcel: string;
  readonly amount?: MoneyInput;
  readonly to: number;
  readonly until?: string;
};

export const draftOffer: Drafter<OfferInput> = async (services, by, { parcel: name, amount, to, until }) => {
  const { calls, names, db, deployment } = services;
  const asked = amount === undefined ? undefined : readMoney(amount, deployment.currency);
  const end = until === undefined ? 0 : endOf(until);
  await requireOthers(services, by.number, [to]);
  const { id, billNo, known } = await lookUp(services, by, name);
  const one = (): Known => must(known);
  return {
    calls: [calls.offer(id, partOfWhole(asked, known), to, end)],
    gas: gasOf('move'),
    makes: () => {
      const { first, end } = one().parcel;
      const piece = parcelId(billNo, asked === undefined ? first : end - asked);
      return { bills: [], parcels: [formatId(piece)] };
    },
    meaning: async () => {
      const [ref, receiver] = await Promise.all([names.of([to]), findMember(db, to)]);
      const paper = paperOf(one());
      return {
        act: 'offer',
        ...paper,
        amount: asked ?? paper.amount,
        to: ref(to).name,
        standing: receiver?.standing ?? false,
        ...(until === undefined ? {} : { until: parseLegalDate(until) }),
      };
    },
  };
};
