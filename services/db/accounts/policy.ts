/** A firm's policy as the chain tells it, and as it is kept where one is announced. */
import type { LedgerAccountChange } from '../types.ts';

/** Of events: bytes are Buffers, what can be larger than 32 bits is a bigint. */
export type StoredPolicy = {
  readonly signers: readonly {
    readonly key: Buffer;
    readonly weight: number;
    readonly level: number;
    readonly validUntil: bigint;
    readonly dayLimit: bigint;
  }[];
  readonly rules: readonly {
    readonly kinds: number;
    readonly from: bigint;
    readonly threshold: number;
    readonly levels: number;
  }[];
  readonly threshold: number;
  readonly adminThreshold: number;
  readonly changeDelay: bigint;
};

export type PolicyChangeState = LedgerAccountChange['state'];

/** JSON; keys as hex, amounts as strings of digits. */
export const policyText = ({
  signers,
  rules,
  threshold,
  adminThreshold,
  changeDelay,
}: StoredPolicy): string =>
  JSON.stringify({
    signers: signers.map(({ key, weight, level, validUntil, dayLimit }) => ({
      key: `0x${key.toString('hex')}`,
      weight,
      level,
      validUntil: Number(validUntil),
      dayLimit: dayLimit.toString(),
    })),
    rules: rules.map(({ kinds, from, threshold: needed, levels }) => ({
      kinds,
      from: from.toString(),
      threshold: needed,
      levels,
    })),
    threshold,
    adminThreshold,
    changeDelay: Number(changeDelay),
  });
