/** Builds web/ into web/build, unless its sources are the ones of the last build. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exclusively, runQuietly } from './build-steps.ts';
import { StartError } from './config.ts';
import { runMain } from './main.ts';

const root = resolve(import.meta.dirname, '..');
const stampFile = join(root, 'web/build/.stamp');
const sources = ['web', 'services/domain', 'package-lock.json'];
const notSources = new RegExp(
  [
    '^web/(build|node_modules|[.]svelte-kit|src/lib/paraglide|static/tallystick-verifier[.]html)/',
    '^web/project[.]inlang/(?!settings[.]json|$)', // what its tool leaves there
    '[.]test[.]ts$',
  ].join('|'),
);

/** True if it was built. Throws {@link StartError} if it cannot be. */
export async function buildWeb(): Promise<boolean> {
  if (!existsSync(join(root, 'web/vite.config.ts')) || isFresh(sourcesHash())) return false;
  return exclusively('web', async () => {
    const stamp = sourcesHash();
    if (isFresh(stamp)) return false;
    const vite = join(root, 'node_modules/vite/bin/vite.js');
    const { code, stderr } = await runQuietly(process.execPath, [
      vite,
      'build',
      'web',
      '--logLevel',
      'error',
    ]);
    if (code !== 0) {
      process.stderr.write(stderr);
      throw new StartError('the web app does not build');
    }
    writeFileSync(stampFile, stamp);
    return true;
  });
}

const isFresh = (stamp: string): boolean =>
  existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;

function sourcesHash(): string {
  const hash = createHash('sha256');
  for (const file of sources.flatMap(filesOf))
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

function filesOf(path: string): string[] {
  if (notSources.test(`${path}/`) || notSources.test(path) || !existsSync(join(root, path))) return [];
  if (statSync(join(root, path)).isFile()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesOf(`${path}/${name}`));
}

if (import.meta.main) {
  await runMain(async () => console.log((await buildWeb()) ? 'web app built' : 'web app unchanged'));
}
