import { p256 } from '@noble/curves/nist.js';
import { concat, getBytes, id } from 'ethers';
import { describe, expect, it } from 'vitest';
import { Key } from '#client/key.ts';

const digest = id('a digest');
const publicKey = ({ x, y }: Key): Uint8Array => getBytes(concat(['0x04', x, y]));

describe('a key of the client', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(Key.fromSeed('a').x).toBe(Key.fromSeed('a').x);
    expect(Key.fromSeed('a').x).not.toBe(Key.fromSeed('b').x);
  });

  it('signs the digest itself, with low s', () => {
    for (const seed of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const key = Key.fromSeed(seed);
      const signature = getBytes(key.sign(digest));
      expect(signature.length).toBe(64);
      const strict = { prehash: false, lowS: true };
      expect(p256.verify(signature, getBytes(digest), publicKey(key), strict)).toBe(true);
      expect(p256.verify(signature, getBytes(id('another')), publicKey(key), strict)).toBe(false);
    }
  });

  it('knows itself in an ERC-7913 signer', () => {
    const key = Key.fromSeed('a');
    const verifier = '0x00000000000000000000000000000000000000AA';
    expect(key.is(concat([verifier, key.x, key.y]))).toBe(true);
    expect(key.is(concat([verifier, key.y, key.x]))).toBe(false);
  });
});
