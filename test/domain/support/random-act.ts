import { instantOf, legalDateOf } from '#domain/dates.ts';
import { parcelId } from '#domain/intervals.ts';
import type { Act, State } from '#domain/model.ts';
import { bank, core, otherBank, otherCore, second, supplier } from './network.ts';

export const DAY = 86_400;
export const members = [core, supplier, second, bank, otherBank, otherCore];

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

/** One act that has a good chance in this state: of a holder, on a parcel that there is. */
export function randomAct(state: State, draw: Draw, serial: number): Act {
  const live = [...state.bills].filter(
    ([, { stored, paidOut, face }]) => stored !== 'cancelled' && paidOut < face,
  );
  const bills = draw(12) === 0 ? [...state.bills] : live.slice(-8);
  const [no, bill] = bills.length > 0 ? pick(draw, bills) : [0n, undefined];
  const chosen = bill && pick(draw, bill.parcels);
  const parcel = parcelId(no, chosen?.first ?? 0n);
  const by = draw(8) > 0 ? (chosen?.holder ?? core) : pick(draw, members);
  const length = chosen ? Number(chosen.end - chosen.first) : 0;
  const amount = draw(3) === 0 ? {} : { amount: BigInt(draw(length + 2)) };
  const to = pick(draw, members);
  const quote = {
    ...{ bank: pick(draw, [bank, otherBank]), nonce: BigInt(draw(500)), amount: BigInt(draw(400)) },
    ...{ ratePpm: BigInt(draw(90_000)), fee: BigInt(draw(3)), validUntil: state.now + draw(3) * DAY },
  };
  const until = draw(2) === 0 ? {} : { until: state.now + draw(4) * DAY };
  const invoices = draw(3) > 0 ? [] : [{ invoice: `I${draw(30)}`, total: 300n, amount: BigInt(draw(150)) }];
  const face = BigInt(1 + draw(150));
  const onOffer = live.flatMap(([billNo, { parcels }]) =>
    parcels.filter((p) => p.offeredTo !== 0).map((p) => parcelId(billNo, p.first)),
  );
  const suspended = members.find((member) => state.members.get(member)!.isSuspended);
  const acts: Act[] = [
    {
      act: 'issue',
      by: pick(draw, [core, otherCore]),
      to,
      serial,
      face,
      due: startOfDay(state) + DAY * (1 + draw(150)),
      invoices,
    },
    { act: 'take', by: chosen?.offeredTo || to, parcel },
    { act: 'take', by: chosen?.offeredTo || to, parcel },
    { act: 'refuse', by: chosen?.offeredTo || to, parcel },
    { act: 'withdraw', by, parcel },
    { act: 'expire', parcel: onOffer.length > 0 ? pick(draw, onOffer) : parcel },
    { act: 'offer', by, parcel, to, ...amount, ...until },
    { act: 'offer', by, parcel, to, ...amount },
    { act: 'sell', by, parcel, ...amount, quote },
    { act: 'sell', by, parcel, ...amount, quote },
    { act: 'fund', by: bill?.acceptor ?? core, bill: no, amount: BigInt(draw(60)) },
    { act: 'distribute', bill: no },
    { act: 'distribute', bill: no },
    { act: 'clock', to: state.now + draw(6) * DAY },
    draw(8) === 0 ? { act: 'suspend', member: to } : { act: 'restore', member: suspended ?? to },
    { act: 'setStanding', by: to, standing: draw(2) === 0 },
    {
      act: 'setLine',
      by: pick(draw, [bank, otherBank]),
      obligor: pick(draw, [core, otherCore]),
      limit: BigInt(draw(3_000)),
      group: draw(2),
    },
    { act: 'setGroupLine', by: bank, group: 1, limit: BigInt(draw(5_000)) },
  ];
  return pick(draw, acts);
}
