import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, startPostgres, startTemporaryPostgres } from '#embedded/postgres.ts';
import { forgetCluster } from '#embedded/postgres-binaries.ts';
import { identify } from '#embedded/processes.ts';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // a server that is stopped ends its connections
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('startPostgres', () => {
  let dataDir: string;
  let keeper: ChildProcess | undefined;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'tallystick-test-'));
  });
  afterEach(() => {
    keeper?.kill('SIGKILL');
    keeper = undefined;
    forgetCluster(dataDir);
    forgetCluster(join(dataDir, 'inner'));
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function startInAnotherProcess(): Promise<{ url: string; pid: number }> {
    const program = `
      import { startPostgres } from '#embedded/postgres.ts';
      const { url, pid } = await startPostgres({ dataDir: ${JSON.stringify(dataDir)} });
      console.log(JSON.stringify({ url, pid }));
      setInterval(() => {}, 1000);`;
    keeper = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return new Promise((resolve) =>
      keeper?.stdout?.once('data', (line: Buffer) =>
        resolve(JSON.parse(line.toString()) as { url: string; pid: number }),
      ),
    );
  }

  async function killKeeper(): Promise<void> {
    const gone = new Promise((resolve) => keeper?.once('exit', resolve));
    keeper?.kill('SIGKILL');
    await gone;
  }

  it('keeps its data from one run to the next', async () => {
    const first = await startPostgres({ dataDir });
    await query(first.url, 'create table kept as select 1 as value');
    await first.close();
    expect(identify(first.pid)).toBeUndefined();
    const second = await startPostgres({ dataDir });
    expect(await query(second.url, 'select value from kept')).toEqual([{ value: 1 }]);
    await second.close();
  });

  it('stops the server of a killed run and opens its data again', async () => {
    const orphan = await startInAnotherProcess();
    await query(orphan.url, 'create table kept as select 1 as value');
    await killKeeper();
    expect(identify(orphan.pid)).toBeDefined();

    const next = await startPostgres({ dataDir });
    expect(identify(orphan.pid)).toBeUndefined();
    expect(await query(next.url, 'select value from kept')).toEqual([{ value: 1 }]);
    await next.close();
  });

  it('recovers when the server was killed too, with its mark left behind', async () => {
    const server = await startInAnotherProcess();
    await query(server.url, 'create table kept as select 1 as value');
    await killKeeper();
    process.kill(server.pid, 'SIGKILL');
    while (identify(server.pid) !== undefined) await new Promise((resolve) => setTimeout(resolve, 10));

    const next = await startPostgres({ dataDir });
    expect(await query(next.url, 'select value from kept')).toEqual([{ value: 1 }]);
    await next.close();
  });

  it('never opens a second server on the data of a live run', async () => {
    const server = await startInAnotherProcess();
    await expect(startPostgres({ dataDir })).rejects.toThrow(`is in use by process ${keeper?.pid}`);
    expect(await query(server.url, 'select 1 as value')).toEqual([{ value: 1 }]);
    await killKeeper();
    await (await startPostgres({ dataDir })).close();
  });

  it('works in a folder that only we may enter', async () => {
    chmodSync(dataDir, 0o700);
    const server = await startPostgres({ dataDir: join(dataDir, 'inner') });
    expect(await query(server.url, 'select 1 as value')).toEqual([{ value: 1 }]);
    await server.close();
  });
});

const foldersLeft = (): string[] =>
  existsSync('/var/lib/tallystick/clusters') ? readdirSync('/var/lib/tallystick/clusters') : [];

describe('startTemporaryPostgres', () => {
  it('gives each test file a database of its own and leaves nothing', async () => {
    const before = foldersLeft();
    const server = await startTemporaryPostgres();
    const [one, two] = [await createDatabase(server.url), await createDatabase(server.url)];
    await query(one, 'create table here (value int)');
    expect(await query(two, `select to_regclass('here') as found`)).toEqual([{ found: null }]);
    await server.close();
    expect(identify(server.pid)).toBeUndefined();
    expect(foldersLeft()).toEqual(before);
  });
});
