/** Whether a signature is that of a key on P-256, bare or of a passkey. No library of a chain, because a page asks it too. */
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { decodeAuth } from './webauthn.ts';

/** Hex with 0x, 32 bytes each. */
export type Point = { readonly x: string; readonly y: string };

/** @param signature r ‖ s. Throws for a key that is no point of the curve. */
export const isP256 = ({ x, y }: Point, hash: Uint8Array, signature: Uint8Array): boolean =>
  p256.verify(signature, hash, hexToBytes(`04${x.slice(2)}${y.slice(2)}`), { prehash: false, lowS: true });

/** Flags of an authenticator: a person was there, was verified; the passkey may be, and is, in several places. */
const FLAGS = { present: 0x01, verified: 0x04, mayBeCopied: 0x08, isCopied: 0x10 } as const;

/** The steps of OpenZeppelin's WebAuthn.verify, with user verification asked for as its ERC-7913 verifier does. */
export function isWebAuthn(key: Point, digest: Uint8Array, signature: string): boolean {
  const auth = decodeAuth(signature);
  if (auth === undefined || auth.authenticatorData.length <= 36) return false;
  const { authenticatorData, clientDataJSON, challengeIndex, typeIndex } = auth;
  const text = new TextDecoder('latin1').decode(clientDataJSON); // one letter for each byte
  const flags = authenticatorData[32]!;
  return (
    text.startsWith('"type":"webauthn.get"', typeIndex) &&
    text.startsWith(`"challenge":"${base64Url(digest)}"`, challengeIndex) &&
    (flags & FLAGS.present) !== 0 &&
    (flags & FLAGS.verified) !== 0 &&
    ((flags & FLAGS.mayBeCopied) !== 0 || (flags & FLAGS.isCopied) === 0) &&
    isP256(key, sha256(concatBytes(authenticatorData, sha256(clientDataJSON))), hexToBytes(auth.r + auth.s))
  );
}

const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

/** Hex with 0x as bytes. */
export const bytesOfHex = (hex: string): Uint8Array => hexToBytes(hex.slice(2));
export const hexOfBytes = (bytes: Uint8Array): string => `0x${bytesToHex(bytes)}`;
