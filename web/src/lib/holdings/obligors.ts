import type { MemberRef, PortfolioEntry } from '#web/api/schema.ts';
import { minorOf } from '#web/format.ts';

export type Obligor = {
  acceptor: MemberRef;
  amount: bigint;
  /** By month of the due date. */
  months: ReadonlyMap<string, bigint>;
};

/** Who has to pay how much, most first. */
export function obligorsOf(entries: readonly PortfolioEntry[]): Obligor[] {
  const groups = Map.groupBy(entries, ({ acceptor }) => acceptor.number);
  return [...groups.values()]
    .map((group) => ({
      acceptor: group[0]!.acceptor,
      amount: group.reduce((sum, { amount }) => sum + minorOf(amount), 0n),
      months: new Map(group.map(({ month, amount }) => [month, minorOf(amount)])),
    }))
    .sort((a, b) => (a.amount < b.amount ? 1 : -1));
}

/** Sum of the squared shares, in points of 10,000: 10,000 is all with one. */
export function concentrationOf(amounts: readonly bigint[]): number {
  const total = amounts.reduce((sum, amount) => sum + amount, 0n);
  if (total === 0n) return 0;
  const share = (amount: bigint): number => Number(amount) / Number(total);
  return Math.round(amounts.reduce((sum, amount) => sum + share(amount) ** 2, 0) * 10_000);
}
