/** A code on paper from which a firm's key for documents is opened again: 130 random bits and a checksum of ten. */
import { asRead, base32, inGroups } from './base32.ts';
import { pairOfSeed, randomBytes, utf8, type Bytes } from './suite.ts';

const RANDOM = 26;
const CHECK = 2;

const sha256 = async (text: string): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text)));
const checkOf = async (letters: string): Promise<string> =>
  base32(await sha256(`tallystick recovery code check ${letters}`), CHECK);

/** To be shown once. */
export async function makeRecoveryCode(): Promise<string> {
  const letters = base32(randomBytes(17), RANDOM);
  return inGroups(letters + (await checkOf(letters)));
}

/** Undefined for what was misread or mistyped. */
export async function pairOfRecoveryCode(typed: string): Promise<CryptoKeyPair | undefined> {
  const code = asRead(typed);
  const letters = code.slice(0, RANDOM);
  if (code.length !== RANDOM + CHECK || code.slice(RANDOM) !== (await checkOf(letters))) return undefined;
  return pairOfSeed(await sha256(`tallystick recovery code ${letters}`));
}
