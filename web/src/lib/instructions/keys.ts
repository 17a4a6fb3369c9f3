/** What signs here: a passkey of the demonstration, or a device, wallet or UKey of the person who sits here. Loaded when something is signed. */
import type { ToSign } from '#client/instructions/index.ts';
import { challengeOf, encodeWebAuthn } from '#client/signers/webauthn.ts';
import { api } from '#web/api/client.ts';
import { ApiProblem } from '#web/api/problem.ts';
import type { Device, OwnSigner, Signer } from '#web/api/schema.ts';
import { m } from '#web/paraglide/messages.js';
import { session } from '#web/state/session.svelte.ts';
import { ownPasskey } from './demo-passkey.ts';
import { signWithPasskey } from './demo-signature.ts';
import { sign } from './p256.ts';
import { isSigner } from './signs-here.ts';

export type Signature = { signer: string; signature: string };
/** Signs what this browser has worked out, as one of the signers: of the firm itself, or of a branch. */
export type Keys = (toSign: Signable, signers: readonly KeyOf[]) => Promise<Signature>;
type Signable = Form & Pick<ToSign, 'inBranch'>;
type Form = Pick<ToSign, 'digest'> & Partial<Pick<ToSign, 'typedData'>>;
type KeyOf = Pick<Signer, 'id' | 'type'> & Partial<Pick<Signer, 'branch'>>;

function formFor({ inBranch, ...own }: Signable, branch: string | null): Form {
  if (branch === null) return own;
  if (inBranch === undefined) throw new ApiProblem(403, { code: 'FORBIDDEN', detail: m.no_device_signs() });
  return inBranch(branch);
}

const digestFor = (toSign: Signable, branch: string | null): string => formFor(toSign, branch).digest;

/** Throws FORBIDDEN where nothing of this person's signs in a browser. */
export async function ownKeys(): Promise<Keys> {
  switch (session.current?.keys.mode) {
    case 'demo': {
      const own = await ownPasskey().catch(() => undefined);
      if (own === undefined) return demoKeys();
      return async (toSign, signers) => {
        const signer = signers.find(({ id, type }) => type === 'webauthn' && isSigner(id, own));
        if (signer === undefined) return (await demoKeys())(toSign, signers);
        const digest = digestFor(toSign, signer.branch ?? null);
        return { signer: signer.id, signature: await signWithPasskey(own, digest).catch(refuse) };
      };
    }
    case 'passkey': {
      const { signal } = new AbortController();
      const [{ items: devices }, { items: others }] = await Promise.all([
        api.devices(signal),
        api.ownSigners(signal),
      ]);
      return (toSign, signers) => {
        const other = devices.some((device) => signers.some((signer) => isDevice(signer, device)))
          ? undefined
          : firstOf(signers, others);
        return other === undefined ? signWithDevice(toSign, signers, devices) : signWithOther(toSign, other);
      };
    }
    default:
      throw new ApiProblem(403, { code: 'FORBIDDEN', detail: m.sign_elsewhere() });
  }
}

/** The key that the demonstration made for the firm. */
export async function demoKeys(): Promise<Keys> {
  const key = await session.key();
  return (toSign, signers) => {
    const signer = signers.find(({ id }) => isSigner(id, key));
    if (signer === undefined) throw new ApiProblem(403, { code: 'FORBIDDEN', detail: m.no_key() });
    const digest = digestFor(toSign, signer.branch ?? null);
    return Promise.resolve({ signer: signer.id, signature: sign(digest, key) });
  };
}

/** Of a device that was asked to sign. */
function refuse(error: unknown): never {
  const isLeft = error instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(error.name);
  const detail = isLeft ? m.passkey_cancelled() : m.passkey_impossible();
  throw new ApiProblem(403, { code: 'FORBIDDEN', detail });
}

const isDevice = ({ id, type }: KeyOf, device: Device): boolean =>
  type === 'webauthn' && isSigner(id, device);

type Other = { readonly own: OwnSigner; readonly signer: KeyOf };

/** A wallet or UKey that signs: for the firm itself before a branch. */
function firstOf(signers: readonly KeyOf[], others: readonly OwnSigner[]): Other | undefined {
  const able = others.flatMap((own) =>
    signers.filter(({ id }) => id.toLowerCase() === own.key).map((signer) => ({ own, signer })),
  );
  return able.find(({ signer }) => (signer.branch ?? null) === null) ?? able[0];
}

async function signWithOther(toSign: Signable, { own, signer }: Other): Promise<Signature> {
  const { signWithOther: sign } = await import('#web/people/other-keys.ts');
  return sign(formFor(toSign, signer.branch ?? null), own, signer);
}

/** The device is asked for nothing but its signature: no PRF, no extension. */
async function signWithDevice(
  toSign: Signable,
  signers: readonly KeyOf[],
  devices: readonly Device[],
): Promise<Signature> {
  const all = devices.flatMap((device) => {
    const signer = signers.find((each) => isDevice(each, device));
    return signer === undefined ? [] : [{ ...device, signer: signer.id, branch: signer.branch ?? null }];
  });
  // A device is asked for one challenge: for the firm itself before a branch.
  const first = all.find(({ branch }) => branch === null) ?? all[0];
  const able = all.filter(({ branch }) => branch === first?.branch);
  if (first === undefined) throw new ApiProblem(403, { code: 'FORBIDDEN', detail: m.no_device_signs() });
  const publicKey: PublicKeyCredentialRequestOptions = {
    challenge: challengeOf(digestFor(toSign, first.branch)),
    allowCredentials: able.map(({ credentialId }) => ({ type: 'public-key', id: bytesOf(credentialId) })),
    userVerification: 'required',
  };
  const answer = await navigator.credentials.get({ publicKey }).catch(refuse);
  if (!(answer instanceof PublicKeyCredential)) throw new ApiProblem(403, { code: 'FORBIDDEN' });
  const used = able.find(({ credentialId }) => credentialId === answer.id);
  if (used === undefined) throw new ApiProblem(403, { code: 'FORBIDDEN', detail: m.no_device_signs() });
  const response = answer.response as AuthenticatorAssertionResponse;
  return { signer: used.signer, signature: encodeWebAuthn(response) };
}

const bytesOf = (base64url: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
    letter.charCodeAt(0),
  );
