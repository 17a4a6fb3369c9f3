/** What an instruction's transaction may use. */
import { GAS, type Gas } from '#domain/instructions/gas.ts';

/** The most that a transaction may use anywhere (EIP-7825); a chain of smaller blocks allows less. */
export const MAX_GAS = 16_777_216n;
/** Signature of the firm, intrinsic cost, calldata of the signature. */
export const OVERHEAD_GAS = 700_000n;

/** An SM2 signature is checked in Solidity, and nothing makes that cheaper: see docs/gas.json. */
const PER_SM2_SIGNER = 450_000n;
/** What a contract may use to say whether it signed: five owners of a Safe, or another account with an SM2 key. */
export const GAS_OF_CONTRACT_SIGNER = 500_000n;
const PER_SIGNER: Readonly<Record<string, bigint>> = {
  sm2: PER_SM2_SIGNER,
  contract: GAS_OF_CONTRACT_SIGNER,
};
const PER_INVOICE = 80_000n;
const PER_NAMED_MEMBER = 30_000n;

export const gasOf = (kind: Gas, calls = 1): bigint => GAS[kind] * BigInt(calls);

export const gasOfIssue = (invoices: number, named: number): bigint =>
  GAS.issue + PER_INVOICE * BigInt(invoices) + PER_NAMED_MEMBER * BigInt(named);

/** What the signatures may need beyond the overhead, if all of an account's signers sign. */
export const gasOfSigners = (signers: readonly { readonly type: string }[]): bigint =>
  signers.reduce((sum, { type }) => sum + (PER_SIGNER[type] ?? 0n), 0n);

/** @param most What a transaction may use on this chain. */
export const gasLimit = (calls: bigint, most: bigint): bigint => {
  const all = OVERHEAD_GAS + calls;
  return all < most ? all : most;
};
