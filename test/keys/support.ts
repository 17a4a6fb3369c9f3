/** A token of SoftHSM in a folder of its own, with keys in it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findSoftHsm } from '#scripts/softhsm.ts';

export const PIN = '4711-0815';
export const TOKEN = 'tallystick test';

export type TestToken = ReturnType<typeof makeToken>;

/** Before the module is first used in this process: it reads its settings from the environment then. */
export function makeToken() {
  const module = findSoftHsm();
  if (module === undefined) throw new Error('install softhsm2 and opensc, or set SOFTHSM to libsofthsm2.so');
  const folder = mkdtempSync(join(tmpdir(), 'tallystick-token-'));
  const tokens = join(folder, 'tokens');
  mkdirSync(tokens);
  const conf = join(folder, 'softhsm2.conf');
  writeFileSync(conf, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  process.env['SOFTHSM2_CONF'] = conf;
  const pinFile = join(folder, 'pin');
  writeFileSync(pinFile, `${PIN}\n`, { mode: 0o600 });

  const run = (program: string, ...args: string[]): void => {
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8', env: process.env });
    if (status !== 0) throw new Error(`${program} ${args[0]}: ${stderr}`);
  };
  const initialize = (label = TOKEN) =>
    run('softhsm2-util', '--init-token', '--free', '--label', label, '--pin', PIN, '--so-pin', '12345678');
  const makeKey = (curve: 'secp256k1' | 'prime256v1', label: string) =>
    run(
      'pkcs11-tool',
      ...['--module', module, '--token-label', TOKEN, '--login', '--pin', PIN],
      ...['--keypairgen', '--key-type', `EC:${curve}`, '--label', label],
    );
  initialize();
  return {
    module,
    pinFile,
    makeKey,
    uri: (object: string, { token = TOKEN, pin = pinFile } = {}) =>
      `pkcs11:token=${encodeURIComponent(token)};object=${object}?module-path=${module}&pin-source=file:${pin}`,
    /** Takes the token out of its slot, and puts it back. */
    pull: () => {
      renameSync(tokens, `${tokens}-out`);
      mkdirSync(tokens);
    },
    plug: () => {
      rmdirSync(tokens);
      renameSync(`${tokens}-out`, tokens);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
