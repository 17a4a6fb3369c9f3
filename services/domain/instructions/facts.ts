/** What an instruction's sentences are made of, in the form in which it is kept: facts, not sentences. */
import type { Meaning } from './instructions.ts';
import type { Name } from './phrases.ts';

/** Who does what. */
export type Facts = { readonly by: Name; readonly does: readonly Meaning[] };

/** JSON has no bigint, and a text may look like anything: an amount is kept as `{ "n": "100000" }`. */
export const plainFacts = (facts: Facts): unknown =>
  JSON.parse(
    JSON.stringify(facts, (_, value: unknown) => (typeof value === 'bigint' ? { n: String(value) } : value)),
  );

/** The facts that {@link plainFacts} made plain. */
export const factsOf = (plain: unknown): Facts => revived(plain) as Facts;

function revived(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== 'object' || value === null) return value;
  const { n, ...others } = value as Record<string, unknown>;
  if (typeof n === 'string' && Object.keys(others).length === 0) return BigInt(n);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revived(inner)]));
}
