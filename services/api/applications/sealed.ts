/** Documents of applications are stored as ciphertext: a thief of the database, or of a backup of it, does not read them. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const NONCE = 12;
const TAG = 16;
const KEY = 32;

/** AES-256-GCM under one key of the deployment, which lies with its other keys. */
export class Sealed {
  readonly #keysDir: string;
  #key: Promise<Buffer> | undefined;

  constructor(keysDir: string) {
    this.#keysDir = keysDir;
  }

  /** @param place What it belongs to: it opens nowhere else. */
  async seal(bytes: Uint8Array, place: string): Promise<Buffer> {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', await this.#known(), nonce).setAAD(Buffer.from(place));
    return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  }

  /** Throws where it was altered, or belongs elsewhere. */
  async open(sealed: Buffer, place: string): Promise<Buffer> {
    const decipher = createDecipheriv('aes-256-gcm', await this.#known(), sealed.subarray(0, NONCE))
      .setAAD(Buffer.from(place))
      .setAuthTag(sealed.subarray(-TAG));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]);
  }

  #known(): Promise<Buffer> {
    this.#key ??= keyIn(this.#keysDir).catch((error: unknown) => {
      this.#key = undefined;
      throw error;
    });
    return this.#key;
  }
}

/** Made where there is none yet. Of several processes that make one at the same time all use the first. */
async function keyIn(keysDir: string): Promise<Buffer> {
  const file = path.join(keysDir, 'documents.key');
  const found = await readKey(file);
  if (found !== undefined) return found;
  await mkdir(keysDir, { recursive: true, mode: 0o700 });
  const fresh = `${file}.${randomBytes(8).toString('hex')}`;
  await writeFile(fresh, randomBytes(KEY).toString('hex'), { mode: 0o600 });
  await chmod(fresh, 0o600);
  await link(fresh, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(fresh);
  return (await readKey(file))!;
}

async function readKey(file: string): Promise<Buffer | undefined> {
  try {
    const key = Buffer.from(await readFile(file, 'utf8'), 'hex');
    if (key.length !== KEY) throw new Error(`${file} holds no key`);
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
