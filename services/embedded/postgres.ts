/**
 * PostgreSQL of our own, for one machine and for tests.
 *
 * The server is a process group of its own, so that Ctrl-C reaches only us and we stop it in our order. After a
 * `kill -9` it lives on without us; the next start finds it by postmaster.pid, makes sure that it is that server and no
 * stranger with its number, and stops it by its own id before a new one opens the same data.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { clusterFolder, databaseUser, programs } from './postgres-binaries.ts';
import type { User } from './postgres-binaries.ts';
import { claim, dyingWithParent, freePort, identify, stop } from './processes.ts';
import type { Command, ProcessId } from './processes.ts';

export interface Postgres {
  /** Of the database `tallystick`; its role owns everything. */
  url: string;
  pid: number;
  /** Settles when the server is gone, wanted or not. */
  exited: Promise<void>;
  close(): Promise<void>;
}

interface Options {
  /** Ours alone; holds the cluster, its password and its log. */
  dataDir: string;
  port?: number;
  /** For tests: faster, lost in a power failure, and dies with us. */
  temporary?: boolean;
}

const role = 'tallystick';

export async function startPostgres({ dataDir, port, temporary = false }: Options): Promise<Postgres> {
  mkdirSync(dataDir, { recursive: true });
  const { release } = claim(join(dataDir, 'owner.json'), `the database in ${dataDir}`);
  try {
    const user = databaseUser();
    const { initdb, postgres } = programs(user);
    const cluster = clusterFolder(dataDir, user);
    const password = passwordOf(dataDir);
    await stopOrphan(cluster);
    const initialised = join(dataDir, 'initialised');
    if (!existsSync(initialised)) {
      initialise(initdb, cluster, password, user);
      writeFileSync(initialised, '');
    }
    const chosenPort = port ?? (await freePort());
    const args = ['-D', cluster, ...settings(chosenPort, temporary)];
    const command: Command = temporary ? dyingWithParent(postgres, args) : [postgres, args];
    const server = launch(command, dataDir, user);
    const base = `postgres://${role}:${password}@127.0.0.1:${chosenPort}`;
    await untilReady(`${base}/postgres`, server, dataDir);
    await createDatabaseIfMissing(`${base}/postgres`, role);
    return {
      url: `${base}/${role}`,
      pid: server.id.pid,
      exited: server.exited,
      close: async () => {
        await stop(server.id, 'SIGINT'); // PostgreSQL's "fast" shutdown: no waiting for clients, nothing lost
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** A cluster in a temporary folder that goes with it. */
export async function startTemporaryPostgres(): Promise<Postgres> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tallystick-postgres-'));
  chmodSync(dataDir, 0o755); // the user that PostgreSQL runs as passes through
  const server = await startPostgres({ dataDir, temporary: true });
  const close = async (): Promise<void> => {
    await server.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { ...server, close };
}

/** An empty database on the server of `url`; returns its URL. One for each test file keeps them apart. */
export async function createDatabase(
  url: string,
  name = `t_${randomBytes(8).toString('hex')}`,
): Promise<string> {
  await createDatabaseIfMissing(url, name);
  const made = new URL(url);
  made.pathname = `/${name}`;
  return made.href;
}

async function createDatabaseIfMissing(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

function settings(port: number, temporary: boolean): string[] {
  const values: Record<string, string | number> = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    max_connections: 100,
    shared_buffers: temporary ? '64MB' : '256MB',
    ...(temporary ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

function passwordOf(dataDir: string): string {
  const file = join(dataDir, 'password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

function initialise(initdb: string, cluster: string, password: string, user: User | undefined): void {
  rmSync(cluster, { recursive: true, force: true }); // what a run that was killed in the middle left
  mkdirSync(cluster, { mode: 0o700 });
  const secrets = mkdtempSync(join(tmpdir(), 'tallystick-initdb-'));
  const passwordFile = join(secrets, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user !== undefined)
    for (const path of [cluster, secrets, passwordFile]) chownSync(path, user.uid, user.gid);
  const flags = [
    '-E',
    'UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ];
  const args = [
    '-D',
    cluster,
    '-U',
    role,
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    ...flags,
    '--no-sync',
  ];
  const run = spawnSync(initdb, args, { ...user, cwd: '/', encoding: 'utf8' });
  rmSync(secrets, { recursive: true });
  if (run.status !== 0) throw new Error(`initdb failed: ${run.stderr?.trim() || run.error?.message}`);
}

interface Server {
  id: ProcessId;
  exited: Promise<void>;
}

function launch([program, args]: Command, dataDir: string, user: User | undefined): Server {
  const log = openSync(join(dataDir, 'log'), 'a');
  const child = spawn(program, args, { ...user, cwd: '/', detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.unref();
  const exited = new Promise<void>((resolve) =>
    child.once('exit', () => resolve()).once('error', () => resolve()),
  );
  const id = child.pid === undefined ? undefined : identify(child.pid);
  if (id === undefined) throw new Error('PostgreSQL did not start');
  return { id, exited };
}

async function untilReady(url: string, server: Server, dataDir: string): Promise<void> {
  let gone = false;
  void server.exited.then(() => (gone = true));
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (gone)
        throw new Error(`PostgreSQL did not start: ${lastLine(join(dataDir, 'log'))}`, { cause: error });
    }
    await sleep(25); // starting, or recovering after a crash, which takes as long as it takes
  }
}

function lastLine(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '';
}

/** Stops the server that a killed run left behind; removes the mark of one that is gone. */
async function stopOrphan(cluster: string): Promise<void> {
  const mark = join(cluster, 'postmaster.pid');
  if (!existsSync(mark)) return;
  const id = identify(Number(readFileSync(mark, 'utf8').split('\n')[0]));
  if (id !== undefined && isServerOf(cluster, id.pid)) await stop(id, 'SIGINT');
  rmSync(mark, { force: true });
}

function isServerOf(cluster: string, pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster); // the server's working folder is its cluster
  } catch {
    return (
      spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.includes(cluster) ??
      false
    );
  }
}
