/** Keys that the demonstration makes and keeps for members: one file each, readable by their owner only. */
import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { p256 } from '@noble/curves/nist.js';
import { hexlify } from 'ethers';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { p256Signer } from '#chain/typed-data.ts';

const Bytes32 = Type.String({ pattern: '^0x[0-9a-f]{64}$' });
const KeyFile = Type.Object({ d: Bytes32, x: Bytes32, y: Bytes32 });
export type DemoKey = Static<typeof KeyFile>;

const fileOf = (keysDir: string, account: Buffer): string =>
  path.join(keysDir, 'members', `${account.toString('hex')}.json`);

export function newDemoKey(): DemoKey {
  const secret = p256.utils.randomSecretKey();
  const point = p256.getPublicKey(secret, false);
  return { d: hexlify(secret), x: hexlify(point.subarray(1, 33)), y: hexlify(point.subarray(33)) };
}

export async function keepDemoKey(keysDir: string, account: Buffer, key: DemoKey): Promise<void> {
  const file = fileOf(keysDir, account);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await chmod(path.dirname(file), 0o700);
  await writeFile(`${file}.new`, JSON.stringify(key), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

export const hasDemoKey = (keysDir: string, account: Buffer): Promise<boolean> =>
  stat(fileOf(keysDir, account)).then(
    () => true,
    () => false,
  );

/** As the session's own member gets it; undefined when none was made for the account. */
export async function demoKeyOf(keysDir: string, account: Buffer, verifier: string) {
  if (!(await hasDemoKey(keysDir, account))) return undefined;
  const key: unknown = JSON.parse(await readFile(fileOf(keysDir, account), 'utf8'));
  if (!Value.Check(KeyFile, key)) throw new Error('a key file of the demonstration is damaged');
  return { type: 'p256' as const, signer: p256Signer(verifier, key.x, key.y), ...key };
}
