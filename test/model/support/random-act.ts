import { bitsOf, RESTRICTION_BITS } from '#domain/codes.ts';
import { instantOf, legalDateOf } from '#domain/dates.ts';
import { parcelId, type Parcel } from '#domain/bills/intervals.ts';
import type { Act, Bill, StandingLimits, State } from '../model.ts';
import {
  bank,
  core,
  otherBank,
  otherCore,
  otherSettlement,
  second,
  settlement,
  stranger,
  supplier,
} from './network.ts';

export const DAY = 86_400;
export const members = [core, supplier, second, bank, otherBank, otherCore];
export const banks = [bank, otherBank];
export const cores = [core, otherCore];
export const issuers = [settlement, otherSettlement];
/** Invoices and groups that random acts name. */
export const invoiceNames = Array.from({ length: 10 }, (_, n) => `I${n}`);
export const groups = [1];

/** A stream of choices: the same seed makes the same story. */
export type Draw = (below: number) => number;

/** Mulberry32: small, and the same on every machine. */
export function drawFrom(seed: number): Draw {
  let a = seed;
  return (below) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % Math.max(1, below);
  };
}
const pick = <T>(draw: Draw, choices: readonly T[]): T => choices[draw(choices.length)]!;

const startOfDay = (state: State): number => instantOf(legalDateOf(state.now));

/** Where an act happens: a bill, and one of its parcels. */
type Place = { no: bigint; bill: Bill | undefined; chosen: Parcel | undefined; parcel: bigint };

function placeOf(state: State, draw: Draw, live: readonly [bigint, Bill][]): Place {
  const bills = draw(12) === 0 ? [...state.bills] : live.slice(-8);
  const [no, bill] = bills.length > 0 ? pick(draw, bills) : [0n, undefined];
  const chosen = bill && pick(draw, bill.parcels);
  return { no, bill, chosen, parcel: parcelId(no, chosen?.first ?? 0n) };
}

/** One act that has a good chance in this state: of a holder, on a parcel that there is. */
export function randomAct(state: State, draw: Draw, serial: number): Act {
  const live = [...state.bills].filter(
    ([, { stored, paidOut, face }]) => stored !== 'cancelled' && paidOut < face,
  );
  const place = placeOf(state, draw, live);
  return pick(draw, [...titleActs(state, draw, live, place, serial), ...otherActs(state, draw, place)]);
}

function titleActs(
  state: State,
  draw: Draw,
  live: readonly [bigint, Bill][],
  { chosen, parcel }: Place,
  serial: number,
): Act[] {
  const by = draw(8) > 0 ? (chosen?.holder ?? core) : pick(draw, members);
  const length = chosen ? Number(chosen.end - chosen.first) : 0;
  const amount = draw(3) === 0 ? {} : { amount: BigInt(draw(length + 2)) };
  const to = draw(40) === 0 ? stranger : pick(draw, members);
  const quote = {
    ...{ bank: pick(draw, banks), nonce: BigInt(draw(500)), amount: BigInt(draw(400)) },
    ...{ ratePpm: BigInt(draw(90_000)), fee: BigInt(draw(3)), validUntil: state.now + draw(3) * DAY },
  };
  const until = draw(2) === 0 ? {} : { until: state.now + draw(4) * DAY };
  // One answer in eight is to what somebody saw before it changed.
  const old = draw(8) > 0 ? {} : pick(draw, [{ end: BigInt(draw(150)) }, { from: pick(draw, members) }, {}]);
  const least = draw(6) > 0 ? {} : { least: BigInt(draw(150)) };
  const onOffer = live.flatMap(([no, { parcels }]) =>
    parcels.filter((p) => p.offeredTo !== 0).map((p) => parcelId(no, p.first)),
  );
  return [
    randomIssue(state, draw, to, serial),
    { act: 'take', by: chosen?.offeredTo || to, parcel, ...old },
    { act: 'take', by: chosen?.offeredTo || to, parcel },
    { act: 'refuse', by: chosen?.offeredTo || to, parcel, ...old },
    { act: 'withdraw', by, parcel, ...('end' in old ? old : {}) },
    randomExtension(state, draw, live, { act: 'extend', by, parcel, ...('end' in old ? old : {}) }),
    { act: 'expire', parcel: onOffer.length > 0 ? pick(draw, onOffer) : parcel, ...old },
    { act: 'expire', parcel: onOffer.length > 0 ? pick(draw, onOffer) : parcel },
    { act: 'offer', by, parcel, to, ...amount, ...until },
    { act: 'offer', by, parcel, to, ...amount },
    { act: 'sell', by, parcel, ...amount, ...least, quote },
    { act: 'sell', by, parcel, ...amount, quote },
  ];
}

