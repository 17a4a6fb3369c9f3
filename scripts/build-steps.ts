import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { claim } from '../services/embedded/processes.ts';

const root = resolve(import.meta.dirname, '..');

/** Runs one build of a kind at a time in this work tree; others wait for it, and find its result when they look again. */
export async function exclusively<T>(kind: string, build: () => Promise<T>): Promise<T> {
  for (;;) {
    const lock = tryClaim(join(root, 'node_modules/.cache/tallystick', `${kind}.json`));
    if (lock === undefined) {
      await sleep(100);
      continue;
    }
    try {
      return await build();
    } finally {
      lock.release();
    }
  }
}

function tryClaim(file: string): { release(): void } | undefined {
  try {
    return claim(file, file);
  } catch {
    return undefined;
  }
}

/** Runs a program in the root of the work tree. What it says on stderr is for whoever wants to show it. */
export function runQuietly(program: string, args: string[]): Promise<{ code: number; stderr: string }> {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  return new Promise((settle, fail) => {
    child.once('error', fail);
    child.once('close', (code) => settle({ code: code ?? 1, stderr }));
  });
}
