/** A firm's policy, and who is still missing under a batch: what the account itself weighs (IOrgAccount, ICallReader). */
import type { Text } from '../problems.ts';

/** Kinds of instruction, a bit each. */
export const KIND_BITS = {
  issue: 1,
  transfer: 2,
  receive: 4,
  finance: 8,
  pay: 16,
  cash: 32,
  lines: 64,
  membership: 128,
  own: 256,
  other: 512,
} as const;
export type Kind = keyof typeof KIND_BITS;
export const KINDS = Object.keys(KIND_BITS) as Kind[];
export const ALL_KINDS = 1_023;

/** The largest amount: of what cannot be read, and of what has no bound. */
export const LARGEST = (1n << 56n) - 1n;
export const MAX_LEVEL = 8;

export type PolicySigner = {
  /** ERC-7913, hex. */
  readonly key: string;
  readonly weight: number;
  /** 1 maker, 2 checker, 3 authoriser, … 8; 0 for none. */
  readonly level: number;
  /** Seconds; the last instant at which it may sign, 0 for no end. */
  readonly validUntil: number;
  /** Minor units a day; 0 for no limit. */
  readonly dayLimit: bigint;
};

export type PolicyRule = {
  /** Bits of {@link KIND_BITS}. */
  readonly kinds: number;
  /** Minor units: for batches of this amount or more. */
  readonly from: bigint;
  readonly threshold: number;
  /** Bit 0 for level 1. */
  readonly levels: number;
};

export type Policy = {
  readonly signers: readonly PolicySigner[];
  readonly rules: readonly PolicyRule[];
  readonly threshold: number;
  readonly adminThreshold: number;
  /** Seconds. */
  readonly changeDelay: number;
};

/** What a batch is, and for how much: bits of {@link KIND_BITS}, minor units. */
export type Batch = { readonly kinds: number; readonly amount: bigint };
/** The weight and the levels (bit 0 for level 1) that a batch needs. */
export type Need = { readonly weight: number; readonly levels: number };

/** What a policy asks of a batch. */
export function needOf(
  { rules, threshold, adminThreshold }: Pick<Policy, 'rules' | 'threshold' | 'adminThreshold'>,
  { kinds, amount }: Batch,
): Need {
  const matching = rules.filter((rule) => (rule.kinds & kinds) !== 0 && amount >= rule.from);
  const ruled = matching.reduce<number>((bits, rule) => bits | rule.kinds, KIND_BITS.own);
  const weights = matching.map((rule) => rule.threshold);
  if ((kinds & KIND_BITS.own) !== 0) weights.push(adminThreshold);
  if ((kinds & ~ruled) !== 0 || kinds === 0) weights.push(threshold);
  return { weight: Math.max(...weights), levels: matching.reduce((bits, rule) => bits | rule.levels, 0) };
}

export type Missing = {
  readonly need: Need;
  /** Weight that has signed, and what is still missing of it. */
  readonly weight: number;
  readonly missingWeight: number;
  /** Numbers of the levels of which nobody has signed. */
  readonly missingLevels: readonly number[];
  readonly isEnough: boolean;
  /** Who has not signed and would help: it may sign now, and brings weight or a level that is missing. */
  readonly helpful: readonly PolicySigner[];
};

/**
 * What is still missing under a batch.
 *
 * @param signed Keys of those who signed; whoever may not sign at `now` (seconds) counts nothing.
 */
export function missingOf(
  policy: Pick<Policy, 'signers' | 'rules' | 'threshold' | 'adminThreshold'>,
  batch: Batch,
  signed: readonly string[],
  now: number,
): Missing {
  const need = needOf(policy, batch);
  const has = new Set(signed.map((key) => key.toLowerCase()));
  const valid = policy.signers.filter(({ validUntil }) => validUntil === 0 || now <= validUntil);
  const those = valid.filter(({ key }) => has.has(key.toLowerCase()));
  const weight = those.reduce((sum, signer) => sum + signer.weight, 0);
  const levels = those.reduce((bits, { level }) => bits | bitOf(level), 0);
  const missingWeight = Math.max(0, need.weight - weight);
  const missing = need.levels & ~levels;
  return {
    need,
    weight,
    missingWeight,
    missingLevels: levelsOf(missing),
    isEnough: missingWeight === 0 && missing === 0,
    helpful: valid.filter(
      ({ key, level }) =>
        !has.has(key.toLowerCase()) && (missingWeight > 0 || (bitOf(level) & missing) !== 0),
    ),
  };
}

