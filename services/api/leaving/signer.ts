/** The key with which the platform signs what members take away. It signs nothing else, and lies with the deployment's other keys. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hashMessage } from 'ethers';
import { addressOfKey, chainKeyOf, type ChainKey } from '#keys/key.ts';

export class ExportSigner {
  readonly #keysDir: string;
  #key: Promise<ChainKey> | undefined;

  /** @param key Of a module; left out: the one in a file of the folder. */
  constructor(keysDir: string, key?: ChainKey) {
    this.#keysDir = keysDir;
    if (key !== undefined) this.#key = Promise.resolve(key);
  }

  address = async (): Promise<string> => addressOfKey(await this.#known());

  /** As wallets sign a message (EIP-191). */
  sign = async (message: string): Promise<string> =>
    (await this.#known()).sign(hashMessage(message)).serialized;

  #known(): Promise<ChainKey> {
    this.#key ??= keyIn(this.#keysDir).catch((error: unknown) => {
      this.#key = undefined;
      throw error;
    });
    return this.#key;
  }
}

/** Made where there is none yet. Of several processes that make one at the same time all use the first. */
async function keyIn(keysDir: string): Promise<ChainKey> {
  const file = path.join(keysDir, 'exports.key');
  await mkdir(keysDir, { recursive: true, mode: 0o700 });
  const fresh = `${file}.${randomBytes(8).toString('hex')}`;
  await writeFile(fresh, `0x${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  await link(fresh, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(fresh);
  const key = (await readFile(file, 'utf8')).trim();
  if (!/^0x[0-9a-f]{64}$/.test(key)) throw new Error(`${file} does not hold a private key`);
  return chainKeyOf(key);
}
