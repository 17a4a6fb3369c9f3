/** Of several reasons against an instruction, the one that wins. */
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

/** The member's account is no organisation account of our factory. */
export const foreignAccount = (): Problem =>
  new Problem('FORBIDDEN', {
    zh: '该成员的账户不是本平台的机构账户，请用其自己的钱包办理',
    en: 'The member’s account is none of ours: it acts with its own wallet',
  });
