import { p256 } from '@noble/curves/nist.js';
import { getBytes, hexlify, sha512, toUtf8Bytes } from 'ethers';

/** A firm's P-256 key. */
export class Key {
  readonly #secret: Uint8Array;
  /** Coordinates of the public key, 32 bytes of hex each. */
  readonly x: string;
  readonly y: string;

  constructor(secret: Uint8Array) {
    const point = p256.getPublicKey(secret, false);
    this.#secret = secret;
    this.x = hexlify(point.subarray(1, 33));
    this.y = hexlify(point.subarray(33));
  }

  /** A new key. Whoever has `secret` acts as the firm; nobody can make it again. */
  static make(): { readonly key: Key; readonly secret: string } {
    const secret = p256.utils.randomSecretKey();
    return { key: new Key(secret), secret: hexlify(secret) };
  }

  /** 32 bytes of hex. */
  static fromHex(secret: string): Key {
    return new Key(getBytes(secret.startsWith('0x') ? secret : `0x${secret}`));
  }

  /** The same seed gives the same key: for scenarios and demonstrations, never for a real firm. */
  static fromSeed(seed: string): Key {
    return new Key(p256.utils.randomSecretKey(getBytes(sha512(toUtf8Bytes(seed))).subarray(0, 48)));
  }

  /** r ‖ s with low s, over the digest itself. */
  sign(digest: string): string {
    return hexlify(p256.sign(getBytes(digest), this.#secret, { prehash: false, lowS: true }));
  }

  /** Whether an ERC-7913 signer (verifier ‖ x ‖ y) is this key. */
  is(signer: string): boolean {
    return signer.toLowerCase().endsWith(this.x.slice(2) + this.y.slice(2));
  }
}
