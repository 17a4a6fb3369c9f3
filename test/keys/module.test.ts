/** Keys in a real module: what they sign is what keys in files would sign, and each way of failing has its code. */
import { writeFileSync } from 'node:fs';
import { p256 } from '@noble/curves/nist.js';
import { computeAddress, getBytes, id, recoverAddress, SigningKey, Transaction } from 'ethers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addressOfKey, chainKeyOf, type KeyErrorCode } from '#keys/key.ts';
import { parseKeyName } from '#keys/name.ts';
import { moduleChainKey, moduleSystemKey } from '#keys/pkcs11/keys.ts';
import { makeToken, PIN, type TestToken } from './support.ts';

const HALF = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n / 2n;
const HALF_P256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n / 2n;

let token: TestToken;
beforeAll(() => {
  token = makeToken();
  token.makeKey('secp256k1', 'relayer');
  token.makeKey('prime256v1', 'system');
});
afterAll(() => token.remove());

/** The code and what is said of a failure; it never says the PIN. */
function refusal(act: () => unknown): { code: KeyErrorCode; message: string } {
  try {
    act();
  } catch (error) {
    const { code, message } = error as { code: KeyErrorCode; message: string };
    expect(message).toContain(code);
    expect(message).not.toContain(PIN);
    return { code, message };
  }
  throw new Error('it was not refused');
}

describe('a key of secp256k1 in a module', () => {
  it('signs with low s and the parity that leads back to its address', () => {
    const key = moduleChainKey(token.uri('relayer'));
    const parities = new Set<number>();
    for (let n = 0; n < 200; n += 1) {
      const digest = id(`digest ${n}`);
      const signature = key.sign(digest);
      expect(recoverAddress(digest, signature)).toBe(addressOfKey(key));
      expect(BigInt(signature.s)).toBeLessThanOrEqual(HALF);
      parities.add(signature.yParity);
    }
    expect(parities.size).toBe(2);
  });

  it('signs a transaction that comes from its address', () => {
    const key = moduleChainKey(token.uri('relayer'));
    const transaction = Transaction.from({
      chainId: 7,
      nonce: 3,
      to: computeAddress(id('x')),
      gasLimit: 21_000,
    });
    transaction.signature = key.sign(transaction.unsignedHash);
    expect(Transaction.from(transaction.serialized).from).toBe(addressOfKey(key));
  });

  it('takes the place of one in a file', () => {
    const inFile = chainKeyOf(id('secret'));
    expect(addressOfKey(inFile)).toBe(computeAddress(new SigningKey(id('secret')).publicKey));
    expect(chainKeyOf(inFile)).toBe(inFile);
  });
});

