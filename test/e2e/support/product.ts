/** The product as `npm start` runs it: its own process, embedded database and chain, the demonstration network. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { instantOf, type LegalDate } from '#domain/dates.ts';
import { rpc } from '#embedded/rpc.ts';
import { findRunning } from '#scripts/infrastructure.ts';

export type Product = {
  readonly url: string;
  /** Moves the clock of the chain to ten in the morning of a date. */
  moveTo(date: LegalDate): Promise<void>;
  close(): Promise<void>;
};

const root = resolve(import.meta.dirname, '../../..');

export async function startProduct(): Promise<Product> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tallystick-e2e-'));
  chmodSync(dataDir, 0o755); // as root, the database runs as a user who has to come in
  const env = {
    ...process.env,
    DATA_DIR: dataDir,
    PORT: '0',
    HOST: '127.0.0.1',
    DEMO: 'on',
    LOG_LEVEL: 'error',
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
    rmSync(dataDir, { recursive: true, force: true });
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
    close,
    moveTo: async (date) => {
      await rpc(rpcUrl, 'evm_setNextBlockTimestamp', instantOf(date) + 10 * 3_600);
      await rpc(rpcUrl, 'evm_mine');
    },
  };
}
