/** The chain that RPC_URL names, for a play that deploys contracts of its own there. */
import { join } from 'node:path';
import { readConfig, reason, StartError, withoutPassword } from './config.ts';
import { rpc } from '../services/embedded/rpc.ts';
import { platformKeys, type PlatformKeys } from './keys.ts';
import { firstNode } from './nodes.ts';

export type OutsideChain = {
  /** One node, or several separated by commas. */
  readonly rpcUrl: string;
  /** The one that the play itself asks. */
  readonly node: string;
  /** Kept, so that a permissioned chain can have them on its list: DATA_DIR/play/keys. */
  readonly keys: PlatformKeys;
};

/** Undefined: RPC_URL names none, and each play has an embedded one. Throws {@link StartError}. */
export async function outsideChain(): Promise<OutsideChain | undefined> {
  const { rpcUrl, dataDir } = readConfig({ ...process.env, DEMO: 'off' }); // what is entered is the play's own, on this machine
  if (rpcUrl === undefined) return undefined;
  const node = await firstNode(rpcUrl, (line) => console.error(line));
  return { rpcUrl, node, keys: platformKeys(join(dataDir, 'play')) };
}

/** The same, for a play that moves the clock. Throws {@link StartError} where the node does not let it. */
export async function movableChain(): Promise<OutsideChain | undefined> {
  const chain = await outsideChain();
  if (chain === undefined) return undefined;
  const { node } = chain;
  try {
    const head = await rpc<{ timestamp: string }>(node, 'eth_getBlockByNumber', 'latest', false);
    await rpc(node, 'evm_setNextBlockTimestamp', Number(head.timestamp) + 1);
    return chain;
  } catch (error) {
    throw new StartError(
      `RPC_URL ${withoutPassword(node)}: this node does not let its clock be moved, as scenarios do: ${reason(error)}`,
      { cause: error },
    );
  }
}
