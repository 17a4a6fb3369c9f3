/** How a branch signs for its head office: within a limit a day, for ordinary business, and never for the account itself. */
import { ALL_KINDS, KIND_BITS, MAX_LEVEL, type Policy, type PolicySigner } from '../accounts/policy.ts';

/** What a branch does alone. Lines, membership, the account's own affairs and whatever is not known need the head office. */
export const BRANCH_KINDS =
  KIND_BITS.issue |
  KIND_BITS.transfer |
  KIND_BITS.receive |
  KIND_BITS.finance |
  KIND_BITS.pay |
  KIND_BITS.cash;

export type NewBranch = {
  /** The branch's account: an ERC-7913 signer of 20 bytes, hex. */
  readonly key: string;
  /** Minor units a day, above 0. */
  readonly dayLimit: bigint;
};

/**
 * The head office's policy with one branch more. All weights and thresholds are doubled once, so that there is a weight between "one less
 * than enough" and "enough": the branch's. One rule lets that weight do ordinary business. Another asks for somebody of the head
 * office in all else, so that branches together cannot take it over: somebody of its highest level, or, where it has no levels,
 * of a level that its own signers get. For the rest, signers of the head office who could act before still can, and who could not still cannot.
 *
 * @returns undefined where the head office has rules of its own under which this cannot be said: for all ordinary business, or weaker ones
 * for what a branch is never to do alone.
 */
export function withBranch(policy: Policy, { key, dayLimit }: NewBranch): Policy | undefined {
  const base = isDivided(policy) ? policy : divided(policy);
  if (base === undefined) return undefined;
  const weight = base.threshold - 1;
  const branch = { key: key.toLowerCase(), weight, level: 0, validUntil: 0, dayLimit };
  return { ...base, signers: [...base.signers, branch] };
}

/** Whether a branch was opened before: weights are doubled, and the two rules are there. */
const isDivided = ({ signers, rules, threshold }: Policy): boolean =>
  signers.every(
    ({ weight, dayLimit }) => weight % 2 === 0 || (weight === threshold - 1 && dayLimit !== 0n),
  ) &&
  rules.some((rule) => rule.from === 0n && rule.threshold === threshold - 1 && rule.levels === 0) &&
  rules.some((rule) => rule.kinds === GUARDED && rule.threshold === threshold && rule.levels !== 0);

const GUARDED = ALL_KINDS & ~BRANCH_KINDS;

function divided(policy: Policy): Policy | undefined {
  const { rules, threshold, adminThreshold, changeDelay } = policy;
  const own = rules.filter((rule) => rule.from === 0n || rule.threshold < threshold);
  const kinds = BRANCH_KINDS & ~own.reduce((bits, rule) => bits | rule.kinds, 0);
  const isWeaker = rules.some((rule) => rule.threshold < threshold && (rule.kinds & GUARDED) !== 0);
  if (kinds === 0 || isWeaker) return undefined;
  const signers = withLevels(policy.signers);
  const highest = Math.max(...signers.filter(({ validUntil }) => validUntil === 0).map(({ level }) => level));
  return {
    signers: signers.map((signer) => ({ ...signer, weight: 2 * signer.weight })),
    rules: [
      { kinds, from: 0n, threshold: 2 * threshold - 1, levels: 0 },
      { kinds: GUARDED, from: 0n, threshold: 2 * threshold, levels: 1 << (highest - 1) },
      ...rules.map((rule) => ({ ...rule, threshold: 2 * rule.threshold })),
    ],
    threshold: 2 * threshold,
    adminThreshold: 2 * Math.max(adminThreshold, threshold),
    changeDelay,
  };
}

/** Levels by which the head office's own are known. */
const withLevels = (signers: readonly PolicySigner[]): readonly PolicySigner[] =>
  signers.some(({ level, validUntil }) => level !== 0 && validUntil === 0)
    ? signers
    : signers.map((signer) => ({ ...signer, level: MAX_LEVEL }));
