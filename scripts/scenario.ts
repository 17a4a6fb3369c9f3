/**
 * npm run scenario -- FILE...: plays conformance scenarios, one JSON line a file; exits 1 if any failed. With RPC_URL on that chain,
 * whose node has to let its clock be moved; what a play did there is taken back after it, where the node can do that.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildContracts } from './build-contracts.ts';
import { StartError } from './config.ts';
import { startTemporaryPostgres, type Postgres } from '../services/embedded/postgres.ts';
import { rpc } from '../services/embedded/rpc.ts';
import { runMain } from './main.ts';
import { movableChain, type OutsideChain } from './outside-chain.ts';
import { FormatError, parseScenario, type Scenario } from './scenario/format.ts';
import { undefinedNames } from './scenario/names.ts';
import { stopSignal } from './stop-signal.ts';

type Report = { scenario: string; passed: boolean; acts: number; failures: readonly string[] };

await runMain(async () => {
  const files = process.argv.slice(2);
  if (files.length === 0) throw new StartError('usage: npm run scenario -- FILE...');
  const outside = await movableChain();
  await buildContracts();
  const stopping = stopSignal();
  await using stack = new AsyncDisposableStack();
  const postgres = await startTemporaryPostgres();
  stack.defer(() => postgres.close());
  let allPassed = true;
  for (const [n, file] of files.entries()) {
    if (stopping.aborted) throw new StartError(`stopped before ${files.length - n} of ${files.length} files`);
    const report = await runFile(postgres, outside, file, stopping);
    console.log(JSON.stringify(report));
    allPassed &&= report.passed;
  }
  return allPassed ? 0 : 1;
});

/** Plays one file on a database and (without RPC_URL) a chain of its own. Never throws: what goes wrong is a failure of the file. */
async function runFile(
  postgres: Postgres,
  outside: OutsideChain | undefined,
  file: string,
  stopping: AbortSignal,
): Promise<Report> {
  let name = file;
  try {
    const text = textOf(file);
    name = titleOf(text) ?? file;
    const scenario = parseScenario(text);
    const faults = undefinedNames(scenario);
    if (faults.length > 0) throw new FormatError(faults);
    const { acts, failures } = await playFresh(postgres, outside, scenario, stopping);
    return { scenario: name, passed: failures.length === 0, acts, failures };
  } catch (error) {
    const failures =
      error instanceof FormatError ? error.faults : [`${error instanceof Error ? error.message : error}`];
    return { scenario: name, passed: false, acts: 0, failures };
  }
}

async function playFresh(
  postgres: Postgres,
  outside: OutsideChain | undefined,
  scenario: Scenario,
  stopping: AbortSignal,
) {
  // What they import is built only now.
  const { openFreshNetwork } = await import('./fresh-network.ts');
  const { play } = await import('./scenario/play.ts');
  const takeBack = outside === undefined ? undefined : await snapshotOf(outside.node);
  try {
    const network = await openFreshNetwork(postgres, scenario.today, outside);
    try {
      return await play(network, scenario, stopping);
    } finally {
      await network.close();
    }
  } finally {
    await takeBack?.();
  }
}

/** Returns how to bring the chain back to where it is now; the next file begins there. */
async function snapshotOf(node: string): Promise<() => Promise<void>> {
  const snapshot = await rpc<string>(node, 'evm_snapshot').catch(() => undefined);
  return async () => {
    if (snapshot !== undefined) await rpc(node, 'evm_revert', snapshot);
  };
}

/** npm runs us in the project's folder; a path may be one of the folder in which npm was called (--prefix). */
function textOf(file: string): string {
  const path = existsSync(file) ? file : resolve(process.env['INIT_CWD'] ?? '', file);
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, ''); // editors on Windows put it there
  } catch (error) {
    throw new FormatError([`cannot be read: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

/** Also of a file that cannot be played: whoever reads the report looks for its title. */
function titleOf(text: string): string | undefined {
  const title = /"scenario"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  try {
    return title === undefined ? undefined : (JSON.parse(title) as string);
  } catch {
    return undefined; // what is wrong with it, the reading of the whole file will say
  }
}
