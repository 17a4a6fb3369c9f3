import { p256 } from '@noble/curves/nist.js';
import { computeAddress, getBytes, hexlify, id, SigningKey } from 'ethers';
import { encodeSignature, p256Signer, sm2Signer, webAuthnSigner } from '#chain/typed-data.ts';
import { Sm2Key } from '#client/signers/sm2.ts';
import { challengeOf, encodeWebAuthn } from '#client/signers/webauthn.ts';
import { Authenticator } from '../../fixtures/authenticator.ts';

/** A signer as an OrgAccount knows it (ERC-7913), and what makes its signatures. */
export type Key = { readonly signer: string; readonly sign: (digest: string) => string };

/** The private key follows from `seed`. */
export function p256Key(verifier: string, seed: string): Key {
  const secret = getBytes(id(seed));
  const point = hexlify(p256.getPublicKey(secret, false)).slice(4);
  return {
    signer: p256Signer(verifier, `0x${point.slice(0, 64)}`, `0x${point.slice(64)}`),
    sign: (digest) => hexlify(p256.sign(getBytes(digest), secret, { prehash: false, lowS: true })),
  };
}

export function webAuthnKey(verifier: string, seed: string): Key {
  const device = new Authenticator(seed);
  return {
    signer: webAuthnSigner(verifier, device.x, device.y),
    sign: (digest) => encodeWebAuthn(device.get(challengeOf(digest)).response),
  };
}

export function sm2Key(verifier: string, seed: string): Key {
  const key = Sm2Key.fromSeed(seed);
  return { signer: sm2Signer(verifier, key.x, key.y), sign: (digest) => key.sign(digest) };
}

export function ecdsaKey(seed: string): Key {
  const secret = new SigningKey(id(seed));
  return {
    signer: computeAddress(secret).toLowerCase(),
    sign: (digest) => secret.sign(digest).serialized,
  };
}

/** What these keys together sign for an OrgAccount. */
export const signAll = (digest: string, keys: readonly Key[]): string =>
  encodeSignature(keys.map(({ signer, sign }) => ({ signer, signature: sign(digest) })));
