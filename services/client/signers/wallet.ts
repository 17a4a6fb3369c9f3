/**
 * A wallet in the browser, or anything else that answers EIP-1193: an ordinary account, or a Safe. It is shown the typed data that
 * this client built itself from what was checked, never what the platform sent.
 */
import type { TypedData } from '../instructions/index.ts';

/** `window.ethereum`, or a provider that a page was told of (EIP-6963). */
export type Eip1193 = {
  request(asked: {
    readonly method: string;
    readonly params?: readonly unknown[] | object;
  }): Promise<unknown>;
};

/** `refused`: by its person. `chain`: it stands on another one. `account`: it has not the one asked for. */
export type WalletFault = 'refused' | 'chain' | 'account' | 'unavailable' | 'answer';

export class WalletProblem extends Error {
  readonly fault: WalletFault;

  constructor(fault: WalletFault, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'WalletProblem';
    this.fault = fault;
  }
}

/** The accounts that its person lets the page know, in lower case. Throws {@link WalletProblem}. */
export async function accountsOf(provider: Eip1193): Promise<readonly string[]> {
  const answer = await ask(provider, 'eth_requestAccounts');
  if (!Array.isArray(answer) || !answer.every((each) => /^0x[0-9a-f]{40}$/i.test(String(each))))
    throw new WalletProblem('answer', 'the wallet names no accounts');
  return answer.map((each) => String(each).toLowerCase());
}

/** One account of a wallet. */
export class WalletKey {
  readonly address: string;
  readonly #provider: Eip1193;

  constructor(provider: Eip1193, address: string) {
    this.#provider = provider;
    this.address = address.toLowerCase();
  }

  /** Whether an ERC-7913 signer (an address) is this account. */
  is(signer: string): boolean {
    return signer.toLowerCase() === this.address;
  }

  /**
   * Has the wallet sign; a Safe answers when enough of its owners have. Throws {@link WalletProblem}. Whether an answer of 65 bytes is by
   * this account is for the platform and the chain to say: a Safe's has that length too.
   */
  async sign(_digest: string, typedData: TypedData): Promise<string> {
    await this.#expectChain(typedData.domain.chainId);
    if (!(await accountsOf(this.#provider)).includes(this.address))
      throw new WalletProblem('account', `the wallet does not offer ${this.address}`);
    const params = [this.address, JSON.stringify(typedData)];
    const answer = await ask(this.#provider, 'eth_signTypedData_v4', params);
    if (typeof answer !== 'string' || !/^0x([0-9a-f]{2})*$/i.test(answer))
      throw new WalletProblem('answer', 'the wallet answers with something that is no signature');
    return answer.toLowerCase();
  }

  /** Asks the wallet to change to the chain if it stands on another one. */
  async #expectChain(chainId: number): Promise<void> {
    const isThere = async () => Number(await ask(this.#provider, 'eth_chainId')) === chainId;
    if (await isThere()) return;
    await ask(this.#provider, 'wallet_switchEthereumChain', [{ chainId: `0x${chainId.toString(16)}` }]).catch(
      (problem: unknown) => {
        if (problem instanceof WalletProblem && problem.fault === 'refused') throw problem;
      },
    );
    if (!(await isThere())) throw new WalletProblem('chain', `the wallet does not stand on chain ${chainId}`);
  }
}

const REFUSED = 4001; // EIP-1193: the user rejected the request

async function ask(provider: Eip1193, method: string, params?: readonly unknown[]): Promise<unknown> {
  try {
    return await provider.request(params === undefined ? { method } : { method, params });
  } catch (error) {
    const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
    const isRefused = code === REFUSED;
    throw new WalletProblem(isRefused ? 'refused' : 'unavailable', `${method}: ${String(message)}`, error);
  }
}
