/**
 * Gas that an act may use: set well above what it does use, since what is not used costs nothing, and a node need not be
 * asked for each act. A chain without the P-256 precompile verifies signatures in Solidity: included.
 */

/** The most that a transaction may use anywhere (EIP-7825); a chain of smaller blocks allows less. */
export const MAX_GAS = 16_777_216n;
/** Signature of the firm, intrinsic cost, calldata of the signature. */
export const OVERHEAD_GAS = 700_000n;

const PER_CALL = {
  issue: 220_000n,
  take: 150_000n,
  move: 250_000n,
  sell: 1_000_000n,
  fund: 300_000n,
  pay: 160_000n,
  simple: 150_000n,
} as const;
const PER_INVOICE = 80_000n;
const PER_NAMED_MEMBER = 30_000n;

export const gasOf = (kind: keyof typeof PER_CALL, calls = 1): bigint => PER_CALL[kind] * BigInt(calls);

export const gasOfIssue = (invoices: number, named: number): bigint =>
  PER_CALL.issue + PER_INVOICE * BigInt(invoices) + PER_NAMED_MEMBER * BigInt(named);

/** @param most What a transaction may use on this chain. */
export const gasLimit = (calls: bigint, most: bigint): bigint => {
  const all = OVERHEAD_GAS + calls;
  return all < most ? all : most;
};
