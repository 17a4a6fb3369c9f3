/** The product as `npm start` runs it: its own process, embedded database and chain, the demonstration network. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { inject } from 'vitest';
import { instantOf, type LegalDate } from '#domain/dates.ts';
import { rpc } from '#embedded/rpc.ts';
import { HANDS } from '../../fixtures/hands.ts';
import { findRunning } from '#scripts/infrastructure.ts';

export type Product = {
  readonly url: string;
  readonly dataDir: string;
  /** Of its chain. */
  readonly rpcUrl: string;
  /** What it has printed. */
  readonly output: readonly string[];
  /** Moves the clock of the chain to ten in the morning of a date. */
  moveTo(date: LegalDate): Promise<void>;
  close(): Promise<void>;
};

const root = resolve(import.meta.dirname, '../../..');

/** On a copy of the demonstration network that demo-network.ts made. */
export async function startProduct(): Promise<Product> {
  const dataDir = emptyDataDir();
  const made = inject('demoNetwork');
  // Owners too: the cluster belongs to the user that the database runs as.
  const { status, stderr } = spawnSync('cp', ['-a', `${made}/.`, dataDir], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the demonstration network could not be copied: ${stderr}`);
  const product = await startIn(dataDir);
  const close = async (): Promise<void> => {
    await product.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { ...product, close };
}

/** As an operator finds it after the first start: nobody is there, nothing was made. */
export async function startEmpty(settings: NodeJS.ProcessEnv = {}): Promise<Product> {
  const dataDir = emptyDataDir();
  const product = await startIn(dataDir, { DEMO: 'off', ...HANDS, ...settings });
  const close = async (): Promise<void> => {
    await product.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { ...product, close };
}

export function emptyDataDir(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'tallystick-e2e-'));
  chmodSync(dataDir, 0o755); // as root, the database runs as a user who has to come in
  return dataDir;
}

/** A product that is there is gone on with; in an empty folder a demonstration network is made. */
export async function startIn(dataDir: string, settings: NodeJS.ProcessEnv = {}): Promise<Product> {
  const env = {
    ...process.env,
    DATA_DIR: dataDir,
    PORT: '0',
    HOST: '127.0.0.1',
    DEMO: 'on',
    LOG_LEVEL: 'error',
    ...settings,
  };
  const child = spawn(process.execPath, [join(root, 'scripts/start.ts')], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  const close = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
  };
  createInterface({ input: child.stderr }).on('line', (line) => output.push(line));
  const url = await new Promise<string>((ready, fail) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      output.push(line);
      const found = /^Tallystick is ready: (\S+)$/.exec(line);
      if (found) ready(found[1]!.replace(/\/$/, ''));
    });
    void exited.then(() => fail(new Error(`the product did not start:\n${output.join('\n')}`)));
  }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const { rpcUrl } = findRunning(dataDir) ?? {};
  if (rpcUrl === undefined) throw new Error('the product runs, but does not say on which chain');
  return {
    url,
    dataDir,
    rpcUrl,
    output,
    close,
    moveTo: async (date) => {
      await rpc(rpcUrl, 'evm_setNextBlockTimestamp', instantOf(date) + 10 * 3_600);
      await rpc(rpcUrl, 'evm_mine');
    },
  };
}
