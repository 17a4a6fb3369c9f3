/** When a recovery can be completed, by the same rule as the contract's (contracts/participants/Recoveries.sol). */

/** How long a helper's naming, or a recovery that both propose, is announced before it counts (seconds). */
export const RECOVERY_DELAY = 7 * 86_400;
/** How long after it was made a proposal is void (seconds). */
export const RECOVERY_END = 30 * 86_400;

/** Instants in seconds. */
export type Helpers = {
  readonly helper: number | null;
  readonly next_helper: number | null;
  readonly next_helper_from: bigint | null;
};
export type Proposals = {
  readonly helper: number | null;
  readonly by_helper: Buffer | Uint8Array | null;
  readonly helper_at: bigint | null;
  readonly by_operator: Buffer | Uint8Array | null;
  readonly operator_at: bigint | null;
};

/** Who helps now, and since when that is certain. */
export function helperNow(
  { helper, next_helper, next_helper_from: from }: Helpers,
  now: number,
): { readonly helper: number | null; readonly since: bigint } {
  if (from === null) return { helper: next_helper ?? helper, since: 0n };
  return BigInt(now) < from ? { helper, since: 0n } : { helper: next_helper, since: from };
}

export type Standing = {
  /** Whether the helper's proposal counts, and the operator's. */
  readonly helperCounts: boolean;
  readonly operatorCounts: boolean;
  /** When it can be completed, `[from, until)`; null if the two do not agree. */
  readonly window: { readonly from: bigint; readonly until: bigint } | null;
};

/** @param unsettledAt When the helper was last suspended or moved: what it proposed before, or just then, is void. */
export function standingOf(
  helpers: Helpers,
  proposals: Proposals,
  unsettledAt: bigint | null,
  now: number,
): Standing {
  const { helper, by_helper, helper_at, by_operator, operator_at } = proposals;
  const present = helperNow(helpers, now);
  const isFresh = (at: bigint) => BigInt(now) < at + BigInt(RECOVERY_END);
  const helperCounts =
    by_helper !== null &&
    helper_at !== null &&
    helper === present.helper &&
    helper_at >= present.since &&
    helper_at > (unsettledAt ?? 0n) &&
    isFresh(helper_at);
  const operatorCounts = by_operator !== null && operator_at !== null && isFresh(operator_at);
  const isAgreed = helperCounts && operatorCounts && same(by_helper, by_operator);
  const window = isAgreed ? windowOf(helper_at, operator_at) : null;
  return { helperCounts, operatorCounts, window };
}

function windowOf(one: bigint, other: bigint): Standing['window'] {
  const [earlier, later] = one < other ? [one, other] : [other, one];
  const [from, until] = [later + BigInt(RECOVERY_DELAY), earlier + BigInt(RECOVERY_END)];
  return from < until ? { from, until } : null;
}

const same = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, n) => byte === b[n]);
