import { spawn, type ChildProcess } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identify } from '#embedded/processes.ts';

const root = resolve(import.meta.dirname, '../..');

type Said = { pid: number; node: string; args: string[] };

/** A product that says what it was given and, when asked to stop, takes its time to close. */
const product = `
  import { writeFileSync } from 'node:fs';
  import { stopSignal } from './stop-signal.ts';
  const [what, file] = process.argv.slice(2);
  if (what === 'exit') process.exit(7);
  const stopping = stopSignal();
  const alive = setInterval(() => {}, 1000);
  stopping.addEventListener('abort', () => setTimeout(() => { writeFileSync(file, 'closed'); clearInterval(alive); }, 300));
  console.log(JSON.stringify({ pid: process.pid, node: process.version, args: process.argv.slice(2) }));`;

describe('scripts/bootstrap.mjs', () => {
  let folder: string;
  let started: ChildProcess[];
  let commands: number[];

  beforeEach(() => {
    started = [];
    commands = [];
    folder = mkdtempSync(join(tmpdir(), 'tallystick-test-'));
    mkdirSync(join(folder, 'scripts'));
    for (const file of [
      'package.json',
      'package-lock.json',
      'scripts/bootstrap.mjs',
      'scripts/stop-signal.ts',
    ]) {
      copyFileSync(join(root, file), join(folder, file));
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'scripts/start.ts'), product);
  });
  afterEach(() => {
    for (const child of started) child.kill('SIGKILL');
    for (const pid of commands) if (identify(pid) !== undefined) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  function launch(program: string, args: string[]): ChildProcess {
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    started.push(child);
    return child;
  }
  const bootstrap = (...args: string[]): ChildProcess =>
    launch('node', [join(folder, 'scripts/bootstrap.mjs'), ...args]);
  const ended = (child: ChildProcess): Promise<unknown> =>
    new Promise((settle) => child.once('exit', (code, signal) => settle(signal ?? code)));
  const said = (child: ChildProcess): Promise<Said> =>
    new Promise((settle) =>
      child.stdout?.on('data', (text: Buffer) => {
        const line = text
          .toString()
          .split('\n')
          .find((each) => each.startsWith('{'));
        if (line === undefined) return;
        const answer = JSON.parse(line) as Said;
        commands.push(answer.pid);
        settle(answer);
      }),
    );
  async function untilGone(pid: number): Promise<void> {
    while (identify(pid) !== undefined) await sleep(20);
  }

  it('runs the command on the pinned Node, with its arguments and its exit code', async () => {
    const child = bootstrap('start', 'wait', join(folder, 'closed'));
    const { node, args } = await said(child);
    expect(node).toMatch(/^v24\./);
    expect(args).toEqual(['wait', join(folder, 'closed')]);
    expect(await ended(bootstrap('start', 'exit'))).toBe(7);
    expect(await ended(bootstrap('nonsense'))).toBe(1);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'passes %s on and waits until the command has closed',
    async (signal) => {
      const child = bootstrap('start', 'wait', join(folder, 'closed'));
      const { pid } = await said(child);
      child.kill(signal);
      expect(await ended(child)).toBe(0);
      expect(identify(pid)).toBeUndefined();
    },
  );

  it.each(['SIGINT', 'SIGTERM'] as const)('hears %s through npm', async (signal) => {
    const npm = launch('npm', ['start', '--silent', '--', 'wait', join(folder, 'closed')]);
    const { pid } = await said(npm);
    npm.kill(signal);
    await ended(npm);
    await untilGone(pid);
    expect(readFileSync(join(folder, 'closed'), 'utf8')).toBe('closed');
  });

  it('lets the command close when the bootstrap is killed', async () => {
    const child = bootstrap('start', 'wait', join(folder, 'closed'));
    const { pid } = await said(child);
    child.kill('SIGKILL');
    await untilGone(pid);
  });

  it('lets the command close when npm is killed', async () => {
    const npm = launch('npm', ['start', '--silent', '--', 'wait', join(folder, 'closed')]);
    const { pid } = await said(npm);
    npm.kill('SIGKILL');
    await untilGone(pid);
  });
});
