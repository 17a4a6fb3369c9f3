/** A chain of its own with the contracts and eight members, and a way to act in their names without a relayer. */
import { setTimeout as sleep } from 'node:timers/promises';
import { id, JsonRpcProvider, Network, NonceManager, Wallet, ZeroHash } from 'ethers';
import { callsOf, platformCallsOf, type TestCalls } from '../../fixtures/calls.ts';
import { contractsOf, interfaces, type Contracts } from '#chain/contracts.ts';
import { deploy } from '#chain/deploy.ts';
import { oneHand } from '#chain/governance.ts';
import type { Deployment } from '#chain/deployment.ts';
import type { Call } from '#chain/typed-data.ts';
import { bitsOf, ROLE_BITS, type Role } from '#domain/codes.ts';
import { instantOf, parseLegalDate } from '#domain/dates.ts';
import { startAnvil } from '#embedded/anvil.ts';
import { rpc } from '#embedded/rpc.ts';

const CHAIN_ID = 31337;
const GAS = 10_000_000;
export const TODAY = parseLegalDate('2026-03-03');

const ROLES = {
  core1: ['core_enterprise'],
  core2: ['core_enterprise'],
  s1: ['supplier'],
  s2: ['supplier'],
  s3: ['supplier'],
  b1: ['bank'],
  b2: ['bank'],
  house: ['settlement_bank'],
} as const satisfies Record<string, readonly Role[]>;

export type Name = keyof typeof ROLES;
export const NAMES = Object.keys(ROLES) as Name[];
export const numberOf = (name: Name): number => NAMES.indexOf(name) + 1;
export const nameOf = (member: number): Name => NAMES[member - 1]!;

export type World = {
  readonly rpcUrl: string;
  readonly deployment: Deployment;
  readonly contracts: Contracts;
  readonly calls: TestCalls;
  readonly operator: Wallet;
  readonly wallets: Readonly<Record<Name, Wallet>>;
  rpc<T>(method: string, ...params: unknown[]): Promise<T>;
  /** Sends a call and waits until it is in a block, if blocks are not held back; it may fail on chain. */
  send(from: Wallet, call: Call): Promise<string>;
  /** Sends a call as a member and expects it to succeed. */
  act(from: Name, call: Call): Promise<void>;
  /** What is sent meanwhile comes into one block, in this order. */
  inOneBlock(send: () => Promise<void>): Promise<void>;
  head(): Promise<bigint>;
  close(): Promise<void>;
};

const walletOf = (what: string): Wallet => new Wallet(id(`tallystick indexer test: ${what}`));

/** The clock begins at {@link TODAY}. */
export async function openWorld(): Promise<World> {
  const anvil = await startAnvil({ timestamp: instantOf(TODAY), chainId: CHAIN_ID });
  const network = Network.from(CHAIN_ID);
  const provider = new JsonRpcProvider(anvil.url, network, { staticNetwork: network, cacheTimeout: -1 });
  const operator = walletOf('operator');
  const deployment = await deploy(
    new NonceManager(walletOf('deployer').connect(provider)),
    oneHand(operator.address),
  );
  const ask = <T>(method: string, ...params: unknown[]): Promise<T> => rpc<T>(anvil.url, method, ...params);

  let together = false;
  const receiptOf = async (hash: string): Promise<{ status: string }> => {
    for (;;) {
      const receipt = await ask<{ status: string } | null>('eth_getTransactionReceipt', hash);
      if (receipt !== null) return receipt;
      await sleep(1);
    }
  };
  const send = async (from: Wallet, { target, data }: Call): Promise<string> => {
    const nonce = Number(await ask<string>('eth_getTransactionCount', from.address, 'pending'));
    const signed = await from.signTransaction({
      type: 0,
      chainId: CHAIN_ID,
      nonce,
      gasPrice: 0,
      gasLimit: GAS,
      to: target,
      data,
    });
    const hash = await ask<string>('eth_sendRawTransaction', signed);
    if (!together) await receiptOf(hash);
    return hash;
  };
  const wallets = Object.fromEntries(NAMES.map((name) => [name, walletOf(name)])) as Record<Name, Wallet>;
  const world: World = {
    rpcUrl: anvil.url,
    deployment,
    contracts: contractsOf(deployment, provider),
    calls: callsOf(deployment),
    operator,
    wallets,
    rpc: ask,
    send,
    act: async (from, call) => {
      const { status } = await receiptOf(await send(wallets[from], call));
      if (status !== '0x1') throw new Error(`an act of ${from} failed`);
    },
    inOneBlock: async (sendAll) => {
      await ask('evm_setAutomine', false);
      together = true;
      await sendAll();
      together = false;
      await ask('evm_mine');
      await ask('evm_setAutomine', true);
    },
    head: async () => BigInt(await ask<string>('eth_blockNumber')),
    close: async () => {
      provider.destroy();
      await anvil.close();
    },
  };
  await admitAll(world);
  return world;
}

async function admitAll(world: World): Promise<void> {
  for (const name of NAMES) {
    const roles = bitsOf(ROLE_BITS, ROLES[name]);
    const calls = platformCallsOf(world.deployment);
    await world.send(world.operator, calls.admit(world.wallets[name].address, roles, 0, ZeroHash));
    await world.send(world.operator, calls.setPrivileges(numberOf(name), roles));
    if (name === 'house') await world.send(world.operator, calls.setCap(numberOf(name), 10n ** 15n));
  }
  for (const name of NAMES)
    await world.act('house', world.calls.deposit(numberOf(name), 10n ** 12n, ZeroHash));
  for (const name of ['core1', 'core2'] as const)
    await world.act(name, world.calls.approveFunding(10n ** 15n));
  for (const name of ['b1', 'b2'] as const) {
    await world.act(name, world.calls.approveDesk());
    await world.act(name, world.calls.allowDesk());
  }
  await world.act('s3', world.calls.setStanding(true));
}

export const operatorCall = ({ deployment }: World, name: string, ...args: unknown[]): Call => ({
  target: deployment.addresses.bills,
  data: interfaces.bills.encodeFunctionData(name, args),
});
