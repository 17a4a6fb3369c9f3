/**
 * The whole product in one process: opens database and chain, builds what is missing, deploys once, starts the services,
 * makes the demonstration network at the first start, and prints where to look. Ends on Ctrl-C or SIGTERM, in reverse
 * order; a second signal ends it at once (the next start puts things right).
 *
 * `npm start -- api`: only the parts that are named (indexer, relayer, api, notifier), on a database and a chain that others share
 * and where the contracts are already.
 */
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { buildContracts } from './build-contracts.ts';
import { buildWeb } from './build-web.ts';
import { prepareDataDir, readConfig, reason, StartError, type Config } from './config.ts';
import { demoState, forgetUnfinishedDemo, markDemo } from './demo-state.ts';
import { claimDataDir } from './data-dir.ts';
import { deploymentFile, deployOnce, expectHands } from './deployment.ts';
import { followMachineClock } from '../services/embedded/anvil.ts';
import { announceRunning, forgetRunning, openInfrastructure, type Infrastructure } from './infrastructure.ts';
import { runMain } from './main.ts';
import { PARTS, partsOf, startParts, type Part } from './parts.ts';
import { stopSignal } from './stop-signal.ts';

/** How long the first link works (ms); each start without anybody at the platform makes another. */
const FIRST_LINK_MS = 3_600_000;
/** The demonstration network has lived for this long when it is first shown. */
const demoHistory = 120 * 86_400;

await runMain(async () => {
  const config = readConfig();
  const named = process.argv.slice(2);
  const parts = partsOf(named);
  prepareDataDir(config.dataDir);
  const stopping = stopSignal();
  await using stack = new AsyncDisposableStack();
  try {
    if (parts.includes('api')) await tryListening(config);
    if (named.length > 0) {
      const url = await openParts(parts, config, stack, stopping);
      console.log(`Tallystick is ready: ${url ?? parts.join(', ')}`);
      return await once(stopping);
    }
    const owner = await claimDataDir(config.dataDir, stopping);
    stack.defer(() => owner.release());
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

/** Nothing in the data folder is theirs alone, so several processes can share one. */
async function openParts(
  parts: readonly Part[],
  config: Config,
  stack: AsyncDisposableStack,
  stopping: AbortSignal,
): Promise<string | undefined> {
  if (config.databaseUrl === undefined || config.rpcUrl === undefined)
    throw new StartError('parts that run by themselves need DATABASE_URL and RPC_URL');
  const file = deploymentFile(config);
  if (!existsSync(file)) throw new StartError(`${file} is missing: npm run deploy makes it`);
  const infrastructure = await openInfrastructure(config);
  await buildAll();
  stopping.throwIfAborted();
  return startServices(parts, config, infrastructure, stack, stopping);
}

async function buildAll(): Promise<void> {
  if (await buildContracts()) console.log('contracts built');
  if (await buildWeb()) console.log('web app built');
}

async function open(
  config: Config,
  stack: AsyncDisposableStack,
  stopping: AbortSignal,
): Promise<{ url: string; failure: Promise<string> }> {
  expectHands(config);
  await forgetUnfinishedDemo(config);
  const demo = demoState(config);
  const genesisTime = demo === 'wanted' ? Math.floor(Date.now() / 1000) - demoHistory : undefined;
  stopping.throwIfAborted();
  const infrastructure = await openInfrastructure(config, genesisTime);
  stack.defer(() => infrastructure.close());
  stopping.throwIfAborted();
  await buildAll();
  stopping.throwIfAborted();
  const url = (await startServices(PARTS, config, infrastructure, stack, stopping))!;
  if (demo === 'wanted') await makeDemo(config, infrastructure, url, stopping);
  if (!config.demo) await inviteFirst(config, infrastructure, url);
  const { databaseUrl, rpcUrl, failure } = infrastructure;
  announceRunning(config.dataDir, { url, databaseUrl, rpcUrl });
  return { url, failure };
}

/** Returns the address of the API, if it is one of the parts. */
async function startServices(
  parts: readonly Part[],
  config: Config,
  infrastructure: Infrastructure,
  stack: AsyncDisposableStack,
  stopping: AbortSignal,
): Promise<string | undefined> {
  const { migrate } = await import('#db/migrate.ts');
  await migrate(infrastructure.databaseUrl);
  stopping.throwIfAborted();
  const deployment = await deployOnce(config, infrastructure.rpcUrl);
  stopping.throwIfAborted();
  return startParts(parts, config, infrastructure, deployment, stopping, (service) => {
    stack.defer(() => service.close());
    stopping.throwIfAborted();
  });
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

/** Says how the first person of the platform comes in, as long as there is none. */
async function inviteFirst(config: Config, { databaseUrl }: Infrastructure, url: string): Promise<void> {
  const { origin } = config;
  const { connect } = await import('#db/wire/connect.ts');
  const { makeFirstLink } = await import('#db/people/links.ts');
  const { isOpenAgain } = await import('#db/operator/enrolment.ts');
  const { ACCESS_ROLES } = await import('#chain/governance.ts');
  const { readDeployment } = await import('#chain/deployment.ts');
  const { operator } = readDeployment(deploymentFile(config));
  const db = connect(databaseUrl, { max: 1 });
  const expiresAt = new Date(Date.now() + FIRST_LINK_MS);
  const secret = await isOpenAgain(db, operator, ACCESS_ROLES.enrolment)
    .then((isAgain) => makeFirstLink(db, expiresAt, { isAgain }))
    .finally(() => db.destroy());
  if (secret === undefined) return;
  const at = origin ?? `http://localhost:${new URL(url).port}`;
  console.log('Nobody is at the platform yet. The first person comes in here, once, within an hour:');
  console.log(`  ${at}/join#${secret}`);
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
