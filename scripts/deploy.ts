/**
 * Deploys the contracts to the chain of RPC_URL and hands them over to ADMIN, DESKS and GUARDIAN, step by step. Stopped in between,
 * it goes on where it was. What is deployed already is named and left alone.
 */
import { existsSync } from 'node:fs';
import { buildContracts } from './build-contracts.ts';
import { prepareDataDir, readConfig, StartError } from './config.ts';
import { claimDataDir } from './data-dir.ts';
import { deploymentFile, deployOnce, expectHands } from './deployment.ts';
import { addressOfKey } from '#keys/key.ts';
import { chainKey } from './keys.ts';
import { runMain } from './main.ts';
import { stopSignal } from './stop-signal.ts';

await runMain(async () => {
  const config = readConfig();
  if (config.rpcUrl === undefined)
    throw new StartError('RPC_URL is missing: the embedded chain is deployed to by npm start');
  expectHands(config);
  prepareDataDir(config.dataDir);
  await using stack = new AsyncDisposableStack();
  const owner = await claimDataDir(config.dataDir, stopSignal());
  stack.defer(() => owner.release());
  await buildContracts();
  const isNew = !existsSync(deploymentFile(config));
  if (isNew) console.log(`deploying from ${addressOfKey(await chainKey(config, 'deployer'))}`);
  const { chainId, addresses } = await deployOnce(config, config.rpcUrl, (step) => console.log(step));
  console.log(
    `${isNew ? 'deployed' : 'deployed already'} on chain ${chainId}, recorded in ${deploymentFile(config)}`,
  );
  for (const [name, address] of Object.entries(addresses)) console.log(`${name} ${address}`);
});
