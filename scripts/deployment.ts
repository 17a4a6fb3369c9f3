/** The contracts on the chain: deployed once, and the record of where they are. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BaseWallet, JsonRpcProvider, NonceManager, type SigningKey } from 'ethers';
import type { Begun } from '#chain/deploy.ts';
import type { Hands } from '#chain/governance.ts';
import type { Deployment } from '#chain/deployment.ts';
import { reason, StartError, type Config } from './config.ts';
import { readJson, writeFileAtomically } from '../services/embedded/processes.ts';
import { rpc } from '../services/embedded/rpc.ts';
import { addressOfKey } from '#keys/key.ts';
import { chainKey, platformRoles } from './keys.ts';
import { firstNode } from './nodes.ts';

export const deploymentFile = ({ dataDir }: Config): string => join(dataDir, 'deployment.json');
/** A deployment that was begun and not ended: where to go on. */
const begunFile = ({ dataDir }: Config): string => join(dataDir, 'deployment-begun.json');

/**
 * The contracts are deployed at the first start, or by `npm run deploy`; later ones make sure that this is still the chain that
 * holds them. What stopped in between goes on at its next transaction.
 *
 * @param rpcUrl One node, or several separated by commas: the first that answers is used.
 * @param say Told each step.
 */
export async function deployOnce(
  config: Config,
  rpcUrl: string,
  say?: (step: string) => void,
): Promise<Deployment> {
  const { readDeployment, writeDeployment } = await import('#chain/deployment.ts');
  const file = deploymentFile(config);
  const node = await firstNode(rpcUrl);
  if (existsSync(file)) {
    const recorded = readOrExplain(() => readDeployment(file));
    await checkChain(recorded, node, file);
    return recorded;
  }
  const { deploy } = await import('#chain/deploy.ts');
  const hands = await handsOf(config);
  await Promise.all(platformRoles.map((role) => chainKey(config, role))); // all of them are there from now on
  const key = await chainKey(config, 'deployer');
  // Asks often, because a score of transactions wait for each other.
  const provider = new JsonRpcProvider(node, undefined, {
    cacheTimeout: -1,
    pollingInterval: 250,
    batchStallTime: 0,
  });
  try {
    const genesis = await provider.getBlock(0);
    const stopped = readJson<Begun & { genesis: string }>(begunFile(config));
    const deployment = await deploy(new NonceManager(new BaseWallet(key as SigningKey, provider)), hands, {
      begun: stopped?.genesis === genesis?.hash ? stopped : undefined,
      begin: (begun) =>
        writeFileAtomically(begunFile(config), JSON.stringify({ ...begun, genesis: genesis?.hash })),
      ...(say === undefined ? {} : { say }),
    });
    writeDeployment(file, deployment);
    rmSync(begunFile(config), { force: true });
    return deployment;
  } catch (error) {
    if (config.rpcUrl === undefined || error instanceof StartError) throw error;
    const payer = addressOfKey(key);
    throw new StartError(`RPC_URL: the contracts cannot be deployed from ${payer}: ${reason(error)}`, {
      cause: error,
    });
  } finally {
    provider.destroy();
  }
}

/** Said before the long work: contracts that are yet to be deployed need somebody who governs them. Throws {@link StartError}. */
export function expectHands(config: Config): void {
  if (config.demo || config.hands !== undefined || existsSync(deploymentFile(config))) return;
  throw new StartError(
    'DEMO=off: ADMIN, DESKS and GUARDIAN say who governs the contracts, as 2:0x…,0x…,0x…; nobody holds all of it',
  );
}

/** In the demonstration all power lies with one key; elsewhere with those whom the settings name. */
async function handsOf(config: Config): Promise<Hands> {
  expectHands(config);
  const { oneHand, GOVERNANCE_DELAY } = await import('#chain/governance.ts');
  const operator = addressOfKey(await chainKey(config, 'operator'));
  if (config.hands === undefined) return oneHand(operator);
  const { ADMIN: admin, DESKS: desks, GUARDIAN: guardian } = config.hands;
  return { operator, admin, desks, guardian, privilegesDelay: GOVERNANCE_DELAY };
}

/** What another version wrote is not for us. */
export function readOrExplain(read: () => Deployment): Deployment {
  try {
    return read();
  } catch (error) {
    throw new StartError(`${reason(error)} of this version: start with another DATA_DIR`, { cause: error });
  }
}

export async function checkChain(recorded: Deployment, rpcUrl: string, file: string): Promise<void> {
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
