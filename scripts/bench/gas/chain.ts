/** A chain in memory for measuring: every account, address and block date is the same in each run. */
import {
  ContractFactory,
  id,
  Interface,
  JsonRpcProvider,
  Network,
  NonceManager,
  Wallet,
  type InterfaceAbi,
  type TransactionReceipt,
} from 'ethers';
import { startAnvil } from '../../../services/embedded/anvil.ts';

const CHAIN_ID = 31337;
/** Ten in the morning of the legal date 2026-03-03: a run does not reach midnight. */
const START = Date.parse('2026-03-03T10:00:00+08:00') / 1000;
const TRANSACTION = {
  type: 2,
  chainId: CHAIN_ID,
  gasLimit: 2 ** 24, // what a transaction may use under the Osaka rules (EIP-7825)
  maxFeePerGas: 0,
  maxPriorityFeePerGas: 0,
};

export type Artifact = { readonly abi: InterfaceAbi; readonly bytecode: string };
/** `wallet` signs what is no transaction. */
export type Account = { readonly address: string; readonly signer: NonceManager; readonly wallet: Wallet };

export type GasChain = {
  readonly provider: JsonRpcProvider;
  /** An ordinary account; the same for the same name. */
  account(name: string): Account;
  /** Throws when the transaction fails. */
  send(from: Account, to: string, data: string): Promise<TransactionReceipt>;
  deploy(from: Account, artifact: Artifact, ...args: readonly unknown[]): Promise<Deployed>;
  attach(address: string, abi: InterfaceAbi): Deployed;
  /** From now on it is this instant (seconds) or a little later. */
  at(instant: number): Promise<void>;
  close(): Promise<void>;
};

/** A contract whose functions are called by name. */
export type Deployed = {
  readonly address: string;
  does(from: Account, name: string, ...args: readonly unknown[]): Promise<TransactionReceipt>;
  /** The first thing that a view answers. */
  asks(name: string, ...args: readonly unknown[]): Promise<unknown>;
};

export async function openGasChain(): Promise<GasChain> {
  const anvil = await startAnvil({ timestamp: START, chainId: CHAIN_ID });
  const network = Network.from(CHAIN_ID);
  const provider = new JsonRpcProvider(anvil.url, network, {
    staticNetwork: network,
    cacheTimeout: -1,
    batchStallTime: 0,
  });
  const accounts = new Map<string, Account>();
  const send: GasChain['send'] = async ({ signer, wallet }, to, data) => {
    const nonce = await signer.getNonce();
    signer.increment();
    const raw = await wallet.signTransaction({ ...TRANSACTION, nonce, to, data });
    const { transactionHash } = (await provider.send('eth_sendRawTransactionSync', [raw])) as {
      transactionHash: string;
    };
    const receipt = await provider.getTransactionReceipt(transactionHash);
    if (receipt?.status !== 1) throw new Error(`the transaction to ${to} failed: ${data.slice(0, 10)}`);
    return receipt;
  };
  const attach: GasChain['attach'] = (address, abi) => {
    const contract = new Interface(abi);
    return {
      address,
      does: (from, name, ...args) => send(from, address, contract.encodeFunctionData(name, args)),
      asks: async (name, ...args) => {
        const data = contract.encodeFunctionData(name, args);
        const answer = await provider.call({ to: address, data });
        return contract.decodeFunctionResult(name, answer)[0] as unknown;
      },
    };
  };
  return {
    provider,
    account: (name) => {
      const wallet = new Wallet(id(`tallystick gas: ${name}`), provider);
      const account = accounts.get(name) ?? {
        address: wallet.address,
        signer: new NonceManager(wallet),
        wallet,
      };
      accounts.set(name, account);
      return account;
    },
    send,
    deploy: async ({ signer }, { abi, bytecode }, ...args) => {
      const contract = await new ContractFactory(abi, bytecode, signer).deploy(...args);
      await contract.waitForDeployment();
      return attach(await contract.getAddress(), abi);
    },
    attach,
    at: async (instant) => {
      await provider.send('evm_setNextBlockTimestamp', [instant]);
      await provider.send('evm_mine', []);
    },
    close: async () => {
      provider.destroy();
      await anvil.close();
    },
  };
}
