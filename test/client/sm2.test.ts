import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSm2Signature, SM2_ORDER, sm2Hash } from '#chain/sm2.ts';
import { sm3 } from '#chain/sm3.ts';
import { Sm2Key } from '#client/signers/sm2.ts';
import { sm2Vectors as vectors } from '../fixtures/sm2-vectors.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.slice(2), 'hex');
const hex = (data: Uint8Array): string => `0x${Buffer.from(data).toString('hex')}`;
const point = ({ x, y }: { x: string; y: string }) => ({ x: BigInt(x), y: BigInt(y) });

describe('SM3', () => {
  it('has the hashes of GM/T 0004', () => {
    for (const { message, hash } of vectors.sm3) expect(hex(sm3(bytes(message)))).toBe(hash);
  });

  it('has the hashes of OpenSSL for messages of each length up to 520 bytes', () => {
    for (let length = 0; length <= 520; length++) {
      const message = randomBytes(length);
      expect(hex(sm3(message)), hex(message)).toBe(`0x${createHash('sm3').update(message).digest('hex')}`);
    }
  });
});

describe('SM2', () => {
  it('agrees with the example of GM/T 0003.5', () => {
    const { secret, x, y, message, hash, signature } = vectors.example;
    const key = Sm2Key.fromHex(secret);
    expect([key.x, key.y]).toEqual([x, y]);
    expect(sm2Hash(bytes(message), point(key))).toBe(BigInt(hash));
    expect(isSm2Signature(bytes(message), point(key), bytes(signature))).toBe(true);
  });

  it('takes what OpenSSL signed, and nothing near it', () => {
    for (const { digest, x, y, signature } of vectors.openssl) {
      const key = point({ x, y });
      expect(isSm2Signature(bytes(digest), key, bytes(signature))).toBe(true);
      expect(isSm2Signature(randomBytes(32), key, bytes(signature))).toBe(false);
      const [r, s] = [signature.slice(0, 66), BigInt(`0x${signature.slice(66)}`)];
      const other = `${r}${(SM2_ORDER - s).toString(16).padStart(64, '0')}`;
      expect(isSm2Signature(bytes(digest), key, bytes(other))).toBe(false);
    }
  });

  it('signs anew each time, and the same with the same randomness', () => {
    const { key } = Sm2Key.make();
    const message = randomBytes(32);
    expect(key.sign(hex(message))).not.toBe(key.sign(hex(message)));
    const fixed = () => key.signMessage(message, new Uint8Array(32));
    expect(fixed()).toBe(fixed());
    expect(fixed().slice(0, 66)).not.toBe(key.signMessage(randomBytes(32), new Uint8Array(32)).slice(0, 66));
    expect(isSm2Signature(message, point(key), bytes(fixed()))).toBe(true);
  });

  it('has no key of zero, nor of the last two numbers below the order', () => {
    const word = (value: bigint): string => value.toString(16).padStart(64, '0');
    for (const wrong of [0n, SM2_ORDER - 1n, SM2_ORDER])
      expect(() => Sm2Key.fromHex(word(wrong))).toThrow(RangeError);
    for (const right of [1n, SM2_ORDER - 2n]) {
      const key = Sm2Key.fromHex(word(right));
      const message = randomBytes(32);
      expect(isSm2Signature(message, point(key), bytes(key.sign(hex(message))))).toBe(true);
    }
  });

  it('knows its signer', () => {
    const key = Sm2Key.fromSeed('one');
    expect(key.is(`0x${'ab'.repeat(20)}${key.x.slice(2)}${key.y.slice(2)}`.toUpperCase())).toBe(true);
    expect(Sm2Key.fromSeed('another').is(`0x${'ab'.repeat(20)}${key.x.slice(2)}${key.y.slice(2)}`)).toBe(
      false,
    );
    expect(Sm2Key.fromSeed('one').x).toBe(key.x);
  });
});
