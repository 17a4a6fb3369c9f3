/** The database and the chain that everything runs on: ours, or those that the environment names. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { keepsSessions, objectionToPooler } from '#db/wire/sessions.ts';
import { reason, StartError, withoutPassword, type Config } from './config.ts';
import { startAnvil } from '../services/embedded/anvil.ts';
import { startPostgres } from '../services/embedded/postgres.ts';
import {
  identify,
  isAlive,
  readJson,
  writeFileAtomically,
  type ProcessId,
} from '../services/embedded/processes.ts';
import { firstNode } from './nodes.ts';

export interface Infrastructure {
  databaseUrl: string;
  /** One node of the chain, or several separated by commas. */
  rpcUrl: string;
  /** Settles with a sentence if an embedded part dies by itself. */
  failure: Promise<string>;
  close(): Promise<void>;
}

const oldestPostgres = 150_000;

/** Throws {@link StartError} if a part cannot be reached. `genesisTime`: of a new embedded chain, in seconds. */
export async function openInfrastructure(config: Config, genesisTime?: number): Promise<Infrastructure> {
  const stack = new AsyncDisposableStack();
  const failures: Promise<string>[] = [];
  let closing = false;
  const keep = async (
    what: string,
    starting: Promise<{ url: string; exited: Promise<void>; close(): Promise<void> }>,
  ) => {
    const part = await starting.catch((error: unknown) => {
      throw new StartError(`${what}: ${reason(error)}`, { cause: error });
    });
    stack.defer(() => part.close());
    failures.push(
      part.exited.then(() => (closing ? new Promise<never>(() => {}) : `${what} has stopped by itself`)),
    );
    return part.url;
  };
  const folder = (name: string): string => join(config.dataDir, name);
  try {
    if (config.databaseUrl !== undefined) await checkDatabase(config.databaseUrl);
    if (config.poolerUrl !== undefined) await checkPooler(config.poolerUrl, config.databaseUrl!);
    if (config.rpcUrl !== undefined) await firstNode(config.rpcUrl, (line) => console.log(line));
    const databaseUrl =
      config.databaseUrl ??
      (await keep('the embedded database', startPostgres({ dataDir: folder('postgres') })));
    const timestamp = genesisTime === undefined ? {} : { timestamp: genesisTime };
    const anvil = () => startAnvil({ stateFile: folder('chain/state.json'), ...timestamp });
    const rpcUrl = config.rpcUrl ?? (await keep('the embedded chain', anvil()));
    const close = async (): Promise<void> => {
      closing = true;
      await stack.disposeAsync();
    };
    return {
      databaseUrl,
      rpcUrl,
      failure: Promise.race(failures.length > 0 ? failures : [new Promise<never>(() => {})]),
      close,
    };
  } catch (error) {
    closing = true;
    await stack.disposeAsync();
    throw error;
  }
}

async function checkDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number }>(
      `select current_setting('server_version_num')::int as version`,
    );
    const version = rows[0]?.version ?? 0;
    if (version < oldestPostgres)
      throw new Error(`PostgreSQL ${Math.floor(version / 10_000)} is too old, 15 is needed`);
    if (!(await keepsSessions(url)))
      throw new Error(
        'leads through a pooler that shares connections: name the database itself, and the pooler as POOLER_URL',
      );
  } catch (error) {
    throw new StartError(`DATABASE_URL ${withoutPassword(url)}: ${reason(error)}`, { cause: error });
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function checkPooler(url: string, databaseUrl: string): Promise<void> {
  const objection = await objectionToPooler(url, databaseUrl).catch((error: unknown) => reason(error));
  if (objection !== undefined) throw new StartError(`POOLER_URL ${withoutPassword(url)}: ${objection}`);
}

/** What a running product tells other commands in the same data folder; holds a password, so only its owner reads it. */
export interface Running extends ProcessId {
  url: string;
  databaseUrl: string;
  rpcUrl: string;
}

const runningFile = (dataDir: string): string => join(dataDir, 'running.json');

export function announceRunning(dataDir: string, urls: Omit<Running, keyof ProcessId>): void {
  writeFileAtomically(runningFile(dataDir), JSON.stringify({ ...identify(process.pid), ...urls }), 0o600);
}

/** Takes back what this process announced. */
export function forgetRunning(dataDir: string): void {
  if (findRunning(dataDir)?.pid === process.pid) rmSync(runningFile(dataDir));
}

export function findRunning(dataDir: string): Running | undefined {
  const running = readJson<Running>(runningFile(dataDir));
  return running !== undefined && isAlive(running) ? running : undefined;
}

/** For commands that look at a product: uses the one that is running, or opens its database and chain for a while. */
export async function joinInfrastructure(config: Config): Promise<Infrastructure> {
  const running = findRunning(config.dataDir);
  if (running === undefined) return openInfrastructure(config);
  const { databaseUrl, rpcUrl } = running;
  return { databaseUrl, rpcUrl, failure: new Promise<never>(() => {}), close: () => Promise.resolve() };
}
