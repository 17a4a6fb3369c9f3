/**
 * Everything that must hold before a change goes in, stage by stage. Stages that keep one processor busy run two beside each
 * other. Each shows its own output, one after the other; a failing stage does not hide the later ones, and the last line
 * counts tests (a stage without tests of its own counts as one).
 *
 *   npm test                          all stages
 *   npm test -- lint services         some
 */
import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { inspect, stripVTControlCharacters } from 'node:util';
import { ensureBrowser } from './browser.ts';
import { buildApiTypes } from './build-api-types.ts';
import { buildContracts } from './build-contracts.ts';
import { buildWeb } from './build-web.ts';
import { StartError } from './config.ts';
import { runMain } from './main.ts';
import { ensureSoftHsm } from './softhsm.ts';

interface Count {
  passed: number;
  failed: number;
}

const root = resolve(import.meta.dirname, '..');
const reports = mkdtempSync(join(tmpdir(), 'tallystick-reports-'));
const require = createRequire(import.meta.url);

/** Failed tests with their messages, repeated at the end: whoever is shown only the end of the output sees what failed. */
const failures: string[] = [];

type Stage = (show: Show) => Promise<Count>;
type Show = (text: string) => void;

/** Shown in this order. */
const stages: Record<string, Stage> = {
  build,
  format: (show) => check(show, 'prettier', ['--check', '--log-level', 'warn', '.']),
  lint: async (show) =>
    sum(
      await check(show, 'eslint', ['.']),
      await check(show, 'dependency-cruiser', importers(), 'depcruise'),
    ),
  types: async (show) => sum(await check(show, 'typescript', ['--noEmit'], 'tsc'), await webTypes(show)),
  contracts: async (show) => sum(await hardhat(show, 'mocha'), await hardhat(show, 'solidity')),
  scenarios,
  services: (show) => {
    process.env['SOFTHSM'] = ensureSoftHsm();
    return vitest(show, 'services');
  },
  e2e: async (show) => {
    process.env['CHROMIUM'] = ensureBrowser();
    return vitest(show, 'e2e');
  },
};
/** What begins first. The contracts keep one processor busy and take longest beside the services, which wait half of their time. */
const ROUNDS: readonly (readonly string[])[] = [
  ['build'],
  ['contracts', 'scenarios', 'services', 'lint', 'types', 'format'],
  ['e2e'],
];
const AT_ONCE = 2;

const ok: Count = { passed: 1, failed: 0 };
const notOk: Count = { passed: 0, failed: 1 };
const sum = (...counts: Count[]): Count => ({
  passed: counts.reduce((total, { passed }) => total + passed, 0),
  failed: counts.reduce((total, { failed }) => total + failed, 0),
});

async function check(show: Show, packageName: string, args: string[], program = packageName): Promise<Count> {
  return (await run(show, packageName, args, program)).code === 0 ? ok : notOk;
}

const importers = (): string[] =>
  ['services', 'scripts', 'test', 'web/src'].filter((path) => existsSync(join(root, path)));

/** What the other stages need; quick when nothing changed. */
async function build(): Promise<Count> {
  await Promise.all([buildContracts(), buildApiTypes().then(buildWeb)]);
  return ok;
}

async function webTypes(show: Show): Promise<Count> {
  if (!existsSync(join(root, 'web/tsconfig.json'))) return { passed: 0, failed: 0 };
  return (await runProgram(show, 'npm', ['run', '--silent', 'check:web'])).code === 0 ? ok : notOk;
}

/** Mocha and the Solidity runner end with "12 passing", "3 failing". */
async function hardhat(show: Show, kind: 'mocha' | 'solidity'): Promise<Count> {
  const { code, output } = await run(show, 'hardhat', ['test', kind]);
  const number = (word: string): number =>
    Number(new RegExp(`^\\s*(\\d+) ${word}`, 'm').exec(output)?.[1] ?? 0);
  return counted({ passed: number('passing'), failed: number('failing') }, code);
}

