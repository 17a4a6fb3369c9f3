import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { reason, StartError } from './config.ts';
import { claim } from '../services/embedded/processes.ts';
import { findRunning } from './infrastructure.ts';

const longest = 60_000; // ms for a predecessor to finish starting or stopping
const settle = 3_000; // ms in which a product whose parent was killed notices it

/**
 * Makes this process the only product in the data folder. One that is on its way out is waited for; one that runs is left
 * alone: throws {@link StartError} with its address.
 */
export async function claimDataDir(dataDir: string, stopping: AbortSignal): Promise<{ release(): void }> {
  for (let waited = 0; ; waited += 100) {
    try {
      return claim(join(dataDir, 'owner.json'), `DATA_DIR ${dataDir}`);
    } catch (error) {
      const running = findRunning(dataDir);
      if (running !== undefined && waited >= settle)
        throw new StartError(`${reason(error)}, at ${running.url}`, { cause: error });
      if (waited >= longest) throw new StartError(reason(error), { cause: error });
      await sleep(100, undefined, { signal: stopping });
    }
  }
}
