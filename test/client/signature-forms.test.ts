import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { Wallet } from 'ethers';
import { describe, expect, it } from 'vitest';
import { formFault, normalised } from '#chain/signature-forms.ts';
import { Key } from '#client/key.ts';

const digest = `0x${'5a'.repeat(32)}`;
const highS = (signature: string, order: bigint): string =>
  (order - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, '0');

describe('the form of a signature', () => {
  const device = Key.fromSeed('device').sign(digest);
  const high = device.slice(0, 66) + highS(device, p256.Point.Fn.ORDER);

  it('of P-256 is r ‖ s with low s, and is made so', () => {
    expect(formFault('p256', device)).toBeUndefined();
    expect(formFault('p256', high)).toBe('high s');
    expect(formFault('p256', `${device}1b`)).toBe('length');
    expect(normalised('p256', high)).toBe(device);
    expect(normalised('p256', device)).toBe(device);
  });

  // Several wallets, so that both parities of v are met.
  it.each(['11', '22', '33', '44'])('of a wallet %s is low s with v 27 or 28, and is made so', (byte) => {
    const right = new Wallet(`0x${byte.repeat(32)}`).signingKey.sign(digest).serialized;
    const parity = Number.parseInt(right.slice(-2), 16) - 27;
    const body = right.slice(0, -2);
    const v = (number: number) => number.toString(16).padStart(2, '0');
    expect(formFault('ecdsa', right)).toBeUndefined();
    for (const number of [parity, 35 + parity, 37 + parity]) {
      expect(formFault('ecdsa', body + v(number))).toBe('v');
      expect(normalised('ecdsa', body + v(number))).toBe(right);
    }
    const other = right.slice(0, 66) + highS(right, secp256k1.Point.Fn.ORDER);
    expect(formFault('ecdsa', other + v(28 - parity))).toBe('high s');
    for (const number of [28 - parity, 1 - parity, 36 - parity]) {
      expect(normalised('ecdsa', other + v(number))).toBe(right);
    }
  });

  it('that has no such form stays as it is, to be refused', () => {
    expect(normalised('p256', '0x12')).toBe('0x12');
    const odd = `0x${'11'.repeat(64)}1d`;
    expect(normalised('ecdsa', odd)).toBe(odd);
  });
});
