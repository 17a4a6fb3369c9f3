import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dump } from '#db/dump.ts';
import { StartError } from '../config.ts';

/** What is in a backup; written last, so that a folder without it is half a backup. */
export type Manifest = Dump & {
  readonly format: 1;
  /** ISO 8601. */
  readonly at: string;
  /** Whether the embedded chain is in it. */
  readonly chain: boolean;
};

/** Single files of a data folder that are kept as they are. */
export const KEPT = ['deployment.json', 'demo.json'];

export const manifestFile = (folder: string): string => join(folder, 'backup.json');

export function readManifest(folder: string): Manifest {
  if (!existsSync(manifestFile(folder))) throw new StartError(`${folder} holds no complete backup`);
  const manifest = JSON.parse(readFileSync(manifestFile(folder), 'utf8')) as Manifest;
  if (manifest.format !== 1) throw new StartError(`${folder} is a backup of a newer version`);
  return manifest;
}
