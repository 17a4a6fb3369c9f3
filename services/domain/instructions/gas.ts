/**
 * Gas that an instruction may use: set well above what it does use, because what is not used costs nothing and a node then need
 * not be asked for each. A chain without the P-256 precompile verifies signatures in Solidity: included.
 */
export const GAS = {
  issue: 220_000n,
  take: 150_000n,
  move: 250_000n,
  sell: 1_000_000n,
  fund: 300_000n,
  pay: 160_000n,
  simple: 150_000n,
  /** Twenty signers of 84 bytes, written one by one. */
  policy: 4_500_000n,
} as const;

export type Gas = keyof typeof GAS;
