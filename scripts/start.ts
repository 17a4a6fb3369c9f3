/**
 * The whole product in one process: opens database and chain, builds what is missing, deploys once, starts the services,
 * makes the demonstration network at the first start, and prints where to look. Ends on Ctrl-C or SIGTERM, in reverse
 * order; a second signal ends it at once (the next start puts things right).
 */
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { JsonRpcProvider, NonceManager, Wallet } from 'ethers';
import { pino } from 'pino';
import type { Deployment } from '#chain/deployment.ts';
import { buildContracts } from './build-contracts.ts';
import { buildWeb } from './build-web.ts';
import { prepareDataDir, readConfig, reason, StartError, type Config } from './config.ts';
import { demoState, forgetUnfinishedDemo, markDemo } from './demo-state.ts';
import { claimDataDir } from './data-dir.ts';
import { followMachineClock } from './embedded/anvil.ts';
import { rpc } from './embedded/rpc.ts';
import { announceRunning, forgetRunning, openInfrastructure, type Infrastructure } from './infrastructure.ts';
import { platformKeys, type PlatformKeys } from './keys.ts';
import { runMain } from './main.ts';
import { stopSignal } from './stop-signal.ts';

const root = resolve(import.meta.dirname, '..');
/** The demonstration network has lived for this long when it is first shown. */
const demoHistory = 120 * 86_400;

await runMain(async () => {
  const config = readConfig();
  prepareDataDir(config.dataDir);
  const stopping = stopSignal();
  await using stack = new AsyncDisposableStack();
  try {
    const owner = await claimDataDir(config.dataDir, stopping);
    stack.defer(() => owner.release());
    await tryListening(config);
    const { url, failure } = await open(config, stack, stopping);
    console.log(`Tallystick is ready: ${url}`);
    const trouble = await Promise.race([failure, once(stopping)]);
    if (trouble !== undefined) throw new StartError(trouble);
  } catch (error) {
    if (!stopping.aborted) throw error;
  } finally {
    forgetRunning(config.dataDir); // from here on a new start waits for us
  }
});

async function open(
  config: Config,
  stack: AsyncDisposableStack,
  stopping: AbortSignal,
): Promise<{ url: string; failure: Promise<string> }> {
  await forgetUnfinishedDemo(config);
  const demo = demoState(config);
  const genesisTime = demo === 'wanted' ? Math.floor(Date.now() / 1000) - demoHistory : undefined;
  stopping.throwIfAborted();
  const infrastructure = await openInfrastructure(config, genesisTime);
  stack.defer(() => infrastructure.close());
  stopping.throwIfAborted();
  if (await buildContracts()) console.log('contracts built');
  if (await buildWeb()) console.log('web app built');
  stopping.throwIfAborted();
  const url = await startServices(config, infrastructure, stack, stopping);
  if (demo === 'wanted') await makeDemo(config, infrastructure, url, stopping);
  const { databaseUrl, rpcUrl, failure } = infrastructure;
  announceRunning(config.dataDir, { url, databaseUrl, rpcUrl });
  return { url, failure };
}

/** The services import what the build makes, so they are loaded only now. Returns the address of the API. */
async function startServices(
  config: Config,
  { databaseUrl, rpcUrl }: Infrastructure,
  stack: AsyncDisposableStack,
  stopping: AbortSignal,
): Promise<string> {
  const { migrate } = await import('#db/migrate.ts');
  await migrate(databaseUrl);
  stopping.throwIfAborted();
  const keys = platformKeys(config.dataDir);
  const deployment = await deployOnce(config, rpcUrl, keys);
  stopping.throwIfAborted();

  const log = pino({ level: config.logLevel }, pino.destination(2));
  const common = { databaseUrl, rpcUrl, deployment, log };
  const keep = <T extends { close(): Promise<void> }>(service: T): T => {
    stack.defer(() => service.close());
    stopping.throwIfAborted();
    return service;
  };
  const indexer = await import('#indexer/start.ts');
  keep(await indexer.start({ ...common, deepest: config.reorgLimit }));
  const relayer = await import('#relayer/start.ts');
  keep(await relayer.start({ ...common, relayerKey: keys.relayer, operatorKey: keys.operator }));
  const api = await import('#api/start.ts');
  const webRoot = join(root, 'web/build');
  const starting = api.start({
    ...common,
    host: config.host,
    port: config.port,
    ...(existsSync(webRoot) ? { webRoot } : {}),
    demo: config.demo,
    clock: config.clock,
    operatorKey: keys.operator,
    keysDir: join(config.dataDir, 'keys'),
  });
  return keep(await starting).url;
}

