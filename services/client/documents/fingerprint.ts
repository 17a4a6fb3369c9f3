/** What two people compare to know that they speak of the same public key: 80 bits of its SHA-256. */
import { asRead, base32, inGroups } from './base32.ts';
import type { Bytes } from './suite.ts';

const LETTERS = 16;

export async function fingerprintOf(publicKey: Bytes): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', publicKey));
  return inGroups(base32(hash, LETTERS));
}

export const isFingerprint = async (typed: string, publicKey: Bytes): Promise<boolean> =>
  asRead(typed) === asRead(await fingerprintOf(publicKey));