async function vitest(show: Show, project: string): Promise<Count> {
  const report = join(reports, `${project}.json`);
  const args = [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const { code } = await run(show, 'vitest', args);
  if (!existsSync(report)) return notOk;
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(
    readFileSync(report, 'utf8'),
  ) as VitestReport;
  for (const { name, message, assertionResults } of testResults) {
    if (message) failures.push(`${relative(root, name)}: ${message}`);
    for (const { status, fullName, failureMessages } of assertionResults)
      if (status === 'failed')
        failures.push(`${relative(root, name)}: ${fullName}\n${failureMessages.join('\n')}`);
  }
  return counted({ passed: numPassedTests, failed: numFailedTests }, code);
}

/** What is read of Vitest's JSON report; `message` tells why a file failed as a whole. */
interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  testResults: {
    name: string;
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
}

/** The conformance scenarios of the project, and those of a folder `shared` beside it when there is one. */
async function scenarios(show: Show): Promise<Count> {
  const files = ['test/scenarios/*.json', '../shared/scenarios/*.json'].flatMap((pattern) =>
    globSync(pattern, { cwd: root }),
  );
  if (files.length === 0) return notOk;
  const { code, output } = await runNode(show, [join(root, 'scripts/scenario.ts'), ...files.sort()]);
  const passed = output.match(/"passed":\s*true/g)?.length ?? 0;
  return counted({ passed, failed: files.length - passed }, code);
}

/** A runner that fails without a failed test (a file that does not load, an error outside of any test) fails once. */
function counted({ passed, failed }: Count, code: number): Count {
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed };
}

type Outcome = { code: number; output: string };

function run(show: Show, packageName: string, args: string[], program = packageName): Promise<Outcome> {
  const manifest = findManifest(packageName);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: string | Record<string, string> };
  const entry = typeof bin === 'string' ? bin : (bin[program] ?? '');
  return runNode(show, [join(dirname(manifest), entry), ...args]);
}

function findManifest(packageName: string): string {
  const found = require.resolve
    .paths(packageName)
    ?.map((folder) => join(folder, packageName, 'package.json'))
    .find(existsSync);
  if (found === undefined) throw new StartError(`${packageName} is not installed`);
  return found;
}

const runNode = (show: Show, args: string[]): Promise<Outcome> => runProgram(show, process.execPath, args);

/** Shows the output as it comes and keeps a copy without colours. */
function runProgram(show: Show, program: string, args: string[]): Promise<Outcome> {
  const env = { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}) };
  const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const from of [child.stdout, child.stderr])
    from.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      show(text);
    });
  return new Promise((settle) =>
    child.once('close', (code) => settle({ code: code ?? 1, output: stripVTControlCharacters(output) })),
  );
}

async function runStage(name: string, show: Show): Promise<Count> {
  const startedAt = performance.now();
  show(`\n== ${name}\n`);
  const count = await stages[name]!(show).catch((error: unknown) => {
    show(`${error instanceof StartError ? error.message : inspect(error)}\n`);
    return notOk;
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  show(`== ${name}: ${count.passed} passed, ${count.failed} failed, ${seconds} s\n`);
  return count;
}

/** Runs stages of one round, some at once. What the first that is not over says is shown as it comes, that of the others after it. */
async function runRound(names: readonly string[], counts: Map<string, Count>): Promise<void> {
  const waiting = [...names];
  const shown = [...names];
  const kept = new Map<string, string>();
  const show = (name: string, text: string): void => {
    if (name === shown[0]) process.stdout.write(text);
    else kept.set(name, (kept.get(name) ?? '') + text);
  };
  const over = new Set<string>();
  const lane = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const running = name;
      counts.set(name, await runStage(name, (text) => show(running, text)));
      over.add(name);
      while (shown.length > 0 && over.has(shown[0]!)) {
        shown.shift();
        process.stdout.write(kept.get(shown[0] ?? '') ?? '');
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

await runMain(async () => {
  const chosen = process.argv.slice(2);
  const unknown = chosen.filter((name) => !(name in stages));
  if (unknown.length > 0)
    throw new StartError(`no stage "${unknown[0]}": choose of ${Object.keys(stages).join(', ')}`);
  const isWanted = (name: string): boolean => chosen.length === 0 || chosen.includes(name);
  const needsBuild = chosen.some((name) => name !== 'format');
  const counts = new Map<string, Count>();
  try {
    for (const round of ROUNDS) {
      const wanted = round.filter((name) => isWanted(name) || (name === 'build' && needsBuild));
      if (counts.get('build')?.failed) for (const name of wanted) counts.set(name, notOk);
      else await runRound(wanted, counts);
    }
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
  const total = sum(...counts.values());
  const failing = [...counts].filter(([, { failed }]) => failed > 0).map(([name]) => name);
  if (failing.length > 0) console.log(`\nfailed: ${failing.join(', ')}\n\n${failures.join('\n\n')}`);
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
});
