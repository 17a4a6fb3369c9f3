/**
 * Registering and signing in with passkeys. Only keys on P-256 that verify their user are taken: the same key signs instructions on
 * chain. A challenge of ours begins with words that no digest begins with and is longer than one, so an answer to it can never be
 * the signature of an instruction; the browser refuses to answer any other.
 */
import { randomBytes } from 'node:crypto';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type AuthenticatorTransport,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { cose, decodeCredentialPublicKey } from '@simplewebauthn/server/helpers';
import { beginCeremony, CEREMONY_LASTS, endCeremony, type Purpose } from '#db/people/ceremonies.ts';
import { findPasskey, notePasskeyUsed, type Passkey } from '#db/people/passkeys.ts';
import { CHALLENGE_WORDS } from '#domain/people/challenge.ts';
import { Problem } from '#domain/problems.ts';
import type { Services } from '../services.ts';

const ES256 = -7;
type Wanted = Pick<Services, 'db' | 'site' | 'log'>;

async function challengeFor(
  { db }: Wanted,
  purpose: Purpose,
  facts: unknown,
): Promise<Uint8Array<ArrayBuffer>> {
  const challenge = Uint8Array.from([...Buffer.from(CHALLENGE_WORDS), ...randomBytes(32)]);
  await beginCeremony(db, purpose, challenge, facts, new Date());
  return challenge;
}

type Owner = { readonly userHandle: Buffer; readonly name: string };

/** @param facts What is to be known again when the device has answered. */
export async function registrationOptions(
  services: Wanted,
  purpose: 'register' | 'device',
  { userHandle, name }: Owner,
  known: readonly Passkey[],
  facts: unknown,
) {
  return generateRegistrationOptions({
    rpName: 'Tallystick',
    rpID: services.site.name,
    userName: name,
    userDisplayName: name,
    userID: Uint8Array.from(userHandle),
    challenge: await challengeFor(services, purpose, facts),
    timeout: CEREMONY_LASTS,
    attestationType: 'none',
    supportedAlgorithmIDs: [ES256],
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: known.map(({ credentialId, transports }) => ({
      id: credentialId.toString('base64url'),
      transports: [...transports] as AuthenticatorTransport[],
    })),
  });
}

export type Registered = Omit<Passkey, 'id' | 'person' | 'name' | 'createdAt' | 'usedAt'>;

/** Throws SIGN_IN_REFUSED or DEVICE_UNSUITABLE. */
export async function registered(
  services: Wanted,
  purpose: 'register' | 'device',
  response: RegistrationResponseJSON,
): Promise<{ readonly key: Registered; readonly facts: unknown }> {
  const facts = await factsOf(services, purpose, response.response.clientDataJSON);
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response,
    expectedChallenge: () => true, // that it is one of ours was asked of the database, which forgot it
    expectedOrigin: services.site.origin,
    expectedRPID: services.site.name,
    supportedAlgorithmIDs: [ES256],
  }).catch((error: unknown) => refuse(services, error));
  if (!verified) throw new Problem('SIGN_IN_REFUSED');
  const { credential, credentialBackedUp, userVerified } = registrationInfo;
  const key = decodeCredentialPublicKey(credential.publicKey);
  if (!userVerified || !cose.isCOSEPublicKeyEC2(key)) throw new Problem('DEVICE_UNSUITABLE');
  const [x, y] = [key.get(cose.COSEKEYS.x), key.get(cose.COSEKEYS.y)];
  if (x?.length !== 32 || y?.length !== 32) throw new Problem('DEVICE_UNSUITABLE');
  return {
    facts,
    key: {
      credentialId: Buffer.from(credential.id, 'base64url'),
      publicKey: Buffer.from(credential.publicKey),
      x: Buffer.from(x),
      y: Buffer.from(y),
      counter: BigInt(credential.counter),
      transports: credential.transports ?? [],
      isBackedUp: credentialBackedUp,
    },
  };
}

/** Any of the person's devices that the browser finds: nobody is asked for a name, so no name can be tried. */
export const signInOptions = async (services: Wanted) =>
  generateAuthenticationOptions({
    rpID: services.site.name,
    challenge: await challengeFor(services, 'enter', {}),
    timeout: CEREMONY_LASTS,
    userVerification: 'required',
  });

/** The passkey that answered. Throws SIGN_IN_REFUSED, whatever the reason. */
export async function signedIn(services: Wanted, response: AuthenticationResponseJSON): Promise<Passkey> {
  const { db, site } = services;
  await factsOf(services, 'enter', response.response.clientDataJSON);
  const passkey = await findPasskey(db, Buffer.from(response.id, 'base64url'));
  if (passkey === undefined) throw new Problem('SIGN_IN_REFUSED');
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response,
    expectedChallenge: () => true,
    expectedOrigin: site.origin,
    expectedRPID: site.name,
    credential: {
      id: passkey.credentialId.toString('base64url'),
      publicKey: Uint8Array.from(passkey.publicKey),
      counter: Number(passkey.counter),
    },
  }).catch((error: unknown) => refuse(services, error));
  if (!verified) throw new Problem('SIGN_IN_REFUSED');
  const { newCounter, credentialBackedUp } = authenticationInfo;
  const used = { counter: BigInt(newCounter), isBackedUp: credentialBackedUp, at: new Date() };
  await notePasskeyUsed(db, passkey.id, used);
  return passkey;
}

async function factsOf({ db }: Wanted, purpose: Purpose, clientDataJSON: string): Promise<unknown> {
  const facts = await endCeremony(db, purpose, challengeIn(clientDataJSON), new Date());
  if (facts === undefined) throw new Problem('SIGN_IN_REFUSED');
  return facts;
}

function challengeIn(clientDataJSON: string): Buffer {
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'));
    const challenge = (data as { challenge?: unknown } | null)?.challenge;
    if (typeof challenge === 'string') return Buffer.from(challenge, 'base64url');
  } catch {
    // not even JSON
  }
  throw new Problem('SIGN_IN_REFUSED');
}

function refuse({ log }: Wanted, error: unknown): never {
  log.info({ reason: error instanceof Error ? error.message : 'unknown' }, 'a device was refused');
  throw new Problem('SIGN_IN_REFUSED');
}