const bitOf = (level: number): number => (level === 0 ? 0 : 1 << (level - 1));

/** The numbers of the levels in these bits. */
export const levelsOf = (bits: number): number[] =>
  Array.from({ length: MAX_LEVEL }, (_, n) => n + 1).filter((level) => (bits & bitOf(level)) !== 0);

export const kindsOf = (bits: number): Kind[] => KINDS.filter((kind) => (bits & KIND_BITS[kind]) !== 0);
export const kindBits = (kinds: readonly Kind[]): number =>
  kinds.reduce((bits, kind) => bits | KIND_BITS[kind], 0);

type Joining = {
  /** ERC-7913, hex. */
  readonly key: string;
  /** Whose place it takes, with the same terms. */
  readonly instead?: string | undefined;
  /** The weight that is needed from then on. */
  readonly threshold: number;
};

/** The policy with one signer more, or another one in the place of one; of the account's own affairs where they took as much as all else. */
export function withSigner(policy: Policy, { key, instead, threshold }: Joining): Policy {
  const terms = { weight: 1, level: 0, validUntil: 0, dayLimit: 0n };
  const { signers, adminThreshold } = policy;
  const replaced = signers.map((each) =>
    each.key.toLowerCase() === instead?.toLowerCase() ? { ...each, key } : each,
  );
  return {
    signers: instead === undefined ? [...signers, { key, ...terms }] : replaced,
    rules: policy.rules,
    threshold,
    adminThreshold: adminThreshold === policy.threshold ? threshold : adminThreshold,
    changeDelay: policy.changeDelay,
  };
}

/** Why a policy is refused by every account; undefined if it is sound. As Policies.sol has it, which has the last word. */
export function policyFault(policy: Policy): Text | undefined {
  const { signers, rules, threshold, adminThreshold, changeDelay } = policy;
  if (signers.length === 0 || signers.length > 20)
    return fault('签名人须为 1 至 20 个', 'Name 1 to 20 signers');
  if (rules.length > 8) return fault('规则最多 8 条', 'There are at most 8 rules');
  if (changeDelay < 3_600 || changeDelay > 30 * 86_400)
    return fault('变更公示期须为 1 小时至 30 天', 'Changes wait from an hour to 30 days');
  if (new Set(signers.map(({ key }) => key.toLowerCase())).size < signers.length)
    return fault('签名人重复', 'A signer is named twice');
  const permanent = signers.filter(({ validUntil }) => validUntil === 0);
  const reached = permanent.reduce((sum, { weight }) => sum + weight, 0);
  for (const asked of [threshold, adminThreshold, ...rules.map((rule) => rule.threshold)]) {
    if (asked < 1) return fault('门槛至少为 1', 'A threshold is 1 or more');
    if (asked > reached)
      return fault(
        `长期有效的签名人权重合计 ${reached}，达不到门槛 ${asked}`,
        `Signers without an end weigh ${reached} together and do not reach a threshold of ${asked}`,
      );
  }
  const levels = permanent.reduce((bits, { level }) => bits | bitOf(level), 0);
  const [missing] = levelsOf(rules.reduce((bits, rule) => bits | rule.levels, 0) & ~levels);
  if (missing !== undefined)
    return fault(`没有长期有效的第 ${missing} 级签名人`, `No signer without an end has level ${missing}`);
  return undefined;
}

const fault = (zh: string, en: string): Text => ({ zh, en });
