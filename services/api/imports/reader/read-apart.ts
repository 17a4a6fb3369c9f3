/** Reads a file in a process of its own, which is ended when it takes more than a file may: nobody else waits for it. */
import { fork, type ChildProcess } from 'node:child_process';
import { readFile as readText } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { ImportedRow } from '#domain/imports/payables.ts';
import { Problem } from '#domain/problems.ts';
import type { Books } from '../books.ts';
import { READING } from '../files/limits.ts';
import type { Given, Reading } from '../read.ts';
import type { Asked, Said } from './main.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const MB = 1024 * 1024;
/** How often it is looked at what the process has used (ms). */
const LOOK = 100;
/** Of what a process says when it breaks, this much goes into the log. */
const LAST_WORDS = 4_000;

type File = { readonly content: Uint8Array; readonly given: Given; readonly books: Books };
type Options = { readonly log?: Logger | undefined; readonly limits?: typeof READING | undefined };

/** `take` gets all rows in order. Throws what FILE_PROBLEMS names; FILE_NOT_READ where the process had to be ended. */
export async function readApart(
  { content, given, books }: File,
  take: (rows: readonly ImportedRow[]) => Promise<void> | void,
  { log, limits = READING }: Options = {},
): Promise<Reading> {
  const reader = new Reader(limits);
  try {
    reader.begin(content, { given, books });
    for (;;) {
      const said = await reader.hear();
      if ('reading' in said) return said.reading;
      if ('problem' in said) throw new Problem(said.problem.code, said.problem.detail);
      if ('failure' in said) throw notRead(said.failure);
      reader.goOn(); // it reads the next while these are kept
      await take(said.rows);
    }
  } catch (error) {
    if (error instanceof Problem && error.code === 'FILE_NOT_READ')
      log?.warn({ reason: error.cause, member: books.member, bytes: content.length }, 'a file was not read');
    throw error;
  } finally {
    reader.end();
  }
}

class Reader {
  readonly #limits: typeof READING;
  readonly #process: ChildProcess;
  /** The next that it says, heard or not: one at most, because it waits until it is told to go on. */
  #said = Promise.withResolvers<Said>();
  #failure: Problem | undefined;
  #lastWords = '';
  #reason: string | undefined;
  /** Milliseconds for which we may still wait for it. */
  #left: number;

  constructor(limits: typeof READING) {
    this.#limits = limits;
    this.#left = limits.seconds * 1_000;
    // Nothing of ours is in its environment: neither addresses nor keys.
    const child = fork(MAIN, {
      execArgv: [`--max-old-space-size=${Math.floor(limits.heap / MB)}`],
      env: { TZ: 'UTC' },
      serialization: 'advanced',
      stdio: ['pipe', 'ignore', 'pipe', 'ipc'],
    });
    this.#process = child;
    child.on('message', (said: Said) => this.#said.resolve(said));
    child.stdin!.on('error', () => {}); // it ended before it had the whole file: that is said below
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = `${this.#lastWords}${text}`.slice(-LAST_WORDS);
    });
    const ended = (error?: Error) => {
      this.#failure ??= notRead(this.#reason ?? error?.message ?? `it ended by itself: ${this.#lastWords}`);
      this.#fail(this.#failure);
    };
    child.once('error', ended).once('disconnect', () => ended());
  }

  begin(content: Uint8Array, asked: Asked): void {
    const { pid, stdin } = this.#process;
    if (pid === undefined) return; // could not be started: `error` says why
    lowerPriority(pid);
    this.#process.send(asked, () => {});
    stdin!.end(content);
  }

  /** The next that it says. It is in time only while we wait for it: what we do with its rows is not its fault. */
  async hear(): Promise<Said> {
    const began = performance.now();
    const timer = setTimeout(
      () => this.end(`longer than ${this.#limits.seconds} s`),
      Math.max(0, this.#left),
    );
    const watch = setInterval(() => void this.#look(), LOOK);
    try {
      return await this.#said.promise;
    } finally {
      clearTimeout(timer);
      clearInterval(watch);
      this.#left -= performance.now() - began;
    }
  }

  goOn(): void {
    this.#said = Promise.withResolvers();
    if (this.#failure !== undefined) this.#fail(this.#failure);
    else this.#process.send('next', () => {});
  }

  #fail(failure: Problem): void {
    this.#said.promise.catch(() => {}); // heard when it is waited for
    this.#said.reject(failure);
  }

  end(reason?: string): void {
    this.#reason ??= reason;
    this.#process.kill('SIGKILL');
  }

  async #look(): Promise<void> {
    const { memory, cpuSeconds } = this.#limits;
    const used = await usedBy(this.#process.pid);
    if (used === undefined) return;
    if (used.memory > memory) this.end(`${Math.floor(used.memory / MB)} MB of memory`);
    if (used.cpuSeconds > cpuSeconds) this.end(`${used.cpuSeconds} s of a processor`);
  }
}

/** What Linux knows of a process; elsewhere the bounds of heap and time have to do. */
async function usedBy(pid: number | undefined): Promise<{ memory: number; cpuSeconds: number } | undefined> {
  try {
    const read = (name: string) => readText(`/proc/${pid}/${name}`, 'utf8');
    const [status, stat] = await Promise.all([read('status'), read('stat')]);
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    return {
      memory: Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024,
      cpuSeconds: (Number(user) + Number(system)) / 100, // the kernel counts to users in hundredths
    };
  } catch {
    return undefined;
  }
}

/** Requests of everybody go before a file of one. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Already gone, or not allowed here: it is bounded all the same.
  }
}

function notRead(reason: string): Problem {
  const problem = new Problem('FILE_NOT_READ', {
    zh: `读取这个文件所需的时间或内存超过上限（${READING.cpuSeconds} 秒、${READING.memory / MB} MB），已停止；请分成几个文件，或重新导出后再导入`,
    en: `Reading the file took more time or memory than a file may (${READING.cpuSeconds} s, ${READING.memory / MB} MB) and was stopped; split it up, or export it again and import that`,
  });
  problem.cause = reason;
  return problem;
}
