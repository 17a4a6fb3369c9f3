/**
 * HPKE as RFC 9180 has it, in the suite of its appendix A.3: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, over WebCrypto. All key
 * pairs here are on P-256: it is the curve that every browser can keep without giving it out.
 */
import { Aes128Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';

export const suite = new CipherSuite({
  kem: new DhkemP256HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes128Gcm(),
});

export type Bytes = Uint8Array<ArrayBuffer>;

/** Of a point, uncompressed. */
export const POINT_BYTES = 65;
export const SEED_BYTES = 32;

const INFO = 'tallystick documents 1';

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text);

export const randomBytes = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

/** DeriveKeyPair of RFC 9180: the same seed gives the same pair. @param seed 32 bytes that nobody can guess. */
export const pairOfSeed = async (seed: Bytes): Promise<CryptoKeyPair> =>
  suite.kem.deriveKeyPair(seed.buffer.slice(seed.byteOffset, seed.byteOffset + seed.byteLength));

export const publicBytesOf = async ({ publicKey }: CryptoKeyPair): Promise<Bytes> =>
  new Uint8Array(await suite.kem.serializePublicKey(publicKey));

/** Throws for what is no point of the curve. */
export const publicKeyOf = (bytes: Bytes): Promise<CryptoKey> =>
  suite.kem.deserializePublicKey(bytes.slice().buffer);

type Wrapping = {
  /** What the secret is, and for whom: it opens nowhere else. */
  readonly place: string;
  /** Who wraps: then only that key's owner can have done it (Auth mode). */
  readonly sender?: CryptoKeyPair | undefined;
};

/** enc ‖ ciphertext. */
export async function wrap(secret: Bytes, to: CryptoKey, { place, sender }: Wrapping): Promise<Bytes> {
  const context = await suite.createSenderContext({
    recipientPublicKey: to,
    info: utf8(INFO),
    ...(sender === undefined ? {} : { senderKey: sender }),
  });
  const sealed = new Uint8Array(await context.seal(secret, utf8(place)));
  const wrapped = new Uint8Array(POINT_BYTES + sealed.length);
  wrapped.set(new Uint8Array(context.enc));
  wrapped.set(sealed, POINT_BYTES);
  return wrapped;
}

type Opening = Pick<Wrapping, 'place'> & {
  /** Whose wrapping it has to be. */
  readonly sender?: CryptoKey | undefined;
};

/** Throws where it was altered, is for another, of another, or belongs elsewhere. */
export async function unwrap(wrapped: Bytes, own: CryptoKeyPair, { place, sender }: Opening): Promise<Bytes> {
  const context = await suite.createRecipientContext({
    recipientKey: own,
    enc: wrapped.slice(0, POINT_BYTES).buffer,
    info: utf8(INFO),
    ...(sender === undefined ? {} : { senderPublicKey: sender }),
  });
  return new Uint8Array(await context.open(wrapped.slice(POINT_BYTES), utf8(place)));
}
