/** Runs docs/guide/integrators.md as a reader would: block after block in one shell, against a real network. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '#domain/dates.ts';
import { startTemporaryPostgres, type Postgres } from '#embedded/postgres.ts';
import { openFreshNetwork, type FreshNetwork } from '#scripts/fresh-network.ts';
import { TODAY } from '../fixtures/network.ts';
import { blocksOf, checking, withFiles, type Block } from './support/guide.ts';

const root = resolve(import.meta.dirname, '../..');
const guide = readFileSync(join(root, 'docs/guide/integrators.md'), 'utf8');
const isLast = ({ note }: Block): boolean => note.includes('on the due date');

/** State of the shell between two runs: the second goes on where the first ended. */
const keep = `\nset +eu; declare -p | grep -vE '^declare -[a-zA-Z]*r' > state.sh; declare -f >> state.sh; pwd > "$HOME/where"\n`;
const resume = `cd "$(cat "$HOME/where")"; source state.sh 2> state.log\n`;

describe('the integrator’s guide', () => {
  let postgres: Postgres;
  let network: FreshNetwork;
  let home: string;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'tallystick-guide-'));
    postgres = await startTemporaryPostgres();
    network = await openFreshNetwork(postgres, TODAY);
  });
  afterAll(async () => {
    await network?.close();
    await postgres?.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** Runs a script in the shell of the guide; answers with everything that did not come out as the guide says. */
  async function play(script: string): Promise<string> {
    const file = join(home, 'guide.sh');
    writeFileSync(file, `set -euo pipefail\n${script.replaceAll('http://127.0.0.1:8080', network.apiUrl)}`);
    const env = { ...process.env, HOME: home, TMPDIR: home, npm_config_cache: join(home, 'npm') };
    const run = await promisify(execFile)('bash', [file], { cwd: root, env, encoding: 'utf8' }).catch(
      (error: { stdout: string; stderr: string }) => {
        throw new Error(`the guide ends with:\n${error.stdout.slice(-2_000)}\n${error.stderr.slice(-2_000)}`);
      },
    );
    return run.stdout;
  }

  it('leads from nothing to a paid bill, and says what every command answers', async () => {
    const blocks = blocksOf(guide);
    expect(blocks.length).toBeGreaterThan(18);
    const before = blocks.filter((block) => !isLast(block));
    const output = await play(before.map(withFiles).map(checking).join('\n') + keep);
    expect(output).toContain('gets 29850.00, interest 150.00'); // 30,000.00 at 3 % for 60 days
    await network.moveTo(addDays(TODAY, 90));
    await play(resume + blocks.filter(isLast).map(checking).join('\n'));
    expect(await network.verify()).toEqual([]);
  }, 300_000);

  it('shows code that its types allow', async () => {
    const folder = readdirSync(home).find((name) => name.startsWith('tmp.'))!;
    const files = readdirSync(join(home, folder)).filter((name) => name.endsWith('.ts'));
    expect(files.sort()).toEqual(['bill.ts', 'events.ts', 'own-key.ts']);
    const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
    const strict = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes'];
    const run = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/typescript/bin/tsc'),
        ...['--noEmit', '--module', 'nodenext', '--target', 'es2024', '--ignoreConfig', ...types, ...strict],
        ...files,
      ],
      { cwd: join(home, folder), encoding: 'utf8' },
    );
    expect(run.stdout).toBe('');
    expect(run.status).toBe(0);
  });
});
