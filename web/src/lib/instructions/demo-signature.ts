/** What the passkey of the demonstration answers. Loaded when something is signed, apart from how it is made: entering needs no curve. */
import { p256 } from '@noble/curves/nist.js';
import { challengeOf, encodeWebAuthn, type Assertion } from '#client/signers/webauthn.ts';
import type { DemoPasskey } from './demo-passkey.ts';

/** Somebody is there, and it was made sure that it is the right one: in the page, by the browser being unlocked. */
const PRESENT_AND_VERIFIED = 0x05;

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
const sha256 = async (bytes: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

/** The signature of a passkey over a digest that was worked out here. Rejects where the person does not give it. */
export const signWithPasskey = async ({ by }: DemoPasskey, digest: string): Promise<string> =>
  encodeWebAuthn(
    'key' in by ? await answerOf(by.key, digest) : await answerOfDevice(by.credentialId, digest),
  );

async function answerOfDevice(id: ArrayBuffer, digest: string): Promise<Assertion> {
  const answer = await navigator.credentials.get({
    publicKey: {
      challenge: challengeOf(digest),
      allowCredentials: [{ type: 'public-key', id }],
      userVerification: 'required',
    },
  });
  return (answer as PublicKeyCredential).response as AuthenticatorAssertionResponse;
}

/** As an authenticator writes it (WebAuthn level 3, 5.8.1 and 6.1). */
async function answerOf(key: CryptoKey, digest: string): Promise<Assertion> {
  const challenge = base64Url(challengeOf(digest));
  const client = { type: 'webauthn.get', challenge, origin: location.origin, crossOrigin: false };
  const clientDataJSON = bytesOf(JSON.stringify(client));
  const counter = [0, 0, 0, 0];
  const authenticatorData = Uint8Array.of(
    ...(await sha256(bytesOf(location.hostname))),
    PRESENT_AND_VERIFIED,
    ...counter,
  );
  const signed = Uint8Array.of(...authenticatorData, ...(await sha256(clientDataJSON)));
  const plain = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, signed);
  const signature = p256.Signature.fromBytes(new Uint8Array(plain), 'compact').toBytes('der');
  return { authenticatorData, clientDataJSON, signature };
}
