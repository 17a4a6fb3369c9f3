/** npm run scenario -- FILE...: plays conformance scenarios, one JSON line a file; exits 1 if any failed. */
import { readFileSync } from 'node:fs';
import { startTemporaryPostgres, type Postgres } from './embedded/postgres.ts';
import { openFreshNetwork } from './fresh-network.ts';
import { FormatError, parseScenario, type Scenario } from './scenario/format.ts';
import { undefinedNames } from './scenario/names.ts';
import { play } from './scenario/play.ts';

export type Report = { scenario: string; passed: boolean; acts: number; failures: string[] };

/** Plays one file on a chain and a database of its own. Never throws: what goes wrong is a failure of the file. */
export async function runFile(postgres: Postgres, file: string): Promise<Report> {
  const report: Report = { scenario: file, passed: false, acts: 0, failures: [] };
  try {
    const scenario = parseScenario(readFileSync(file, 'utf8'));
    report.scenario = scenario.scenario;
    const faults = undefinedNames(scenario);
    if (faults.length > 0) throw new FormatError(faults);
    const { acts, failures } = await playFresh(postgres, scenario);
    return { ...report, passed: failures.length === 0, acts, failures: [...failures] };
  } catch (error) {
    const failures = error instanceof FormatError ? [...error.faults] : [messageOf(error)];
    return { ...report, failures };
  }
}

async function playFresh(postgres: Postgres, scenario: Scenario): ReturnType<typeof play> {
  const network = await openFreshNetwork(postgres, scenario.today);
  try {
    return await play(network, scenario);
  } finally {
    await network.close();
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function main(files: readonly string[]): Promise<void> {
  if (files.length === 0) {
    console.error('usage: npm run scenario -- FILE...');
    process.exitCode = 2;
    return;
  }
  const postgres = await startTemporaryPostgres();
  try {
    for (const file of files) {
      const report = await runFile(postgres, file);
      console.log(JSON.stringify(report));
      if (!report.passed) process.exitCode = 1;
    }
  } finally {
    await postgres.close();
  }
}

if (import.meta.main) await main(process.argv.slice(2));
