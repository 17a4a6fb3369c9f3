/** Secrets that let somebody in: given out once, of which only the hash is stored. Who reads the database cannot enter as anybody. */
import { hash, randomBytes } from 'node:crypto';

export const newSecret = (prefix = ''): string => prefix + randomBytes(32).toString('base64url');

export const hashOfSecret = (secret: string | Uint8Array): Buffer => hash('sha256', secret, 'buffer');
