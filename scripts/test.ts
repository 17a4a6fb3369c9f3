/**
 * Everything that must hold before a change goes in, stage by stage. Each stage shows its own output, a failing stage
 * does not hide the later ones, and the last line counts tests (a stage without tests of its own counts as one).
 *
 *   npm test                          all stages
 *   npm test -- lint services         some
 */
import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ensureBrowser } from './browser.ts';
import { buildApiTypes } from './build-api-types.ts';
import { buildContracts } from './build-contracts.ts';
import { buildWeb } from './build-web.ts';
import { StartError } from './config.ts';
import { runMain } from './main.ts';

interface Count {
  passed: number;
  failed: number;
}

const root = resolve(import.meta.dirname, '..');
const reports = mkdtempSync(join(tmpdir(), 'tallystick-reports-'));
const require = createRequire(import.meta.url);

/** In this order. */
const stages: Record<string, () => Promise<Count>> = {
  format: () => check('prettier', ['--check', '--log-level', 'warn', '.']),
  build: () => Promise.resolve(ok), // done before each stage that needs it
  lint: async () =>
    sum(await check('eslint', ['.']), await check('dependency-cruiser', importers(), 'depcruise')),
  types: async () => sum(await check('typescript', ['--noEmit'], 'tsc'), await webTypes()),
  contracts: async () => sum(await hardhat('mocha'), await hardhat('solidity')),
  services: () => vitest('services'),
  scenarios,
  e2e: async () => {
    process.env['CHROMIUM'] = ensureBrowser();
    return vitest('e2e');
  },
};

const ok: Count = { passed: 1, failed: 0 };
const notOk: Count = { passed: 0, failed: 1 };
const sum = (...counts: Count[]): Count => ({
  passed: counts.reduce((total, { passed }) => total + passed, 0),
  failed: counts.reduce((total, { failed }) => total + failed, 0),
});

async function check(packageName: string, args: string[], program = packageName): Promise<Count> {
  return (await run(packageName, args, program)).code === 0 ? ok : notOk;
}

const importers = (): string[] =>
  ['services', 'scripts', 'test', 'web/src'].filter((path) => existsSync(join(root, path)));

/** What the stages after it need; quick when nothing changed. */
async function build(): Promise<void> {
  await buildContracts();
  await buildApiTypes();
  await buildWeb();
}

async function webTypes(): Promise<Count> {
  if (!existsSync(join(root, 'web/tsconfig.json'))) return { passed: 0, failed: 0 };
  return (await runProgram('npm', ['run', '--silent', 'check:web'])).code === 0 ? ok : notOk;
}

/** Mocha and the Solidity runner end with "12 passing", "3 failing". */
async function hardhat(kind: 'mocha' | 'solidity'): Promise<Count> {
  const { code, output } = await run('hardhat', ['test', kind]);
  const number = (word: string): number =>
    Number(new RegExp(`^\\s*(\\d+) ${word}`, 'm').exec(output)?.[1] ?? 0);
  return counted({ passed: number('passing'), failed: number('failing') }, code);
}

async function vitest(project: string): Promise<Count> {
  const report = join(reports, `${project}.json`);
  const args = [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const { code } = await run('vitest', args);
  if (!existsSync(report)) return notOk;
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8')) as Record<
    string,
    number
  >;
  return counted({ passed: numPassedTests ?? 0, failed: numFailedTests ?? 0 }, code);
}

/** The conformance scenarios of the project, and those of a folder `shared` beside it when there is one. */
async function scenarios(): Promise<Count> {
  const files = ['test/scenarios/*.json', '../shared/scenarios/*.json'].flatMap((pattern) =>
    globSync(pattern, { cwd: root }),
  );
  if (files.length === 0) return notOk;
  const { code, output } = await runNode([join(root, 'scripts/scenario.ts'), ...files.sort()]);
  const passed = output.match(/"passed":\s*true/g)?.length ?? 0;
  return counted({ passed, failed: files.length - passed }, code);
}

/** A runner that fails without a failed test (a file that does not load, an error outside of any test) fails once. */
function counted({ passed, failed }: Count, code: number): Count {
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed };
}

type Outcome = { code: number; output: string };

function run(packageName: string, args: string[], program = packageName): Promise<Outcome> {
  const manifest = findManifest(packageName);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: string | Record<string, string> };
  const entry = typeof bin === 'string' ? bin : (bin[program] ?? '');
  return runNode([join(dirname(manifest), entry), ...args]);
}

function findManifest(packageName: string): string {
  const found = require.resolve
    .paths(packageName)
    ?.map((folder) => join(folder, packageName, 'package.json'))
    .find(existsSync);
  if (found === undefined) throw new StartError(`${packageName} is not installed`);
  return found;
}

const runNode = (args: string[]): Promise<Outcome> => runProgram(process.execPath, args);

/** Shows the output as it comes and keeps a copy without colours. */
function runProgram(program: string, args: string[]): Promise<Outcome> {
  const env = { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}) };
  const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    from.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      to.write(chunk);
    });
  }
  return new Promise((settle) =>
    child.once('close', (code) => settle({ code: code ?? 1, output: stripVTControlCharacters(output) })),
  );
}

async function attempt(stage: () => Promise<Count>, needsBuild: boolean): Promise<Count> {
  if (needsBuild) await build();
  return stage();
}

async function runStage(name: string, stage: () => Promise<Count>): Promise<Count> {
  const startedAt = performance.now();
  console.log(`\n== ${name}`);
  const needsBuild = name !== 'format';
  const count = await attempt(stage, needsBuild).catch((error: unknown) => {
    console.error(error instanceof StartError ? error.message : error);
    return notOk;
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`== ${name}: ${count.passed} passed, ${count.failed} failed, ${seconds} s`);
  return count;
}

await runMain(async () => {
  const chosen = process.argv.slice(2);
  const unknown = chosen.filter((name) => !(name in stages));
  if (unknown.length > 0)
    throw new StartError(`no stage "${unknown[0]}": choose of ${Object.keys(stages).join(', ')}`);
  const counts: [string, Count][] = [];
  try {
    for (const [name, stage] of Object.entries(stages)) {
      if (chosen.length === 0 || chosen.includes(name)) counts.push([name, await runStage(name, stage)]);
    }
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
  const total = sum(...counts.map(([, count]) => count));
  const failing = counts.filter(([, { failed }]) => failed > 0).map(([name]) => name);
  if (failing.length > 0) console.log(`\nfailed: ${failing.join(', ')}`);
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
});
