/** Whether a signature is a signer's and over a digest, worked out as the chain's verifiers will. */
import { getBytes, recoverAddress } from 'ethers';
import type { SignerParts } from './typed-data.ts';
import { isP256, isWebAuthn, type Point } from './point-checks.ts';
import { isSm2Signature } from './sm2.ts';

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

const numbersOf = ({ x, y }: Point) => ({ x: BigInt(x), y: BigInt(y) });
