/** The peers' contracts: as their packages ship them, or compiled from their sources like our own. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { Artifact } from '../chain.ts';

const modules = resolve(import.meta.dirname, '../../../../node_modules');
const require = createRequire(import.meta.url);
const solc = require('solc') as {
  compile(input: string, callbacks: { import: (path: string) => Found }): string;
};

type Found = { contents: string } | { error: string };
type Output = {
  errors?: { severity: string; formattedMessage: string }[];
  contracts: Record<string, Record<string, { abi: unknown[]; evm: { bytecode: { object: string } } }>>;
};

/** The settings of hardhat.config.ts, so that no peer is the slower for its compiler. */
const settings = {
  evmVersion: 'osaka',
  viaIR: true,
  optimizer: { enabled: true, runs: 20_000 },
  outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
};

/** Version of a peer, as it is installed. */
export const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')) as { version: string }).version;

/** An artifact in Hardhat's form. */
export function shipped(packageName: string, path: string): Artifact {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return JSON.parse(
    readFileSync(join(modules, packageName, `${path}.sol`, `${name}.json`), 'utf8'),
  ) as Artifact;
}

/**
 * Compiles one file; its contracts by name.
 * @param roots Where imports are looked up, the nearest first.
 */
export function compiled(file: string, roots: readonly string[] = []): Record<string, Artifact> {
  const search = [...roots.map((root) => join(modules, root)), modules];
  const find = (path: string): Found => {
    const found = search.map((root) => join(root, path)).find(existsSync);
    return found === undefined
      ? { error: `${path} is not installed` }
      : { contents: readFileSync(found, 'utf8') };
  };
  const source = existsSync(file) ? { contents: readFileSync(file, 'utf8') } : find(file);
  if ('error' in source) throw new Error(source.error);
  const input = { language: 'Solidity', sources: { [file]: { content: source.contents } }, settings };
  const { errors = [], contracts } = JSON.parse(
    solc.compile(JSON.stringify(input), { import: find }),
  ) as Output;
  const fatal = errors.find(({ severity }) => severity === 'error');
  if (fatal !== undefined) throw new Error(fatal.formattedMessage);
  return Object.fromEntries(
    Object.entries(contracts[file] ?? {}).map(([name, { abi, evm }]) => [
      name,
      { abi: abi as Artifact['abi'], bytecode: `0x${evm.bytecode.object}` },
    ]),
  );
}
