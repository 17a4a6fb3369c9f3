/** All services but the relayer, which the tests start and stop; its way to the chain can be cut. */
import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JsonRpcProvider, NonceManager, Wallet } from 'ethers';
import { pino } from 'pino';
import { start as startApi } from '#api/start.ts';
import { deploy } from '#chain/deploy.ts';
import type { Deployment } from '#chain/deployment.ts';
import { connect, type Database } from '#db/connect.ts';
import { migrate } from '#db/migrate.ts';
import { start as startIndexer } from '#indexer/start.ts';
import { start as startRelayer, type RelayerConfig } from '#relayer/start.ts';
import { Key } from '#scripts/client/key.ts';
import { Member } from '#scripts/client/member.ts';
import { Operator } from '#scripts/client/operator.ts';
import { startAnvil } from '#scripts/embedded/anvil.ts';
import { startTemporaryPostgres } from '#scripts/embedded/postgres.ts';
import type { Role } from '#domain/codes.ts';

export const KEYS = {
  deployer: `0x${'a1'.repeat(32)}`,
  operator: `0x${'a2'.repeat(32)}`,
  relayer: `0x${'a3'.repeat(32)}`,
};

export type Ground = {
  readonly apiUrl: string;
  readonly rpcUrl: string;
  readonly databaseUrl: string;
  readonly deployment: Deployment;
  readonly provider: JsonRpcProvider;
  /** As the owner of the database: sees everything. */
  readonly db: Database;
  relayer(more?: Partial<RelayerConfig>): Promise<{ close(): Promise<void> }>;
  admit(name: string, roles: readonly Role[]): Promise<Member>;
  close(): Promise<void>;
};

export async function prepareGround(): Promise<Ground> {
  const stack = new AsyncDisposableStack();
  const postgres = await startTemporaryPostgres();
  stack.defer(() => postgres.close());
  const anvil = await startAnvil();
  stack.defer(() => anvil.close());
  const provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1 });
  stack.defer(() => provider.destroy());
  await migrate(postgres.url);
  const deployer = new NonceManager(new Wallet(KEYS.deployer, provider));
  const deployment = await deploy(deployer, new Wallet(KEYS.operator).address);
  const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' });
  const common = { databaseUrl: postgres.url, rpcUrl: anvil.url, deployment, log };
  const indexer = await startIndexer(common);
  stack.defer(() => indexer.close());
  const keysDir = mkdtempSync(join(tmpdir(), 'tallystick-keys-'));
  stack.defer(() => rmSync(keysDir, { recursive: true }));
  const api = await startApi({
    ...common,
    host: '127.0.0.1',
    port: 0,
    demo: true,
    clock: 'chain',
    operatorKey: KEYS.operator,
    keysDir,
  });
  stack.defer(() => api.close());
  const db = connect(postgres.url, { max: 2 });
  stack.defer(() => db.destroy());
  return {
    apiUrl: api.url,
    rpcUrl: anvil.url,
    databaseUrl: postgres.url,
    deployment,
    provider,
    db,
    relayer: (more = {}) =>
      startRelayer({ ...common, relayerKey: KEYS.relayer, operatorKey: KEYS.operator, ...more }),
    admit: async (name, roles) => {
      const key = Key.fromSeed(name);
      const operator = await Operator.enter(api.url);
      const { x, y } = key;
      const number = await operator.admit({
        name: { zh: name, en: name },
        roles,
        signers: [{ type: 'p256', x, y }],
      });
      return Member.enter(api.url, number, key);
    },
    close: () => stack.disposeAsync(),
  };
}

export type Gate = {
  readonly url: string;
  /** Methods that are not let through, and how often each was asked for meanwhile. */
  readonly closed: Map<string, number>;
  close(): Promise<void>;
};

type Call = { id: number; method: string };

/** A way to the node on which single methods can be blocked, as a bad network would. */
export async function openGate(target: string): Promise<Gate> {
  const closed = new Map<string, number>();
  const server: Server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString();
      const parsed = JSON.parse(body) as Call | Call[];
      const blocked = [parsed].flat().filter(({ method }) => closed.has(method));
      for (const { method } of blocked) closed.set(method, closed.get(method)! + 1);
      if (blocked.length > 0) {
        response.writeHead(502).end();
        return;
      }
      const answer = await fetch(target, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    closed,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Waits until `look` says true. Ends with the test's own time limit. */
export async function until(look: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 20));
}
