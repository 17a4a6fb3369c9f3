/**
 * Whether a member's public key is the member's. The platform hands it out; it is not believed: one of the signers of the member's account
 * has signed it, and what was seen first is kept. Another key counts when the same signer signed it, or when a person has compared.
 */
import { bytesOfHex, hexOfBytes, isP256, isWebAuthn } from '../../chain/point-checks.ts';
import { keccak, keccakOfText, word } from '../instructions/abi.ts';
import { digestOf, domainOf, hashOf } from '../instructions/digest.ts';
import type { Pin } from '../instructions/reader.ts';
import type { Bytes } from './suite.ts';

/** As the API tells it. */
export type StatedKey = {
  readonly member: number;
  /** Hex. */
  readonly account: string;
  readonly publicKey: string;
  /** ERC-7913. */
  readonly signer: string;
  readonly signature: string;
};

const KEY = 'DocumentKey(uint32 member,bytes publicKey)';
const SIGHT = 'DocumentSight(uint64 billNo,uint32 reader,uint64 number)';

const inAccount = (chainId: number, account: string, struct: string): string =>
  digestOf(domainOf('Tallystick OrgAccount', chainId, account), struct);

/** What a signer of a firm signs of its key. */
export const statedKeyDigest = (
  chainId: number,
  { member, account, publicKey }: Pick<StatedKey, 'member' | 'account' | 'publicKey'>,
): string => inAccount(chainId, account, hashOf(keccakOfText(KEY), word(member), keccak(publicKey)));

/** What a firm's signers sign to give another member sight of the documents of a bill. */
export const sightDigest = (
  chainId: number,
  account: string,
  { billNo, reader, number }: { billNo: string; reader: number; number: string },
): string =>
  inAccount(
    chainId,
    account,
    hashOf(keccakOfText(SIGHT), word(BigInt(billNo)), word(reader), word(BigInt(number))),
  );

/** Whether the signer that is named has signed this key, for this member and account, on this chain. */
export function isSignedKey(stated: StatedKey, { chainId, contracts }: Pin): boolean {
  const { signer, signature } = stated;
  if (!/^0x[0-9a-f]{168}$/i.test(signer)) return false;
  const verifier = signer.slice(0, 42).toLowerCase();
  const point = { x: `0x${signer.slice(42, 106)}`, y: `0x${signer.slice(106)}` };
  const digest = bytesOfHex(statedKeyDigest(chainId, stated));
  try {
    if (verifier === contracts.p256Verifier?.toLowerCase())
      return isP256(point, digest, bytesOfHex(signature));
    return verifier === contracts.webAuthnVerifier?.toLowerCase() && isWebAuthn(point, digest, signature);
  } catch {
    return false;
  }
}

/** What this browser has seen of a member's key. */
export type SeenKey = {
  /** Those that were taken for the member's, newest last: what was wrapped under an old one still opens. */
  readonly publicKeys: readonly string[];
  readonly signer: string;
};

/** `changed`: another key, of another signer: not to be used before a person has compared its fingerprint. */
export type Standing = 'first seen' | 'known' | 'replaced' | 'changed' | 'not signed';

export function standingOf(stated: StatedKey, pin: Pin, seen: SeenKey | undefined): Standing {
  if (!isSignedKey(stated, pin)) return 'not signed';
  if (seen === undefined) return 'first seen';
  if (seen.publicKeys.includes(stated.publicKey)) return 'known';
  return seen.signer.toLowerCase() === stated.signer.toLowerCase() ? 'replaced' : 'changed';
}

export const hexOf = (bytes: Bytes): string => hexOfBytes(bytes);
export const bytesOf = (hex: string): Bytes => new Uint8Array(bytesOfHex(hex));
