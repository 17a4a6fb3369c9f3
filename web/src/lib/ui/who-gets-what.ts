import type { MemberRef } from '#web/api/schema.ts';
import { moneyOf, text } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';
import type { Fact } from './facts.ts';

const SHOWN = 20;

/** A line for each member that gets something, most first; what does not fit is one line more, so that the sum is always there. */
export function whoGetsWhat(parts: readonly { to: MemberRef; amount: bigint }[]): Fact[] {
  const sums = new Map<number, { to: MemberRef; amount: bigint }>();
  for (const { to, amount } of parts)
    sums.set(to.number, { to, amount: amount + (sums.get(to.number)?.amount ?? 0n) });
  const all = [...sums.values()].sort((a, b) => (a.amount < b.amount ? 1 : -1));
  const rest = all.slice(SHOWN);
  const lines = all
    .slice(0, SHOWN)
    .map(({ to, amount }) => ({ label: `→ ${text(to.name)} №${to.number}`, value: moneyOf(amount) }));
  if (rest.length === 0) return lines;
  const amount = rest.reduce((sum, each) => sum + each.amount, 0n);
  return [...lines, { label: m.and_others({ count: rest.length }), value: moneyOf(amount) }];
}