/** Of an offer that has an end, if there is one: by its holder, mostly to a later day. */
function randomExtension(
  state: State,
  draw: Draw,
  live: readonly [bigint, Bill][],
  otherwise: Act & { act: 'extend' },
): Act {
  const dated = live.flatMap(([no, { parcels }]) =>
    parcels.filter((p) => p.offerUntil !== 0).map((p) => ({ by: p.holder, parcel: parcelId(no, p.first) })),
  );
  const until = draw(4) === 0 ? {} : { until: state.now + draw(8) * DAY };
  return { ...otherwise, ...(dated.length > 0 && draw(8) > 0 ? pick(draw, dated) : {}), ...until };
}

function randomIssue(state: State, draw: Draw, to: number, serial: number): Act {
  const invoices =
    draw(3) > 0 ? [] : [{ invoice: pick(draw, invoiceNames), total: 800n, amount: BigInt(draw(150)) }];
  const restrictions =
    draw(5) > 0 ? 0 : bitsOf(RESTRICTION_BITS, [pick(draw, ['not_to_be_financed', 'named_members_only'])]);
  const face = BigInt(1 + draw(150));
  const due = startOfDay(state) + DAY * (1 + draw(150));
  const named = restrictions === RESTRICTION_BITS.named_members_only ? [second, bank] : [];
  return { act: 'issue', by: pick(draw, cores), to, serial, face, due, invoices, restrictions, named };
}

/** Acts that move money, lines and members. */
function otherActs(state: State, draw: Draw, { no, bill }: Place): Act[] {
  const member = pick(draw, members);
  const suspended = members.find((each) => state.members.get(each)!.isSuspended);
  const by = pick(draw, banks);
  const obligor = pick(draw, cores);
  const firsts = draw(4) > 0 || !bill ? {} : { firsts: [pick(draw, bill.parcels).first, 0n] };
  const waiting = [...state.redemptions.keys()];
  const redemption = waiting.length > 0 && draw(8) > 0 ? pick(draw, waiting) : BigInt(draw(50));
  const asked = draw(8) > 0 ? (state.redemptions.get(redemption)?.bank ?? settlement) : pick(draw, issuers);
  const matured = [...state.bills].findLast(
    ([, b]) => b.stored === 'active' && b.due <= state.now && b.paidIn > b.paidOut,
  )?.[0];
  const misc: Act[] = [
    { act: 'setStanding', by: member, standing: draw(2) === 0 },
    { act: 'setStanding', by: member, standing: true, limits: randomLimits(state, draw) },
    { act: 'setGroupLine', by, group: 1, limit: BigInt(draw(5_000)) },
    { act: 'reserve', by, obligor, amount: BigInt(1 + draw(100)) },
    { act: 'release', by, obligor, amount: BigInt(1 + draw(100)) },
    { act: 'cancelQuote', by, nonce: BigInt(draw(500)) },
    { act: 'setCap', bank: otherSettlement, cap: BigInt(draw(400)) },
    { act: 'deposit', by: pick(draw, issuers), to: member, amount: BigInt(draw(20)) },
    { act: 'requestRedemption', by: member, bank: pick(draw, issuers), amount: BigInt(draw(20)) },
    { act: 'requestRedemption', by: member, bank: settlement, amount: BigInt(1 + draw(20)) },
    { act: draw(3) > 0 ? 'confirmRedemption' : 'refuseRedemption', by: asked, redemption },
  ];
  return [
    { act: 'fund', by: bill?.acceptor ?? core, bill: no, amount: BigInt(draw(60)) },
    { act: 'fund', by: bill?.acceptor ?? core, bill: no, amount: BigInt(1 + draw(30)) },
    { act: 'payFor', by: member, bill: no, amount: BigInt(draw(30)) },
    { act: 'distribute', bill: no, ...firsts },
    { act: 'distribute', bill: no },
    { act: 'distribute', bill: matured ?? no },
    { act: 'clock', to: state.now + draw(6) * DAY },
    draw(8) === 0 ? { act: 'suspend', member } : { act: 'restore', member: suspended ?? member },
    { act: 'setLine', by, obligor, limit: BigInt(draw(3_000)), group: draw(2) },
    pick(draw, misc),
  ];
}

const randomLimits = (state: State, draw: Draw): StandingLimits => ({
  acceptor: draw(2) === 0 ? 0 : pick(draw, cores),
  counterparty: draw(3) > 0 ? 0 : pick(draw, members),
  least: BigInt(draw(40)),
  until: draw(2) === 0 ? 0 : state.now + draw(20) * DAY,
});
