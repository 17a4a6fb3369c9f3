/** A chain in memory that is told acts in bulk: its node sends in the name of any address, so nothing has to be signed. */
import { JsonRpcProvider, Network, NonceManager, Wallet } from 'ethers';
import { deploy } from '#chain/deploy.ts';
import { oneHand } from '#chain/governance.ts';
import type { Deployment } from '#chain/deployment.ts';
import type { Call } from '#chain/typed-data.ts';
import { startAnvil } from '#embedded/anvil.ts';
import { rpc, rpcBatch } from '#embedded/rpc.ts';

const CHAIN_ID = 31337;
/** Calls in one request to the node. */
const BATCH = 500;

export type LoadChain = {
  readonly url: string;
  readonly pid: number;
  readonly deployment: Deployment;
  readonly operator: string;
  /** Notes an act for the next block. Acts of one sender keep their order; those of several senders do not. */
  send(from: string, call: Call, gas?: number): void;
  /** Makes a block of what was noted. */
  mine(): Promise<void>;
  /** The next block is dated at this instant (seconds). */
  wait(until: number): Promise<void>;
  head(): Promise<number>;
  close(): Promise<void>;
};

/** @param from Time of the first block, in seconds. */
export async function openLoadChain(from: number): Promise<LoadChain> {
  const anvil = await startAnvil({ timestamp: from, chainId: CHAIN_ID, history: 1 });
  const network = Network.from(CHAIN_ID);
  const provider = new JsonRpcProvider(anvil.url, network, {
    staticNetwork: network,
    cacheTimeout: -1,
    batchStallTime: 0,
  });
  const deployer = new Wallet(`0x${'d1'.repeat(32)}`, provider);
  const operator = new Wallet(`0x${'d2'.repeat(32)}`).address;
  const deployment = await deploy(new NonceManager(deployer), oneHand(operator));
  provider.destroy();
  await rpc(anvil.url, 'anvil_autoImpersonateAccount', true);
  await rpc(anvil.url, 'evm_setAutomine', false);

  const nonces = new Map<string, number>();
  let noted: { method: string; params: unknown[] }[] = [];
  return {
    url: anvil.url,
    pid: anvil.pid,
    deployment,
    operator,
    send: (sender, { target, data }, gas = 500_000) => {
      const nonce = nonces.get(sender) ?? 0;
      nonces.set(sender, nonce + 1);
      const hex = (value: number): string => `0x${value.toString(16)}`;
      const tx = { from: sender, to: target, data, gas: hex(gas), gasPrice: '0x0', nonce: hex(nonce) };
      noted.push({ method: 'eth_sendTransaction', params: [tx] });
    },
    mine: async () => {
      for (let at = 0; at < noted.length; at += BATCH) await rpcBatch(anvil.url, noted.slice(at, at + BATCH));
      noted = [];
      await rpc(anvil.url, 'evm_mine');
    },
    wait: (until) => rpc(anvil.url, 'evm_setNextBlockTimestamp', until),
    head: async () => Number(await rpc<string>(anvil.url, 'eth_blockNumber')),
    close: () => anvil.close(),
  };
}
