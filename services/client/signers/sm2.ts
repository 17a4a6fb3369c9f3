/**
 * An SM2 key in software, for systems and for tests; a person's is in a UKey (see bridge.ts).
 *
 * - Each signature takes a fresh random number k. It is drawn from randomness, the key and what is signed together (SHA-512), so that
 *   randomness that fails once does not give the key away, as the same k for two messages would.
 * - Arithmetic is JavaScript's: a machine on which others can time it to the nanosecond is no place for this key.
 */
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, randomBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { SM2_ORDER as ORDER, Sm2Point, sm2Hash, type Sm2PublicKey } from '../../chain/sm2.ts';

const word = (value: bigint): string => value.toString(16).padStart(64, '0');
const bytesOf = (hex: string): Uint8Array => hexToBytes(hex.replace(/^0x/, ''));
const mod = (value: bigint): bigint => ((value % ORDER) + ORDER) % ORDER;
/** 1 to `most`, from 64 bytes, of which hardly any favours one number over another. */
const numberFrom = (bytes: Uint8Array, most: bigint): bigint =>
  (BigInt(`0x${bytesToHex(bytes)}`) % most) + 1n;

export class Sm2Key {
  readonly #secret: bigint;
  /** (1 + secret)⁻¹ */
  readonly #inverse: bigint;
  readonly #point: Sm2PublicKey;
  /** Coordinates of the public key, 32 bytes of hex each. */
  readonly x: string;
  readonly y: string;

  /** @param secret 1 to n - 2: with n - 1 nothing can be signed. */
  private constructor(secret: bigint) {
    if (secret < 1n || secret > ORDER - 2n) throw new RangeError('this is no private key of SM2');
    this.#secret = secret;
    this.#inverse = Sm2Point.Fn.inv(secret + 1n);
    this.#point = Sm2Point.BASE.multiply(secret).toAffine();
    this.x = `0x${word(this.#point.x)}`;
    this.y = `0x${word(this.#point.y)}`;
  }

  /** A new key. Whoever has `secret` acts as the firm; nobody can make it again. */
  static make(): { readonly key: Sm2Key; readonly secret: string } {
    const secret = numberFrom(randomBytes(64), ORDER - 2n);
    return { key: new Sm2Key(secret), secret: `0x${word(secret)}` };
  }

  /** 32 bytes of hex. */
  static fromHex(secret: string): Sm2Key {
    return new Sm2Key(BigInt(`0x${secret.replace(/^0x/, '')}`));
  }

  /** The same seed gives the same key: for scenarios and demonstrations, never for a real firm. */
  static fromSeed(seed: string): Sm2Key {
    return new Sm2Key(numberFrom(sha512(utf8ToBytes(seed)), ORDER - 2n));
  }

  /** r ‖ s over the digest as a message of 32 bytes: SM3 with ZA is within. */
  sign(digest: string): string {
    return this.signMessage(bytesOf(digest));
  }

  /** @param random 32 bytes; the same give the same signature. */
  signMessage(message: Uint8Array, random = randomBytes(32)): string {
    const hash = sm2Hash(message, this.#point);
    let seed = concatBytes(bytesOf(word(this.#secret)), random, bytesOf(word(hash)));
    for (;;) {
      seed = sha512(seed);
      const k = numberFrom(seed, ORDER - 1n);
      const r = mod(hash + Sm2Point.BASE.multiply(k).x);
      const s = mod(this.#inverse * (k - r * this.#secret));
      if (r !== 0n && r + k !== ORDER && s !== 0n) return `0x${word(r)}${word(s)}`;
    }
  }

  /** Whether an ERC-7913 signer (verifier ‖ x ‖ y) is this key. */
  is(signer: string): boolean {
    return signer.toLowerCase().endsWith(this.x.slice(2) + this.y.slice(2));
  }
}
