/** Whether a signature is a signer's and over a digest, worked out as the chain's verifiers will. */
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { encodeBase64, getBytes, recoverAddress } from 'ethers';
import type { SignerParts } from './typed-data.ts';
import { isSm2Signature } from './sm2.ts';
import { decodeAuth } from './webauthn.ts';

/** False also for a key that is no point of its curve, and for what is no signature. */
export function isSignedBy(signer: SignerParts, digest: string, signature: string): boolean {
  try {
    switch (signer.type) {
      case 'p256':
        return isP256(signer, getBytes(digest), getBytes(signature));
      case 'webauthn':
        return isWebAuthn(signer, getBytes(digest), signature);
      case 'sm2':
        return isSm2Signature(getBytes(digest), numbersOf(signer), getBytes(signature));
      case 'ecdsa':
        return recoverAddress(digest, signature).toLowerCase() === signer.address.toLowerCase();
    }
  } catch {
    return false;
  }
}

type Point = { readonly x: string; readonly y: string };

const isP256 = ({ x, y }: Point, hash: Uint8Array, signature: Uint8Array): boolean =>
  p256.verify(signature, hash, getBytes(`0x04${x.slice(2)}${y.slice(2)}`), { prehash: false, lowS: true });

const numbersOf = ({ x, y }: Point) => ({ x: BigInt(x), y: BigInt(y) });

/** Flags of an authenticator: a person was there, was verified; the passkey may be, and is, in several places. */
const FLAGS = { present: 0x01, verified: 0x04, mayBeCopied: 0x08, isCopied: 0x10 } as const;

/** The steps of OpenZeppelin's WebAuthn.verify, with user verification asked for as its ERC-7913 verifier does. */
function isWebAuthn(key: Point, digest: Uint8Array, signature: string): boolean {
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
    isP256(
      key,
      sha256(concatBytes(authenticatorData, sha256(clientDataJSON))),
      getBytes(`0x${auth.r}${auth.s}`),
    )
  );
}

const base64Url = (bytes: Uint8Array): string =>
  encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
