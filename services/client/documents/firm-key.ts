/**
 * A firm's key for documents. What is kept of it is a seed, wrapped for whoever holds it: a device of a person, or a recovery code. Each
 * of these is a key pair of its own, so that who has the seed can wrap it for a device that is somewhere else.
 */
import {
  pairOfSeed,
  publicBytesOf,
  publicKeyOf,
  randomBytes,
  SEED_BYTES,
  unwrap,
  utf8,
  wrap,
  type Bytes,
} from './suite.ts';

/** Open, in memory. */
export type FirmKey = { readonly member: number; readonly seed: Bytes; readonly pair: CryptoKeyPair };

export const makeFirmKey = (member: number): Promise<FirmKey> => firmKeyOf(member, randomBytes(SEED_BYTES));

const firmKeyOf = async (member: number, seed: Bytes): Promise<FirmKey> => ({
  member,
  seed,
  pair: await pairOfSeed(seed),
});

const placeOf = (member: number): string => `key of member ${member}`;

export const wrapFirmKey = async ({ member, seed }: FirmKey, holder: Bytes): Promise<Bytes> =>
  wrap(seed, await publicKeyOf(holder), { place: placeOf(member) });

/** Throws where it does not open, or is not the key that is published. */
export async function openFirmKey(
  member: number,
  wrapped: Bytes,
  holder: CryptoKeyPair,
  published: Bytes,
): Promise<FirmKey> {
  const key = await firmKeyOf(member, await unwrap(wrapped, holder, { place: placeOf(member) }));
  if (!sameBytes(await publicBytesOf(key.pair), published))
    throw new TypeError('what was wrapped is not the key that is published');
  return key;
}

export const sameBytes = (a: Bytes, b: Bytes): boolean =>
  a.length === b.length && a.every((byte, n) => byte === b[n]);

/** A passkey that answers with a secret of its own: its pair is nowhere, and made anew each time. @param answer 32 bytes. */
export const pairOfPrf = async (answer: Bytes, member: number): Promise<CryptoKeyPair> => {
  const secret = await crypto.subtle.importKey('raw', answer, 'HKDF', false, ['deriveBits']);
  const info = utf8(`tallystick documents holder of member ${member}`);
  const bits = await crypto.subtle.deriveBits(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info },
    secret,
    8 * SEED_BYTES,
  );
  return pairOfSeed(new Uint8Array(bits));
};

/** For a browser that keeps it: its private half cannot be given out. */
export const makeBrowserPair = (): Promise<CryptoKeyPair> =>
  crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
