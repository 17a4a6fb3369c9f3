/** From what a passkey answers in the browser to the signature that an account takes. */
import { p256 } from '@noble/curves/nist.js';
import { encodeAuth } from '../../chain/webauthn.ts';

/** Bytes, or base64url as browsers and libraries write them into JSON. */
type Given = Uint8Array | ArrayBuffer | string;

/** `AuthenticatorAssertionResponse`, or the `response` of an `AuthenticationResponseJSON`. */
export type Assertion = {
  readonly authenticatorData: Given;
  readonly clientDataJSON: Given;
  /** DER. */
  readonly signature: Given;
};

/** The challenge under which a passkey signs an instruction: the bytes of its digest. */
export const challengeOf = (digest: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(digest.slice(2).match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));

/**
 * The signature of a WebAuthn signer: OpenZeppelin's `WebAuthnAuth`, with low s, because the verifier refuses the high one and
 * devices make either. Throws a TypeError for what is no assertion.
 */
export function encodeWebAuthn(assertion: Assertion): string {
  const clientDataJSON = bytesOf(assertion.clientDataJSON);
  const text = new TextDecoder('latin1').decode(clientDataJSON); // one letter for each byte
  const challengeIndex = text.indexOf('"challenge":"');
  const typeIndex = text.indexOf('"type":"webauthn.get"');
  if (challengeIndex < 0 || typeIndex < 0) throw new TypeError('the client data are not of an assertion');
  const { r, s } = lowS(bytesOf(assertion.signature));
  const authenticatorData = bytesOf(assertion.authenticatorData);
  return encodeAuth({ r, s, challengeIndex, typeIndex, authenticatorData, clientDataJSON });
}

function lowS(der: Uint8Array): { r: string; s: string } {
  try {
    const { r, s } = p256.Signature.fromBytes(der, 'der');
    const { ORDER } = p256.Point.Fn;
    const word = (value: bigint): string => value.toString(16).padStart(64, '0');
    return { r: word(r), s: word(s > ORDER / 2n ? ORDER - s : s) };
  } catch (cause) {
    throw new TypeError('the signature is not a P-256 signature in DER', { cause });
  }
}

function bytesOf(given: Given): Uint8Array {
  if (typeof given !== 'string') return new Uint8Array(given);
  const base64 = given.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
