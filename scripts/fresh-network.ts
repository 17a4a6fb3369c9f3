/**
 * A chain, a database and the services on them for one play: nothing of it outlives `close`. On a chain of RPC_URL its contracts
 * stay, unknown to anybody.
 */
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
import { reason, StartError } from './config.ts';
import { startAnvil } from '../services/embedded/anvil.ts';
import { createDatabase, type Postgres } from '../services/embedded/postgres.ts';
import { blockNumber, rpc } from '../services/embedded/rpc.ts';
import type { OutsideChain } from './outside-chain.ts';

const CHAIN_ID = 31337;
/** Keys of a chain that nobody else ever sees. */
const keyOf = (what: string): string => id(`tallystick fresh network: ${what}`);
const OPEN_KEYS = { deployer: keyOf('deployer'), operator: keyOf('operator'), relayer: keyOf('relayer') };

export type FreshNetwork = {
  readonly apiUrl: string;
  readonly databaseUrl: string;
  readonly contracts: Contracts;
  today(): Promise<LegalDate>;
  /** Moves the chain's clock to the start of a later date; stands still on the same. */
  moveTo(date: LegalDate): Promise<void>;
  /** Beside the one at `apiUrl`, until it is closed. */
  anotherApi(): Promise<{ close(): Promise<void> }>;
  /** Settles when the read model has every block there is. */
  caughtUp(): Promise<void>;
  /** How the read model differs from the chain, bill by bill. */
  verify(): Promise<string[]>;
  close(): Promise<void>;
};

/**
 * @param today With which the clock of the chain begins; undefined: it is as it is, and follows the machine's.
 * @param outside Instead of an embedded chain.
 */
export async function openFreshNetwork(
  postgres: Postgres,
  today: LegalDate | undefined,
  outside?: OutsideChain,
): Promise<FreshNetwork> {
  await using stack = new AsyncDisposableStack();
  const keep = <T extends { close(): Promise<void> }>(part: T): T => {
    stack.defer(() => part.close());
    return part;
  };
  const embedded = async () => {
    const timestamp = today === undefined ? {} : { timestamp: instantOf(today) };
    return keep(await startAnvil({ ...timestamp, chainId: CHAIN_ID })).url;
  };
  const [databaseUrl, node] = await Promise.all([
    createDatabase(postgres.url),
    outside === undefined ? embedded() : outside.node,
  ]);
  const { keys = OPEN_KEYS, rpcUrl = node } = outside ?? {};
  const now = async (): Promise<number> =>
    Number((await rpc<{ timestamp: string }>(node, 'eth_getBlockByNumber', 'latest', false)).timestamp);
  const moveTo = async (date: LegalDate): Promise<void> => {
    if (instantOf(date) <= (await now())) return;
    await rpc(node, 'evm_setNextBlockTimestamp', instantOf(date));
    await rpc(node, 'evm_mine');
  };
  if (outside !== undefined && today !== undefined) {
    await moveTo(today);
    const date = legalDateOf(await now());
    if (date !== today)
      throw new Error(`the chain has reached ${date}, after ${today}, and its clock goes forward only`);
  }
  const network = Network.from(Number(await rpc<string>(node, 'eth_chainId')));
  const provider = new JsonRpcProvider(node, network, {
    staticNetwork: network,
    cacheTimeout: -1,
    batchStallTime: 0,
    pollingInterval: 250,
  });
  stack.defer(() => provider.destroy());
  const operator = new Wallet(keys.operator);
  const deployer = new Wallet(keys.deployer, provider);
  const [deployment] = await Promise.all([
    deploy(new NonceManager(deployer), oneHand(operator.address)).catch((error: unknown) => {
      if (outside === undefined) throw error;
      throw new StartError(
        `RPC_URL: the contracts cannot be deployed from ${deployer.address}: ${reason(error)}`,
        { cause: error },
      );
    }),
    migrate(databaseUrl),
  ]);

  const common = {
    databaseUrl,
    rpcUrl,
    deployment,
    log: pino({ level: process.env['LOG_LEVEL'] ?? 'silent' }, pino.destination(2)),
  };
  keep(await startIndexer(common));
  keep(await startRelayer({ ...common, relayerKey: keys.relayer, operatorKey: operator.privateKey }));
  const keysDir = mkdtempSync(join(tmpdir(), 'tallystick-keys-'));
  stack.defer(() => rmSync(keysDir, { recursive: true }));
  const anotherApi = () =>
    startApi({
      ...common,
      host: '127.0.0.1',
      port: 0,
      demo: true,
      clock: today === undefined ? 'system' : 'chain',
      keysDir,
      requestsPerMinute: 1_000_000,
    });
  const api = keep(await anotherApi());

  const status = new Http(api.url);
  const running = stack.move();
  return {
    apiUrl: api.url,
    databaseUrl,
    contracts: contractsOf(deployment, provider),
    today: async () => legalDateOf(await now()),
    moveTo,
    anotherApi,
    caughtUp: async () => {
      const head = await blockNumber(node);
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
