import { readConfig, reason, StartError } from './config.ts';

/**
 * Runs a command. What a person can put right ends it with one line and exit code 1; so does anything else, with a stack
 * trace behind LOG_LEVEL=debug.
 */
export async function runMain(command: () => Promise<number | void>): Promise<void> {
  try {
    process.exitCode = (await command()) ?? 0;
  } catch (error) {
    const known = error instanceof StartError;
    console.error(known ? error.message : `unexpected failure: ${reason(error)}`);
    if (!known && wantsDetail()) console.error(error);
    process.exitCode = 1;
  }
}

function wantsDetail(): boolean {
  try {
    return ['debug', 'trace'].includes(readConfig().logLevel);
  } catch {
    return false;
  }
}
