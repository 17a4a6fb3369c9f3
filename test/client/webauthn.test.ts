import { p256 } from '@noble/curves/nist.js';
import { id } from 'ethers';
import { describe, expect, it } from 'vitest';
import { formFault } from '#chain/signature-forms.ts';
import { isSignedBy } from '#chain/signature-checks.ts';
import { decodeAuth, encodeAuth } from '#chain/webauthn.ts';
import { challengeOf, encodeWebAuthn } from '#client/signers/webauthn.ts';
import { Authenticator } from '../fixtures/authenticator.ts';

describe('what a passkey answers', () => {
  const device = new Authenticator('device');
  const { x, y } = device;
  const digest = id('what is signed');

  it('becomes the signature of its signer, with low s whichever the device chose', () => {
    const found = Array.from({ length: 24 }, (_, n) => {
      const over = id(`digest ${n}`);
      const { response } = device.get(challengeOf(over));
      const signature = encodeWebAuthn(response);
      expect(formFault('webauthn', signature)).toBeUndefined();
      expect(isSignedBy({ type: 'webauthn', x, y }, over, signature)).toBe(true);
      return p256.Signature.fromBytes(Buffer.from(response.signature, 'base64url'), 'der').hasHighS();
    });
    expect(new Set(found)).toEqual(new Set([true, false]));
  });

  it('is the same from bytes, from buffers and from base64url', () => {
    const { response } = device.get(challengeOf(digest));
    const bytes = {
      authenticatorData: Buffer.from(response.authenticatorData, 'base64url'),
      clientDataJSON: Buffer.from(response.clientDataJSON, 'base64url'),
      signature: Buffer.from(response.signature, 'base64url'),
    };
    const buffers = {
      authenticatorData: new Uint8Array(bytes.authenticatorData).buffer,
      clientDataJSON: new Uint8Array(bytes.clientDataJSON).buffer,
      signature: new Uint8Array(bytes.signature).buffer,
    };
    expect(encodeWebAuthn(bytes)).toBe(encodeWebAuthn(response));
    expect(encodeWebAuthn(buffers)).toBe(encodeWebAuthn(response));
  });

  it('is found at its bytes, also after letters of several bytes', () => {
    const { response } = device.get(challengeOf(digest));
    const text = Buffer.from(response.clientDataJSON, 'base64url').toString();
    const clientDataJSON = Buffer.from(text.replace('{', '{"来源":"例子",'));
    const { typeIndex, challengeIndex } = decodeAuth(encodeWebAuthn({ ...response, clientDataJSON }))!;
    expect(clientDataJSON.toString('utf8', typeIndex, typeIndex + 21)).toBe('"type":"webauthn.get"');
    expect(clientDataJSON.toString('utf8', challengeIndex, challengeIndex + 13)).toBe('"challenge":"');
  });

  it('is refused when it is of a registration, or its signature is none', () => {
    const { response } = device.get(challengeOf(digest));
    const registration = device.get(challengeOf(digest), { type: 'webauthn.create' }).response;
    expect(() => encodeWebAuthn(registration)).toThrow(TypeError);
    const der = Buffer.from(response.signature, 'base64url');
    const long = Buffer.concat([der, Buffer.alloc(1)]);
    for (const signature of [Buffer.alloc(0), Buffer.alloc(64), der.subarray(0, -1), long])
      expect(() => encodeWebAuthn({ ...response, signature })).toThrow(TypeError);
  });

  it('is read back from its one encoding alone', () => {
    const signature = encodeWebAuthn(device.get(challengeOf(digest)).response);
    expect(encodeAuth(decodeAuth(signature)!)).toBe(signature);
    for (let digits = 0; digits < signature.length; digits += 2)
      expect(decodeAuth(signature.slice(0, digits))).toBeUndefined();
    const pointer = signature.slice(0, 2 + 4 * 64);
    expect(decodeAuth(`${pointer}${'f'.repeat(64)}${signature.slice(2 + 5 * 64)}`)).toBeUndefined();
  });
});
