/** Whether the demonstration network of a data folder is there. Half a network is of no use: it is made anew. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { forgetCluster } from '../services/embedded/postgres-binaries.ts';
import { readJson, writeFileAtomically } from '../services/embedded/processes.ts';
import { openInfrastructure } from './infrastructure.ts';

export type DemoState = 'wanted' | 'unfinished' | 'done' | 'none';

const fileOf = (config: Pick<Config, 'dataDir'>): string => join(config.dataDir, 'demo.json');

/** `none`: not asked for, or the data folder was first used without it. */
export function demoState(config: Config): DemoState {
  const recorded = readJson<{ state: DemoState }>(fileOf(config))?.state;
  if (recorded !== undefined) return recorded;
  return config.demo && !existsSync(join(config.dataDir, 'deployment.json')) ? 'wanted' : 'none';
}

export function markDemo(config: Pick<Config, 'dataDir'>, state: DemoState): void {
  writeFileAtomically(fileOf(config), JSON.stringify({ state }));
}

/**
 * A first start that was stopped in the middle of the demonstration has shown nobody anything yet: with the embedded
 * database and chain the next start begins again. Real infrastructure is never cleared.
 */
export async function forgetUnfinishedDemo(config: Config): Promise<void> {
  if (demoState(config) !== 'unfinished') return;
  if (config.databaseUrl !== undefined || config.rpcUrl !== undefined) {
    return console.error('the demonstration network is incomplete: its making was interrupted');
  }
  await (await openInfrastructure(config)).close(); // ends what a killed run left running on the data
  forgetCluster(join(config.dataDir, 'postgres'));
  for (const name of ['deployment.json', 'postgres', 'chain', 'keys', 'demo.json']) {
    rmSync(join(config.dataDir, name), { recursive: true, force: true });
  }
}
