/** Checks offers, the answers to them, and standing acceptance. */
import { parseLegalDate } from '../../domain/dates.ts';
import {
  BACKED,
  big,
  cents,
  eitherWay,
  endOf,
  firstOf,
  NAME,
  PIECE,
  same,
  SOME,
  type Check,
} from './reader.ts';

const offer: Check<'offer'> = ({ parcel, amount, to, until }, calls) => {
  const [id, part, receiver, end] = calls.next('bills', 'offer');
  same('parcel', id, BigInt(parcel));
  if (amount !== undefined) same('amount', part, cents(amount));
  same('receiver', receiver, to);
  same('last day', end, until === undefined ? 0 : endOf(until));
  const last = until === undefined ? {} : { until: parseLegalDate(until) };
  const facts = { to: NAME, amount: big(part), ...PIECE, ...last };
  return [[true, false].map((takesAtOnce) => ({ ...facts, takesAtOnce }))];
};

const take: Check<'take'> = ({ parcels }, calls) =>
  parcels.map((id) => {
    const [parcel, , end] = calls.next('bills', 'take');
    same('parcel', parcel, BigInt(id));
    const facts = { from: NAME, amount: big(end) - firstOf(id), ...PIECE };
    return BACKED.flatMap((known) => eitherWay({ ...facts, ...known }));
  });

/** By the parcel, with what was on offer; an issue that comes to nothing by the bill, with what backed it. */
const endBy =
  (end: 'refuse' | 'withdraw' | 'expire'): Check<typeof end> =>
  ({ parcel }, calls) => {
    const byParcel = calls.try('bills', end);
    let amount = SOME;
    if (byParcel === undefined) same('bill', calls.next('bills', `${end}Issue`)[0], BigInt(parcel) >> 64n);
    else {
      same('parcel', byParcel[0], BigInt(parcel));
      amount = big(byParcel.at(-1)) - firstOf(parcel);
    }
    return [eitherWay({ from: NAME, to: NAME, amount, ...PIECE })];
  };

/** Whose offer it is the chain compares; the sentence names it and the amount. */
const extend: Check<'extend'> = ({ parcel, until }, calls) => {
  const [id, , end, last] = calls.next('bills', 'extend');
  same('parcel', id, BigInt(parcel));
  same('last day', last, endOf(until));
  const amount = big(end) - firstOf(parcel);
  return [[{ to: NAME, amount, ...PIECE, until: parseLegalDate(until) }]];
};

const setStanding: Check<'setStanding'> = ({ standing, acceptor, counterparty, least, until }, calls) => {
  const [on, of, from, atLeast, end] = calls.next('bills', 'setStandingAcceptance');
  same('choice', on, standing);
  same('acceptor', of, acceptor ?? 0);
  same('counterparty', from, counterparty ?? 0);
  same('least amount', atLeast, least === undefined ? 0 : cents(least));
  same('last day', end, until === undefined ? 0 : endOf(until));
  const limits = {
    ...(acceptor === undefined ? {} : { acceptor: NAME }),
    ...(counterparty === undefined ? {} : { counterparty: NAME }),
    ...(least === undefined ? {} : { least: cents(least) }),
    ...(until === undefined ? {} : { until: parseLegalDate(until) }),
  };
  return [[{ standing, currency: 'CNY', ...limits }]];
};

export const offerChecks = {
  offer,
  take,
  refuse: endBy('refuse'),
  withdraw: endBy('withdraw'),
  extend,
  expire: endBy('expire'),
  setStanding,
};
