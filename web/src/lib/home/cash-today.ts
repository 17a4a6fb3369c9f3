/** What a holder could turn into cash today, and what that would cost: by the quotes that it has, and besides. */
import { daysBetween, parseLegalDate } from '#domain/dates.ts';
import { ratePpm, type RatePpm } from '#domain/money.ts';
import { roundHalfUp } from '#domain/rounding.ts';
import type { FinancingRequest, Holding } from '#web/api/schema.ts';
import { minorOf } from '#web/format.ts';

export type CashToday = {
  /** What the best quotes bring, their interest and fees, and that as a yearly cost; minor units. */
  readonly net: bigint;
  readonly cost: bigint;
  readonly yearlyCost365: RatePpm | undefined;
  /** Where these quotes are. */
  readonly requests: readonly string[];
  /** What could be financed besides, and nobody quotes for. */
  readonly free: bigint;
  readonly freePieces: number;
};

/** Of several requests for one parcel the one that brings most counts: it can be sold once. */
function bestOfEach(requests: readonly FinancingRequest[]) {
  const best = new Map<string, FinancingRequest & { proposal: NonNullable<FinancingRequest['proposal']> }>();
  for (const request of requests) {
    const { proposal, parcel } = request;
    if (proposal === null) continue;
    const known = best.get(parcel);
    if (known === undefined || minorOf(known.proposal.net) < minorOf(proposal.net))
      best.set(parcel, { ...request, proposal });
  }
  return [...best.values()];
}

/** @param canFinance Whether a piece may be financed still. */
export function cashToday(
  requests: readonly FinancingRequest[],
  holdings: readonly Holding[],
  today: string,
  canFinance: (holding: Holding) => boolean,
): CashToday {
  const quoted = bestOfEach(requests).map(({ id, parcel, due, proposal }) => ({
    id,
    parcel,
    amount: minorOf(proposal.amount),
    net: minorOf(proposal.net),
    days: BigInt(daysBetween(parseLegalDate(today), parseLegalDate(due))),
  }));
  const added = (of: (each: (typeof quoted)[number]) => bigint): bigint =>
    quoted.reduce((total, each) => total + of(each), 0n);
  const [net, cost] = [added((each) => each.net), added((each) => each.amount - each.net)];
  const netDays = added((each) => each.net * each.days);
  // A piece that is quoted for in part has a rest that can still be asked for.
  const covered = new Map(quoted.map(({ parcel, amount }) => [parcel, amount]));
  const free = holdings
    .filter(canFinance)
    .map(({ parcel }) => minorOf(parcel.amount) - (covered.get(parcel.id) ?? 0n))
    .filter((amount) => amount > 0n);
  return {
    net,
    cost,
    yearlyCost365: netDays > 0n ? ratePpm(roundHalfUp(cost * 365n * 1_000_000n, netDays)) : undefined,
    requests: quoted.map(({ id }) => id),
    free: free.reduce((total, amount) => total + amount, 0n),
    freePieces: free.length,
  };
}