describe('a key of P-256 in a module', () => {
  it('signs as a system’s key signs, with low s', () => {
    const key = moduleSystemKey(token.uri('system'));
    const point = getBytes(`0x04${key.x.slice(2)}${key.y.slice(2)}`);
    for (let n = 0; n < 50; n += 1) {
      const digest = id(`digest ${n}`);
      const signature = getBytes(key.sign(digest));
      expect(signature.length).toBe(64);
      expect(p256.verify(signature, getBytes(digest), point, { prehash: false, lowS: true })).toBe(true);
      expect(BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`)).toBeLessThanOrEqual(
        HALF_P256,
      );
    }
    expect(key.is(`0x${'11'.repeat(20)}${key.x.slice(2)}${key.y.slice(2)}`)).toBe(true);
    expect(key.is(`0x${'11'.repeat(20)}${key.y.slice(2)}${key.x.slice(2)}`)).toBe(false);
  });
});

describe('is refused with a code, and without the PIN:', () => {
  afterEach(() => writeFileSync(token.pinFile, `${PIN}\n`));

  it('a module that is not there, or is none', () => {
    const gone = token.uri('relayer').replace(token.module, '/nowhere/lib.so');
    expect(refusal(() => moduleChainKey(gone)).code).toBe('KEY_MODULE_MISSING');
    const none = token.uri('relayer').replace(token.module, token.pinFile);
    expect(refusal(() => moduleChainKey(none)).code).toBe('KEY_MODULE_MISSING');
  });

  it('another token, another key, a key of another curve', () => {
    expect(refusal(() => moduleChainKey(token.uri('relayer', { token: 'other' }))).code).toBe(
      'KEY_TOKEN_MISSING',
    );
    expect(refusal(() => moduleChainKey(token.uri('other'))).code).toBe('KEY_MISSING');
    expect(refusal(() => moduleChainKey(token.uri('system'))).code).toBe('KEY_MISSING');
    expect(refusal(() => moduleSystemKey(token.uri('relayer'))).code).toBe('KEY_MISSING');
  });

  it('two keys of one name', () => {
    for (let n = 0; n < 2; n += 1) token.makeKey('secp256k1', 'twice');
    expect(refusal(() => moduleChainKey(token.uri('twice'))).code).toBe('KEY_MISSING');
  });

  it('no PIN', () => {
    expect(refusal(() => moduleChainKey(token.uri('relayer', { pin: '/nowhere/pin' }))).code).toBe(
      'KEY_PIN_MISSING',
    );
    const bare = token.uri('relayer').replace(/&pin-source.*/, '');
    expect(refusal(() => moduleChainKey(bare)).code).toBe('KEY_PIN_MISSING');
    process.env['KEY_PIN'] = PIN;
    expect(addressOfKey(moduleChainKey(bare))).toBe(addressOfKey(moduleChainKey(token.uri('relayer'))));
    delete process.env['KEY_PIN'];
  });

  it('a name that is none, and one with the PIN in it', () => {
    for (const name of [
      'relayer',
      'pkcs11:',
      'pkcs11:token=a?module-path=/b',
      'pkcs11:token=a;object=b',
      'pkcs11:token=a;token=a;object=b?module-path=/c',
      'pkcs11:token=%zz;object=b?module-path=/c',
      'pkcs11:token=a;object=b;strange=c?module-path=/d',
      'pkcs11:token=a;object=b?module-path=/c&pin-source=relative',
      `pkcs11:token=a;object=b?module-path=/c&pin-value=${PIN}`,
    ]) {
      expect(refusal(() => parseKeyName(name)).code, name).toBe('KEY_NAME_INVALID');
    }
    expect(parseKeyName('pkcs11:token=a%20b;object=c?module-path=/d&pin-source=file:///e')).toEqual({
      token: 'a b',
      object: 'c',
      module: '/d',
      pinFile: '/e',
    });
  });
});

describe('a token that is taken out', () => {
  it('is said to be missing, and goes on signing when it is back', () => {
    const key = moduleChainKey(token.uri('relayer'));
    const other = moduleSystemKey(token.uri('system'));
    const digest = id('digest');
    token.pull();
    try {
      expect(refusal(() => key.sign(digest)).code).toBe('KEY_TOKEN_MISSING');
      expect(refusal(() => key.sign(digest)).code).toBe('KEY_TOKEN_MISSING');
    } finally {
      token.plug();
    }
    expect(recoverAddress(digest, key.sign(digest))).toBe(addressOfKey(key));
    expect(other.sign(digest)).toMatch(/^0x[0-9a-f]{128}$/);
  });

  it('is not asked twice with a PIN that it refused, and takes the right one at once', () => {
    const key = moduleChainKey(token.uri('relayer'));
    const digest = id('digest');
    token.pull();
    refusal(() => key.sign(digest));
    token.plug();
    writeFileSync(token.pinFile, 'wrong-pin\n');
    expect(refusal(() => key.sign(digest)).message).toContain('refuses the PIN');
    expect(refusal(() => key.sign(digest)).message).toContain('has refused this PIN before');
    writeFileSync(token.pinFile, `${PIN}\n`);
    expect(recoverAddress(digest, key.sign(digest))).toBe(addressOfKey(key));
  });
});
