/** Whether a public key is its member's: by the digest that the API signs over too, and by what was seen before. */
import { describe, expect, it } from 'vitest';
import { documentKeyDigest, documentSightDigest } from '#chain/typed-data.ts';
import { Key } from '#client/key.ts';
import { fingerprintOf, isFingerprint } from '#client/documents/fingerprint.ts';
import {
  hexOf,
  sightDigest,
  standingOf,
  statedKeyDigest,
  type StatedKey,
} from '#client/documents/stated-key.ts';
import { encodeWebAuthn, challengeOf } from '#client/signers/webauthn.ts';
import { randomBytes } from '#client/documents/suite.ts';
import { Authenticator } from '../../fixtures/authenticator.ts';

const P256 = `0x${'a1'.repeat(20)}`;
const WEBAUTHN = `0x${'a2'.repeat(20)}`;
const account = `0x${'b1'.repeat(20)}`;
const pin = {
  chainId: 31_337,
  contracts: { p256Verifier: P256, webAuthnVerifier: WEBAUTHN },
} as unknown as Parameters<typeof standingOf>[1];

const stated = (seed: string, more: Partial<StatedKey> = {}): StatedKey => {
  const key = Key.fromSeed(seed);
  const what = { member: 7, account, publicKey: `0x04${'11'.repeat(64)}`, ...more };
  const signer = P256 + key.x.slice(2).padStart(64, '0') + key.y.slice(2).padStart(64, '0');
  return { ...what, signer, signature: key.sign(statedKeyDigest(pin.chainId, what)), ...more };
};
const seenOf = ({ publicKey, signer }: StatedKey) => ({ publicKeys: [publicKey], signer });

describe('a stated key', () => {
  it('is signed over what the API works out too', () => {
    const what = { member: 7, publicKey: `0x04${'12'.repeat(64)}` };
    expect(statedKeyDigest(1, { ...what, account })).toBe(documentKeyDigest(1, account, what));
    const sight = { billNo: 4_294_967_297n, reader: 9, number: 3n };
    expect(sightDigest(1, account, { billNo: '4294967297', reader: 9, number: '3' })).toBe(
      documentSightDigest(1, account, sight),
    );
  });

  it('is known again; another counts when the same signer signed it, else it is changed', () => {
    const first = stated('a');
    expect(standingOf(first, pin, undefined)).toBe('first seen');
    expect(standingOf(first, pin, seenOf(first))).toBe('known');
    const publicKey = `0x04${'22'.repeat(64)}`;
    expect(standingOf(stated('a', { publicKey }), pin, seenOf(first))).toBe('replaced');
    expect(standingOf(stated('b', { publicKey }), pin, seenOf(first))).toBe('changed');
  });

  it('is nobody’s where anything of it was altered', () => {
    const right = stated('a');
    for (const wrong of [
      { publicKey: `0x04${'33'.repeat(64)}` },
      { member: 8 },
      { account: `0x${'b2'.repeat(20)}` },
      { signer: `0x${'c1'.repeat(20)}${right.signer.slice(42)}` },
      { signer: right.signer.slice(0, 42) },
      { signature: '0x' },
      { signature: stated('b').signature },
    ])
      expect(standingOf({ ...right, ...wrong }, pin, seenOf(right)), JSON.stringify(wrong)).toBe(
        'not signed',
      );
    expect(standingOf(right, { ...pin, chainId: 1 }, undefined)).toBe('not signed');
  });

  it('may be signed by a passkey', () => {
    const device = new Authenticator('x');
    const what = { member: 7, account, publicKey: `0x04${'44'.repeat(64)}` };
    const answer = device.get(challengeOf(statedKeyDigest(pin.chainId, what)));
    const signer = WEBAUTHN + device.x.slice(2) + device.y.slice(2);
    const key = { ...what, signer, signature: encodeWebAuthn(answer.response) };
    expect(standingOf(key, pin, undefined)).toBe('first seen');
    expect(standingOf({ ...key, member: 8 }, pin, undefined)).toBe('not signed');
  });

  it('has a fingerprint that people read to each other', async () => {
    const key = randomBytes(65);
    const shown = await fingerprintOf(key);
    expect(shown).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(await isFingerprint(shown.toLowerCase().replaceAll('-', ' '), key)).toBe(true);
    expect(await isFingerprint(shown, randomBytes(65))).toBe(false);
    expect(hexOf(key)).toHaveLength(132);
  });
});
