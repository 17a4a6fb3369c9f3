/**
 * Compiles contracts/ and writes services/chain/generated/: for each contract its ABI `as const` and its bytecode, and the
 * decoders of all events.
 * Does nothing while the sources, the compiler settings and the libraries are the ones of the last run.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { decodersOf } from './build-decoders.ts';
import { exclusively, runQuietly } from './build-steps.ts';
import { StartError } from './config.ts';
import { runMain } from './main.ts';

const root = resolve(import.meta.dirname, '..');
const generated = join(root, 'services/chain/generated');
const stampFile = join(generated, 'stamp.txt');

interface Artifact {
  contractName: string;
  abi: unknown[];
  bytecode: string;
  linkReferences: Record<string, unknown>;
}

/** True if anything was written. Throws {@link StartError} if the compiler refuses. */
export async function buildContracts(): Promise<boolean> {
  if (isFresh(sourcesHash())) return false;
  return exclusively('contracts', async () => {
    const stamp = sourcesHash();
    if (isFresh(stamp)) return false;
    await compile();
    const folders = ['contracts', '@openzeppelin'].map((name) => join(root, 'artifacts', name));
    writeGenerated(withExtensions(folders.flatMap(readArtifacts)), stamp);
    return true;
  });
}

const isFresh = (stamp: string): boolean =>
  existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;

function sourcesHash(): string {
  const hash = createHash('sha256');
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of ['solc', '@openzeppelin/contracts', 'solady'])
    hash.update(`${name}@${dependencies[name]}\0`);
  const settings = ['hardhat.config.ts', 'scripts/build-contracts.ts', 'scripts/build-decoders.ts'].map(
    (file) => join(root, file),
  );
  for (const file of [...filesUnder(join(root, 'contracts'), '.sol'), ...settings]) {
    hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

async function compile(): Promise<void> {
  const hardhat = join(root, 'node_modules/hardhat/dist/src/cli.js');
  const { code, stderr } = await runQuietly(process.execPath, [hardhat, 'build', '--no-tests', '--quiet']);
  process.stderr.write(code === 0 ? ourWarnings(stderr) : stderr);
  if (code !== 0) throw new StartError('the contracts do not compile');
}

/** Warnings about libraries are not ours to heed. */
function ourWarnings(output: string): string {
  const blocks = output.split(/\n(?=Warning: )/);
  return blocks.filter((block) => block.includes('--> ./contracts/')).join('\n');
}

/** What can be deployed (interfaces cannot), in order of name. */
function readArtifacts(folder: string): Artifact[] {
  return filesUnder(folder, '.json')
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as Artifact)
    .filter((artifact) => artifact.bytecode !== '0x' && artifact.abi.length > 0);
}

/**
 * A contract with an extension (`Bills`, `BillsExtension`) is called at one address: its ABI has all that either does, records and
 * refuses. The extension keeps what it takes to deploy it.
 */
function withExtensions(artifacts: Artifact[]): Artifact[] {
  const nameOf = (entry: unknown) => {
    const { type, name, inputs } = entry as { type: string; name?: string; inputs?: unknown };
    return JSON.stringify([type, name, inputs]);
  };
  return artifacts.map((artifact) => {
    const { contractName, abi } = artifact;
    if (contractName.endsWith('Extension'))
      return { ...artifact, abi: abi.filter((entry) => (entry as { type: string }).type === 'constructor') };
    const extension = artifacts.find((other) => other.contractName === `${contractName}Extension`);
    if (extension === undefined) return artifact;
    const known = new Set(abi.map(nameOf));
    const more = extension.abi.filter(
      (entry) => (entry as { type: string }).type !== 'constructor' && !known.has(nameOf(entry)),
    );
    return { ...artifact, abi: [...abi, ...more] };
  });
}

function writeGenerated(artifacts: Artifact[], stamp: string): void {
  mkdirSync(generated, { recursive: true });
  const modules = new Map<string, string>();
  for (const { contractName, abi, bytecode, linkReferences } of artifacts) {
    if (Object.keys(linkReferences).length > 0) throw new Error(`${contractName} needs a linked library`);
    const file = `${contractName.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()}.ts`;
    if (modules.has(file)) throw new Error(`two contracts are named ${contractName}`);
    const name = contractName.charAt(0).toLowerCase() + contractName.slice(1);
    const abiSource = `export const ${name}Abi = ${JSON.stringify(abi, null, 2)} as const;\n`;
    modules.set(file, `${abiSource}\nexport const ${name}Bytecode =\n  '${bytecode}';\n`);
  }
  const withEvents = artifacts.filter(({ abi }) =>
    abi.some((entry) => (entry as { type: string }).type === 'event'),
  );
  modules.set('index.ts', [...modules.keys()].map((file) => `export * from './${file}';\n`).join(''));
  modules.set('decoders.ts', decodersOf(withEvents));
  for (const file of readdirSync(generated)) if (!modules.has(file)) rmSync(join(generated, file));
  for (const [file, source] of modules) write(join(generated, file), source);
  write(stampFile, stamp);
}

/** A reader sees the old file or the new one, never a half. */
function write(file: string, text: string): void {
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, text);
  renameSync(fresh, file);
}

function filesUnder(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => join(folder, file));
}

if (import.meta.main) {
  await runMain(async () =>
    console.log((await buildContracts()) ? 'contracts built' : 'contracts unchanged'),
  );
}
