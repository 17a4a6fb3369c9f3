/**
 * SM2 signatures as the SM2 verifier of the chain checks them: GM/T 0003.2 (GB/T 32918.2) on sm2p256v1, over SM3, the digest as a
 * message of 32 bytes, for the identity "1234567812345678". Only the curve comes from a library: its ECDSA is another scheme.
 */
import { weierstrass } from '@noble/curves/abstract/weierstrass.js';
import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { sm3 } from './sm3.ts';

const CURVE = {
  p: 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn,
  n: 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n,
  h: 1n,
  a: 0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffcn,
  b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n,
  Gx: 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  Gy: 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
};

export const Sm2Point = weierstrass(CURVE);
export const SM2_ORDER = CURVE.n;

const IDENTITY = utf8ToBytes('1234567812345678');
const word = (value: bigint): Uint8Array => numberToBytesBE(value, 32);
const COMMON = concatBytes(
  numberToBytesBE(8 * IDENTITY.length, 2),
  IDENTITY,
  ...[CURVE.a, CURVE.b, CURVE.Gx, CURVE.Gy].map(word),
);

/** A public key. */
export type Sm2PublicKey = { readonly x: bigint; readonly y: bigint };

/** What is signed for a message: SM3(ZA ‖ message) as a number. */
export const sm2Hash = (message: Uint8Array, { x, y }: Sm2PublicKey): bigint =>
  bytesToNumberBE(sm3(concatBytes(sm3(concatBytes(COMMON, word(x), word(y))), message)));

/** @param signature r ‖ s, 64 bytes. False also for a key that is no point of the curve. */
export function isSm2Signature(message: Uint8Array, key: Sm2PublicKey, signature: Uint8Array): boolean {
  if (signature.length !== 64 || !isSm2Key(key)) return false;
  const r = bytesToNumberBE(signature.subarray(0, 32));
  const s = bytesToNumberBE(signature.subarray(32));
  return isRight(sm2Hash(message, key), r, s, key);
}

/** Whether (r, s) is right for a hash and a key of the curve. */
export function isRight(hash: bigint, r: bigint, s: bigint, { x, y }: Sm2PublicKey): boolean {
  const { n } = CURVE;
  if (r <= 0n || r >= n || s <= 0n || s >= n) return false;
  const t = (r + s) % n;
  if (t === 0n) return false;
  const found = Sm2Point.BASE.mulAddUnsafe(s, Sm2Point.fromAffine({ x, y }), t);
  return !found.is0() && (hash + found.x) % n === r;
}

export function isSm2Key({ x, y }: Sm2PublicKey): boolean {
  try {
    Sm2Point.fromAffine({ x, y }).assertValidity();
    return true;
  } catch {
    return false;
  }
}
