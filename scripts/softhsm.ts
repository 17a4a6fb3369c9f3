/** SoftHSM, a PKCS #11 module in software, and the tool that makes keys in one: the tests of keys in modules use them. */
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { StartError } from './config.ts';
import { installPackages } from './debian.ts';

const packages = ['softhsm2', 'opensc'];
const programs = ['softhsm2-util', 'pkcs11-tool'];
const paths = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
];

/** Path of the library: what SOFTHSM names, or the machine's; undefined if it or a program beside it is missing. */
export function findSoftHsm(): string | undefined {
  const isThere = (program: string): boolean =>
    spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
  if (!programs.every(isThere)) return undefined;
  return [process.env['SOFTHSM'] ?? '', ...paths].find(existsSync);
}

/** Installs it where Debian's packages are at hand. Throws {@link StartError} otherwise. */
export function ensureSoftHsm(): string {
  if (findSoftHsm() === undefined) installPackages(packages);
  const library = findSoftHsm();
  if (library !== undefined) return library;
  throw new StartError(
    `no PKCS #11 module for the tests of keys: install ${packages.join(' and ')}, or set SOFTHSM to libsofthsm2.so`,
  );
}
