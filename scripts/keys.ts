import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chainKeyOf, KeyError, type ChainKey } from '#keys/key.ts';
import { StartError, type Config, type KeyRole } from './config.ts';

/** Who deploys, who admits members, who pays for the transactions of firms: each a secp256k1 key of its own. */
export const platformRoles = ['deployer', 'operator', 'relayer'] as const;
export type PlatformRole = (typeof platformRoles)[number];
export type PlatformKeys = Record<PlatformRole, string>;

/** Private keys (0x hex), made at the first start, readable by their owner only. */
export function platformKeys(dataDir: string): PlatformKeys {
  const entries = platformRoles.map((role) => [role, platformKey(dataDir, role)] as const);
  return Object.fromEntries(entries) as PlatformKeys;
}

/** One of them; made if there is none. */
function platformKey(dataDir: string, role: PlatformRole): string {
  const folder = join(dataDir, 'keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  return keyIn(fileOf(dataDir, role));
}

type Holding = Pick<Config, 'dataDir' | 'keys'>;

/** The key of a part: in the module that the settings name, else in its file, made if there is none. Throws {@link StartError}. */
export const chainKey = async (config: Holding, role: PlatformRole): Promise<ChainKey> =>
  (await keyInModule(config, role)) ?? chainKeyOf(platformKey(config.dataDir, role));

/** As {@link chainKey}, of a deployment that has used it already: a file that is gone is not made anew. */
export const keptChainKey = async (config: Holding, role: PlatformRole): Promise<ChainKey> =>
  (await keyInModule(config, role)) ?? chainKeyOf(keptKey(config.dataDir, role));

export async function chainKeyIfAny(config: Holding, role: PlatformRole): Promise<ChainKey | undefined> {
  const inFile = config.keys[role] === undefined ? platformKeyIfAny(config.dataDir, role) : undefined;
  return inFile === undefined ? keyInModule(config, role) : chainKeyOf(inFile);
}

/** Undefined where the settings name none. Loaded only where a module is used: what calls libraries has no binary for some machines. */
export async function keyInModule({ keys }: Holding, role: KeyRole): Promise<ChainKey | undefined> {
  const name = keys[role];
  if (name === undefined) return undefined;
  try {
    const { moduleChainKey } = await import('#keys/pkcs11/keys.ts');
    return moduleChainKey(name);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const why = error instanceof KeyError ? error.message : `KEY_MODULE_MISSING: ${error.message}`;
    throw new StartError(`${role.toUpperCase()}_KEY: ${why}`, { cause: error });
  }
}

const platformKeyIfAny = (dataDir: string, role: PlatformRole): string | undefined =>
  existsSync(fileOf(dataDir, role)) ? keyIn(fileOf(dataDir, role)) : undefined;

/** Throws {@link StartError} if it is gone: a new one would send in nobody's name. */
function keptKey(dataDir: string, role: PlatformRole): string {
  const file = fileOf(dataDir, role);
  if (existsSync(file)) return keyIn(file);
  throw new StartError(
    `${file} is missing beside a deployment: put it back, or a new one as the operator's guide says`,
  );
}

const fileOf = (dataDir: string, role: PlatformRole): string => join(dataDir, 'keys', `${role}.key`);

/** Seals the secrets of webhooks; made if there is none. The API and the notifier share it. */
export function webhookKey(dataDir: string): Buffer {
  const folder = join(dataDir, 'keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return Buffer.from(keyIn(join(folder, 'webhooks.key')).slice(2), 'hex');
}

function keyIn(file: string): string {
  // any 32 bytes are a key but for 0 and the last 2^128 of 2^256: never drawn in practice
  if (!existsSync(file)) makeKey(file);
  const key = readFileSync(file, 'utf8').trim();
  if (!/^0x[0-9a-f]{64}$/.test(key)) throw new StartError(`${file} does not hold a private key`);
  return key;
}

/** Another process may make it at the same time: one of them is the first. */
function makeKey(file: string): void {
  try {
    writeFileSync(file, `0x${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
