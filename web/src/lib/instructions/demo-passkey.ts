/**
 * The passkey that this browser makes for whoever enters the demonstration: in a device that knows its person where there is one, else
 * a P-256 key in the page that nobody can copy out of it, which answers as a device would (demo-signature.ts). Loaded when somebody enters, or signs.
 */
import { Kept } from '#web/state/kept.ts';
import { OWN_POINT } from './own-point.ts';

export type DemoPasskey = {
  /** 32 bytes of hex each. */
  readonly x: string;
  readonly y: string;
  /** What signs: the device that has this credential, or a key of the page. */
  readonly by: { readonly credentialId: ArrayBuffer } | { readonly key: CryptoKey };
};

const OWN = 'own';
const store = new Kept<DemoPasskey>('tallystick demonstration', 'passkeys');
const ES256 = -7;
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;

const hexOf = (bytes: Uint8Array): string =>
  `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
/** The one of this browser; undefined before it has made one. */
export const ownPasskey = (): Promise<DemoPasskey | undefined> => store.get(OWN);

/** The one of this browser, made now if there is none. Rejects where the page keeps no keys: without TLS under a name that is not this machine's. */
export async function makeOwnPasskey(): Promise<DemoPasskey> {
  const before = await store.get(OWN);
  if (before !== undefined) return before;
  const made = (await inDevice().catch(() => undefined)) ?? (await inPage());
  await store.put(OWN, made);
  localStorage.setItem(OWN_POINT, made.x.slice(2) + made.y.slice(2));
  return made;
}

/** Undefined where there is no device that knows its person; rejects where the person does not want it. */
async function inDevice(): Promise<DemoPasskey | undefined> {
  // A number of a machine is no name to which a passkey could belong.
  const isNamed = !/^[\d.]+$|:/.test(location.hostname);
  if (!isNamed || !(await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable()))
    return undefined;
  const name = `Tallystick (${location.host})`;
  const made = await navigator.credentials.create({
    publicKey: {
      rp: { name: 'Tallystick' },
      user: { id: crypto.getRandomValues(new Uint8Array(32)), name, displayName: name },
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      pubKeyCredParams: [{ type: 'public-key', alg: ES256 }],
      authenticatorSelection: {
        authenticatorAttachment: 'platform',
        residentKey: 'discouraged',
        userVerification: 'required',
      },
    },
  });
  if (!(made instanceof PublicKeyCredential)) return undefined;
  const response = made.response as AuthenticatorAttestationResponse;
  const publicKey = response.getPublicKey(); // SubjectPublicKeyInfo ends with x ‖ y
  if (publicKey === null || response.getPublicKeyAlgorithm() !== ES256) return undefined;
  return { ...pointOf(new Uint8Array(publicKey)), by: { credentialId: made.rawId } };
}

async function inPage(): Promise<DemoPasskey> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify']);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  return { ...pointOf(point), by: { key: privateKey } };
}

const pointOf = (bytes: Uint8Array) => ({
  x: hexOf(bytes.subarray(-64, -32)),
  y: hexOf(bytes.subarray(-32)),
});
