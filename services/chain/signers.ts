/** What an account calls on itself so that others sign for it. */
import { interfaces } from './contracts.ts';
import type { Call } from './typed-data.ts';

export type SignersChange = {
  /** ERC-7913, hex; each weighs 1. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** How much weight is needed from then on. */
  readonly threshold: bigint;
};

/** At once, since the account's own signers sign it. */
export const changeSignersCalls = (
  account: string,
  { added, removed, threshold }: SignersChange,
): readonly Call[] => [
  {
    target: account,
    data: interfaces.orgAccount.encodeFunctionData('changeSigners', [
      [...removed],
      [...added],
      added.map(() => 1n),
      threshold,
    ]),
  },
];
