/**
 * Processes that outlive us after a `kill -9`, and folders that belong to one process at a time. A process id alone
 * may have been given to a stranger since, so it is always kept together with the time at which the process was born.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProcessId {
  pid: number;
  born: string;
}

/** A program and its arguments. */
export type Command = [string, string[]];

/** Undefined if there is no such process (or only its zombie). */
export function identify(pid: number): ProcessId | undefined {
  const born = existsSync('/proc/self/stat') ? bornOnLinux(pid) : bornElsewhere(pid);
  return born === undefined ? undefined : { pid, born };
}

function bornOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before may hold blanks
    return fields[0] === 'Z' ? undefined : fields[19]; // clock ticks since boot
  } catch {
    return undefined;
  }
}

function bornElsewhere(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

export function isAlive(id: ProcessId): boolean {
  return identify(id.pid)?.born === id.born;
}

/** Asks a process to stop, and makes it stop after `patienceMs` milliseconds. */
export async function stop(id: ProcessId, signal: NodeJS.Signals, patienceMs = 15_000): Promise<void> {
  for (const [attempt, wait] of [
    [signal, patienceMs],
    ['SIGKILL', 5_000],
  ] as const) {
    if (isAlive(id)) process.kill(id.pid, attempt);
    for (let waited = 0; waited < wait && isAlive(id); waited += 20) await sleep(20);
    if (!isAlive(id)) return;
  }
  throw new Error(`process ${id.pid} does not stop`);
}

/** Replaces a small file in one step: a reader, and a start after a crash, sees the old text or the new one. */
export function writeFileAtomically(file: string, text: string | Uint8Array, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, text, { mode });
  renameSync(`${file}.new`, file);
}

export function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/**
 * Makes this process the only user of what `file` stands for, until `release` or its death.
 * Throws if another live process has it.
 */
export function claim(file: string, what: string): { release(): void } {
  const self = identify(process.pid);
  const mine = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(mine, JSON.stringify(self));
  try {
    while (!linked(mine, file)) {
      const holder = readJson<ProcessId>(file);
      if (holder !== undefined && isAlive(holder))
        throw new Error(`${what} is in use by process ${holder.pid}`);
      rmSync(file, { force: true }); // its process is dead
    }
  } finally {
    rmSync(mine);
  }
  return { release: () => rmSync(file, { force: true }) };
}

/** Unlike a rename, a link fails when somebody was there before. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/**
 * Command line under which a server of a test dies with the process that started it (Linux; elsewhere as it is).
 * Servers that keep data live on instead, so that the next start can ask them for what they know.
 */
export function dyingWithParent(program: string, args: string[]): Command {
  const setpriv = '/usr/bin/setpriv';
  return existsSync(setpriv) ? [setpriv, ['--pdeathsig', 'KILL', '--', program, ...args]] : [program, args];
}
