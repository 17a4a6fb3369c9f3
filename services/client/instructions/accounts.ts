/** Accounts by their signers: what a firm's account is called on chain follows from who signs for it, and from nobody's word. */
import type { SignerInput } from '../generated/schema.ts';
import type { Given } from '../routes.ts';
import { callData, keccak } from './abi.ts';
import { refused, type Pin } from './reader.ts';

export type Founders = {
  /** ERC-7913, hex. */
  readonly signers: readonly string[];
  readonly weights: readonly bigint[];
  readonly threshold: bigint;
};

const digits = (hex: string): string => hex.replace(/^0x/, '').toLowerCase();

/** The bytes under which an account knows a signer. */
export function signerBytes(signer: Given<SignerInput>, { contracts }: Pin): string {
  if (signer.type === 'ecdsa') return `0x${digits(signer.address)}`;
  const verifier = signer.type === 'p256' ? contracts.p256Verifier : contracts.webAuthnVerifier;
  if (verifier === undefined) refused('不知道签名核验合约', 'the verifier of its signers is not known');
  return `0x${digits(verifier)}${digits(signer.x)}${digits(signer.y)}`;
}

/** A minimal proxy (ERC-1167) of the implementation that the factory made first of all, as OpenZeppelin's Clones writes it. */
const clone = (implementation: string): string =>
  `0x3d602d80600a3d3981f3363d3d373d3d3d363d73${implementation}5af43d82803e903d91602b57fd5bf3`;

/** Where the factory makes the account of these signers (salt 0). */
export function accountOf(factory: string, { signers, weights, threshold }: Founders): bigint {
  const maker = digits(factory);
  const implementation = keccak(`0xd694${maker}01`).slice(-40); // of the maker's first nonce
  const founding = callData('f(bytes[],uint64[],uint64,bytes32)', [signers, weights, threshold, 0n]);
  const salt = keccak(`0x${founding.slice(10)}`);
  const hash = keccak(`0xff${maker}${digits(salt)}${digits(keccak(clone(implementation)))}`);
  return BigInt(`0x${hash.slice(-40)}`);
}
