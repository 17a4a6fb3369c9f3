/**
 * npm run build:client: makes services/client/dist, one module without dependencies and its types, and packs it as
 * services/client/tallystick-client-VERSION.tgz, ready for `npm install FILE` or `npm publish FILE`.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildApiTypes } from './build-api-types.ts';
import { exclusively, runQuietly } from './build-steps.ts';
import { StartError } from './config.ts';
import { runMain } from './main.ts';

const root = resolve(import.meta.dirname, '..');
const home = join(root, 'services/client');
const dist = join(home, 'dist');

/** Returns the packed file. Throws {@link StartError} if it cannot be built. */
export async function buildClient(): Promise<string> {
  await buildApiTypes();
  return exclusively('client', async () => {
    rmSync(dist, { recursive: true, force: true });
    await bundle();
    await declare();
    return pack();
  });
}

/** What the code needs of other packages and of our other folders goes in. */
async function bundle(): Promise<void> {
  const { build } = await import('vite');
  await build({
    configFile: false,
    root: home,
    logLevel: 'error',
    build: {
      target: 'es2022',
      minify: false,
      emptyOutDir: false,
      lib: {
        entry: { index: join(home, 'index.ts'), cli: join(home, 'cli.ts') },
        formats: ['es'],
        fileName: (_, name) => `${name}.js`,
      },
      rolldownOptions: { external: /^node:/ },
    },
  });
}

/** Only what the types of the client speak of is kept: itself and the codes of problems. */
async function declare(): Promise<void> {
  const types = join(dist, 'types');
  const args = ['-p', join(home, 'tsconfig.json'), '--outDir', types];
  const { code, stderr } = await runQuietly(process.execPath, [
    join(root, 'node_modules/typescript/bin/tsc'),
    ...args,
  ]);
  if (code !== 0) throw new StartError(`the types of the client do not build: ${stderr}`);
  for (const folder of readdirSync(types)) {
    if (!['chain', 'client', 'domain'].includes(folder)) rmSync(join(types, folder), { recursive: true });
  }
  for (const file of readdirSync(types, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts')) continue;
    const text = readFileSync(join(types, file), 'utf8');
    writeFileSync(join(types, file), text.replaceAll(/(from '\..*?)\.ts';/g, "$1.js';"));
  }
}

async function pack(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
  const file = join(home, `tallystick-client-${version}.tgz`);
  rmSync(file, { force: true });
  const { code, stderr } = await runQuietly('npm', ['pack', home, '--pack-destination', home, '--silent']);
  if (code !== 0) throw new StartError(`the client cannot be packed: ${stderr}`);
  return file;
}

if (import.meta.main) await runMain(async () => console.log(await buildClient()));
