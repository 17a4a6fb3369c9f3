/** Programs that tests need from Debian's packages, where those are at hand. */
import { spawnSync } from 'node:child_process';

/** Tries to install; whether it worked shows itself to who needs the programs. */
export function installPackages(packages: readonly string[]): void {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '--non-interactive'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', ...packages]]) {
    const [program = '', ...rest] = [...sudo, 'apt-get', '--quiet', ...args];
    if (spawnSync(program, rest, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status !== 0) break;
  }
}
