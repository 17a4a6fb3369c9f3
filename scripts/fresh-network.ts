/** A chain, a database and the services on them for one play: nothing of it outlives `close`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { JsonRpcProvider, Network, NonceManager, Wallet, id } from 'ethers';
import { pino } from 'pino';
import { start as startApi } from '#api/start.ts';
import { contractsOf, type Contracts } from '#chain/contracts.ts';
import { deploy } from '#chain/deploy.ts';
import { oneHand } from '#chain/governance.ts';
import { migrate } from '#db/migrate.ts';
import { instantOf, legalDateOf, type LegalDate } from '#domain/dates.ts';
import { start as startIndexer } from '#indexer/start.ts';
import { verify } from '#indexer/verify.ts';
import { start as startRelayer } from '#relayer/start.ts';
import { Http } from '#client/http.ts';
import { startAnvil } from './embedded/anvil.ts';
import { createDatabase, type Postgres } from './embedded/postgres.ts';
import { blockNumber, rpc } from './embedded/rpc.ts';

const CHAIN_ID = 31337;
/** Keys of a chain that nobody else ever sees. */
const keyOf = (what: string): string => id(`tallystick fresh network: ${what}`);

export type FreshNetwork = {
  readonly apiUrl: string;
  readonly contracts: Contracts;
  today(): Promise<LegalDate>;
  /** Moves the chain's clock to the start of a later date; stands still on the same. */
  moveTo(date: LegalDate): Promise<void>;
  /** Settles when the read model has every block there is. */
  caughtUp(): Promise<void>;
  /** How the read model differs from the chain, bill by bill. */
  verify(): Promise<string[]>;
  close(): Promise<void>;
};

/** The clock of the chain begins with the date `today`. */
export async function openFreshNetwork(postgres: Postgres, today: LegalDate): Promise<FreshNetwork> {
  await using stack = new AsyncDisposableStack();
  const keep = <T extends { close(): Promise<void> }>(part: T): T => {
    stack.defer(() => part.close());
    return part;
  };
  const [databaseUrl, anvil] = await Promise.all([
    createDatabase(postgres.url),
    startAnvil({ timestamp: instantOf(today), chainId: CHAIN_ID }).then(keep),
  ]);
  const rpcUrl = anvil.url;
  const network = Network.from(CHAIN_ID);
  const provider = new JsonRpcProvider(rpcUrl, network, {
    staticNetwork: network,
    cacheTimeout: -1,
    batchStallTime: 0,
  });
  stack.defer(() => provider.destroy());
  const operator = new Wallet(keyOf('operator'));
  const [deployment] = await Promise.all([
    deploy(new NonceManager(new Wallet(keyOf('deployer'), provider)), oneHand(operator.address)),
    migrate(databaseUrl),
  ]);

  const common = {
    databaseUrl,
    rpcUrl,
    deployment,
    log: pino({ level: process.env['LOG_LEVEL'] ?? 'silent' }, pino.destination(2)),
  };
  keep(await startIndexer(common));
  keep(await startRelayer({ ...common, relayerKey: keyOf('relayer'), operatorKey: operator.privateKey }));
  const keysDir = mkdtempSync(join(tmpdir(), 'tallystick-keys-'));
  stack.defer(() => rmSync(keysDir, { recursive: true }));
  const api = keep(
    await startApi({
      ...common,
      host: '127.0.0.1',
      port: 0,
      demo: true,
      clock: 'chain',
      keysDir,
      requestsPerMinute: 1_000_000,
    }),
  );

  const status = new Http(api.url);
  const now = async (): Promise<number> =>
    Number((await rpc<{ timestamp: string }>(rpcUrl, 'eth_getBlockByNumber', 'latest', false)).timestamp);
  const running = stack.move();
  return {
    apiUrl: api.url,
    contracts: contractsOf(deployment, provider),
    today: async () => legalDateOf(await now()),
    moveTo: async (date) => {
      if (instantOf(date) <= (await now())) return;
      await rpc(rpcUrl, 'evm_setNextBlockTimestamp', instantOf(date));
      await rpc(rpcUrl, 'evm_mine');
    },
    caughtUp: async () => {
      const head = await blockNumber(rpcUrl);
      for (;;) {
        const { indexed, stopped } = await status.get('/api/status');
        if (indexed >= head) return;
        if (stopped) throw new Error(`the indexer has stopped after block ${indexed}`);
        await sleep(5);
      }
    },
    verify: async () =>
      (await verify(common)).differences.map(
        ({ about, ledger, chain }) => `${about} is ${ledger} in the read model and ${chain} on chain`,
      ),
    close: () => running.disposeAsync(),
  };
}
