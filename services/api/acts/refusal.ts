import {
  ACT_PROBLEM_CODES,
  Problem,
  type ActProblemCode,
  type ProblemCode,
  type Text,
} from '#domain/problems.ts';

/** Why an act does not go, found here or by the chain. */
export type Objection = { readonly code: ProblemCode; readonly detail?: Text | undefined };

/** Throws what wins: the first in the order of the codes, whoever found it. Does nothing when there is nothing. */
export function throwFirst(...objections: readonly (Objection | undefined)[]): void {
  const found = objections.filter((objection) => objection !== undefined);
  const [first] = found.sort((a, b) => rankOf(a.code) - rankOf(b.code));
  if (first !== undefined) throw new Problem(first.code, first.detail);
}

/** Codes that are not of acts (a signature, an outage) come after those that are. */
export function rankOf(code: ProblemCode): number {
  const rank = ACT_PROBLEM_CODES.indexOf(code as ActProblemCode);
  return rank < 0 ? ACT_PROBLEM_CODES.length : rank;
}
