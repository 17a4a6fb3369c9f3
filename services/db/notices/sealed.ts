/**
 * Secrets that have to be read again, sealed with AES-256-GCM under a key file of the deployment: who reads the database alone cannot
 * sign in our name. Bound to the row that holds it, so that one is not put in another's place.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const VERSION = 1;
const NONCE = 12;
const TAG = 16;

/** @param key 32 bytes. */
export function seal(key: Buffer, row: string, secret: string): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(row));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), sealed]);
}

/** Throws if it was sealed with another key, for another row, or altered. */
export function unseal(key: Buffer, row: string, sealed: Buffer): string {
  if (sealed[0] !== VERSION) throw new Error(`a secret sealed in form ${sealed[0]}, which is not known`);
  const nonce = sealed.subarray(1, 1 + NONCE);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce)
    .setAAD(Buffer.from(row))
    .setAuthTag(sealed.subarray(1 + NONCE, 1 + NONCE + TAG));
  return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE + TAG)), decipher.final()]).toString(
    'utf8',
  );
}
