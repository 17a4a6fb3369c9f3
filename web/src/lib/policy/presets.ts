/** Policies that nobody has to work out: what most firms want. */
import type { PolicyInput } from '#domain/accounts/input.ts';
import type { Kind } from '#domain/accounts/policy.ts';

export const PRESETS = ['one', 'two', 'levels', 'amount', 'detail'] as const;
export type Preset = (typeof PRESETS)[number];

/** What moves money or promises it. */
const MONEY: readonly Kind[] = ['issue', 'transfer', 'finance', 'pay', 'cash', 'lines'];

type Signers = PolicyInput['signers'];
type Wanted = {
  readonly signers: Signers;
  /** Where two are needed: from this amount on. */
  readonly from: { readonly amount: string; readonly currency: string };
  /** Of two, the one that is left replaces a device. */
  readonly isReplaceable: boolean;
  /** Seconds. */
  readonly changeDelay: number;
};

/** @throws nothing: whether it is sound, `policyFault` says. */
export function presetPolicy(
  preset: Exclude<Preset, 'detail'>,
  { signers, from, isReplaceable, changeDelay }: Wanted,
): PolicyInput {
  const alike: Signers = signers.map(({ weight: _weight, ...terms }) => terms);
  if (preset === 'one') return { signers: alike, threshold: 1, adminThreshold: 1, changeDelay };
  const adminThreshold = isReplaceable && signers.length === 2 ? 1 : 2;
  const common = { signers: alike, threshold: 2, adminThreshold, changeDelay };
  if (preset === 'two') return common;
  if (preset === 'levels')
    return { ...common, rules: [{ kinds: [...MONEY, 'membership', 'other'], threshold: 2, levels: [1, 2] }] };
  return {
    ...common,
    rules: [
      { kinds: [...MONEY, 'receive'], threshold: 1 },
      { kinds: MONEY, from, threshold: 2 },
    ],
  };
}
