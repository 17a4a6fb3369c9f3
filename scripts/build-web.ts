/** Builds web/ into web/build, unless its sources are the ones of the last build. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runMain } from './main.ts';
import { StartError } from './config.ts';

const root = resolve(import.meta.dirname, '..');
const stampFile = join(root, 'web/build/.stamp');
const sources = ['web', 'services/domain', 'docs/openapi.json', 'package-lock.json'];
const notSources =
  /^web\/(build|node_modules|\.svelte-kit|src\/lib\/paraglide)\/|^web\/src\/lib\/api\/schema\.ts$|\.test\.ts$/;

/** True if it was built. Throws {@link StartError} if it cannot be. */
export function buildWeb(): boolean {
  if (!existsSync(join(root, 'web/vite.config.ts'))) return false;
  const stamp = sourcesHash();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false;
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const run = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'web'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (run.status !== 0) throw new StartError('the web app does not build');
  writeFileSync(stampFile, stamp);
  return true;
}

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
  await runMain(async () => console.log(buildWeb() ? 'web app built' : 'web app unchanged'));
}
