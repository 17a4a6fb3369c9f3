/** The processes of the benchmark of the API's reads, what they spend, and what is asked of them. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import autocannon from 'autocannon';
import type pg from 'pg';

const CONNECTIONS = 10;
const WARM_UP = 1;

/** One of the different requests that a read consists of. */
export type Asked = { readonly path: string; readonly headers: Record<string, string> };

export type Server = { readonly url: string; cpuSeconds(): Promise<number> };

export async function launch(stack: AsyncDisposableStack, ...args: string[]): Promise<Server> {
  const profile = process.env['BENCH_PROFILE'];
  const execArgv =
    profile === undefined || args[0] === 'bare' ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const child: ChildProcess = fork(join(import.meta.dirname, 'api-child.ts'), args, { execArgv });
  stack.defer(async () => {
    const gone = once(child, 'exit');
    child.disconnect();
    await gone;
  });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return {
    url,
    cpuSeconds: async () => {
      child.send('cpu');
      const [{ user, system }] = (await once(child, 'message')) as [NodeJS.CpuUsage];
      return (user + system) / 1e6;
    },
  };
}

/** Processor time of all of PostgreSQL so far (seconds), as Linux counts it. */
export async function openPostgresClock(owner: pg.Pool): Promise<() => number> {
  const { rows } = await owner.query<{ pid: number }>('select pg_backend_pid() as pid');
  const server = Number(statOf(rows[0]!.pid)[1]);
  return () => {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const backends = pids.map(statOf).filter(([, parent]) => Number(parent) === server);
    const ticks = backends.reduce((sum, [, , user, system]) => sum + Number(user) + Number(system), 0);
    const [, , user, system, childrenUser, childrenSystem] = statOf(server).map(Number);
    return (ticks + user! + system! + childrenUser! + childrenSystem!) / TICKS;
  };
}

const TICKS = 100;

/** State, parent, and ticks: its own (user, system) and of its children that have ended. */
function statOf(pid: number | string): string[] {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return [fields[0]!, fields[1]!, ...fields.slice(11, 15)];
  } catch {
    return []; // it has just ended
  }
}

export type Measured = {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds of processor for one request: of the server, and of PostgreSQL. */
  readonly cpuMs: number;
  readonly pgMs: number;
};

/** All the requests in turn on each connection, each beginning elsewhere. */
export async function load(
  server: Server,
  requests: readonly Asked[],
  duration: number,
  pgSeconds: () => number,
): Promise<Measured> {
  const run = (seconds: number) => {
    let client = 0;
    return autocannon({
      url: server.url,
      connections: CONNECTIONS,
      duration: seconds,
      setupClient: (each) => {
        const from = Math.floor((client++ * requests.length) / CONNECTIONS) % requests.length;
        each.setRequests([...requests.slice(from), ...requests.slice(0, from)].map((one) => ({ ...one })));
      },
    });
  };
  await run(WARM_UP);
  const before = [await server.cpuSeconds(), pgSeconds()] as const;
  const { latency, requests: answered, non2xx, errors } = await run(duration);
  const after = [await server.cpuSeconds(), pgSeconds()] as const;
  if (non2xx > 0 || errors > 0) throw new Error(`${server.url}: ${non2xx} refused, ${errors} failed`);
  const [cpuMs, pgMs] = after.map((seconds, n) => ((seconds - before[n]!) * 1_000) / answered.total);
  return {
    perSecond: Math.round(answered.average),
    p50: latency.p50,
    p99: latency.p99,
    cpuMs: round(cpuMs!),
    pgMs: round(pgMs!),
  };
}

export const round = (ratio: number): number => Math.round(ratio * 100) / 100;