/** Says before the long work what would stop us after it. */
async function tryListening({ host, port }: Config): Promise<void> {
  const server = createServer();
  await new Promise<void>((settle, fail) => server.once('error', fail).listen(port, host, settle)).catch(
    (error: unknown) => {
      const { code = '' } = error as NodeJS.ErrnoException;
      const known: Record<string, string> = {
        EADDRINUSE: `PORT ${port} is in use by another program`,
        EACCES: `PORT ${port} may not be used by this user`,
        EADDRNOTAVAIL: `HOST ${host} is not an address of this machine`,
        ENOTFOUND: `HOST ${host} is not known`,
      };
      throw new StartError(known[code] ?? `HOST ${host}, PORT ${port}: ${reason(error)}`, { cause: error });
    },
  );
  await new Promise((settle) => server.close(settle));
}

/** The contracts are deployed at the first start; later ones make sure that this is still the chain that holds them. */
async function deployOnce(config: Config, rpcUrl: string, keys: PlatformKeys): Promise<Deployment> {
  const { readDeployment, writeDeployment } = await import('#chain/deployment.ts');
  const file = join(config.dataDir, 'deployment.json');
  if (existsSync(file)) {
    const recorded = readDeployment(file);
    await checkChain(recorded, rpcUrl, file);
    return recorded;
  }
  const { deploy } = await import('#chain/deploy.ts');
  const provider = new JsonRpcProvider(rpcUrl, undefined, { cacheTimeout: -1 });
  try {
    const deployer = new NonceManager(new Wallet(keys.deployer, provider));
    const deployment = await deploy(deployer, new Wallet(keys.operator).address);
    writeDeployment(file, deployment);
    return deployment;
  } catch (error) {
    if (config.rpcUrl === undefined) throw error;
    const payer = new Wallet(keys.deployer).address;
    throw new StartError(`RPC_URL: the contracts cannot be deployed from ${payer}: ${reason(error)}`, {
      cause: error,
    });
  } finally {
    provider.destroy();
  }
}

async function checkChain(recorded: Deployment, rpcUrl: string, file: string): Promise<void> {
  const chainId = Number(await rpc<string>(rpcUrl, 'eth_chainId'));
  if (chainId !== recorded.chainId) {
    throw new StartError(
      `the chain has id ${chainId}, but ${file} was recorded on chain ${recorded.chainId}`,
    );
  }
  const genesis = await rpc<{ hash: string } | null>(rpcUrl, 'eth_getBlockByNumber', '0x0', false);
  if (genesis?.hash !== recorded.genesisHash) {
    throw new StartError(`the chain is another one than that of ${file}, though it has the same id`);
  }
}

async function makeDemo(
  config: Config,
  { rpcUrl }: Infrastructure,
  apiUrl: string,
  stopping: AbortSignal,
): Promise<void> {
  const { buildDemo } = await import('./demo.ts');
  markDemo(config, 'unfinished');
  console.log('making the demonstration network');
  const embeddedRpcUrl = config.rpcUrl === undefined ? rpcUrl : undefined;
  await buildDemo({ apiUrl, embeddedRpcUrl, signal: stopping }); // gives up after the act at hand when we are stopped
  if (embeddedRpcUrl !== undefined) await followMachineClock(embeddedRpcUrl);
  markDemo(config, 'done');
}

async function once(signal: AbortSignal): Promise<undefined> {
  if (!signal.aborted)
    await new Promise((settle) => signal.addEventListener('abort', settle, { once: true }));
  return undefined;
}
