import { LocalBridge, type BridgeKey } from '#client/signers/bridge.ts';
import { accountsOf, WalletKey } from '#client/signers/wallet.ts';
import { api } from '#web/api/client.ts';
import { ApiProblem } from '#web/api/problem.ts';
import { m } from '#web/paraglide/messages.js';
import { Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { bridgeToken, inFormOfWallet, keepBridgeToken, plainly, proofOf } from './other-keys.ts';
import { rememberWallet, walletsHere, type Wallet } from './wallets.ts';

/** One's wallets and UKeys, which sign and sign nobody in. */
export class OtherSigners extends Form {
  readonly list = new Query(async (signal) => (await api.ownSigners(signal)).items, { live: false });
  adding = $state<'wallet' | 'ukey'>();
  wallets = $state.raw<readonly Wallet[]>([]);
  token = $state(bridgeToken());
  /** Of the devices that are plugged in, once they were asked for. */
  keys = $state.raw<readonly BridgeKey[]>();

  begin(adding: 'wallet' | 'ukey'): void {
    this.adding = adding;
    this.problem = undefined;
    this.wallets = walletsHere();
  }

  addWallet(wallet: Wallet): Promise<boolean> {
    return this.#add(async () => {
      const [address] = await plainly(accountsOf(wallet.provider));
      if (address === undefined) throw new ApiProblem(403, { code: 'FORBIDDEN', detail: m.wallet_account() });
      const { at, digest, typedData } = proofOf(address);
      const answer = await plainly(new WalletKey(wallet.provider, address).sign(digest, typedData));
      const signature = await inFormOfWallet(wallet, address, answer);
      await api.addOwnSigner({ key: { type: 'ecdsa', address }, name: wallet.name, at, signature });
      rememberWallet(address, wallet);
    });
  }

  listKeys(): Promise<boolean> {
    return this.run(async () => {
      this.keys = await plainly(new LocalBridge(this.token.trim()).list());
      keepBridgeToken(this.token.trim());
    });
  }

  addKey(key: BridgeKey): Promise<boolean> {
    return this.#add(async () => {
      const verifier = session.status?.contracts.sm2Verifier;
      if (verifier === undefined)
        throw new ApiProblem(403, { code: 'FORBIDDEN', detail: m.ukey_no_verifier() });
      const { x, y, label } = key;
      const signer = `${verifier.toLowerCase()}${x.slice(2)}${y.slice(2)}`;
      const { at, digest } = proofOf(signer);
      const signature = await plainly(new LocalBridge(this.token.trim()).sign(key, digest));
      const name = label.trim().slice(0, 100) || m.ukey();
      await api.addOwnSigner({ key: { type: 'sm2', x, y }, name, at, signature });
    });
  }

  revoke(id: string): Promise<boolean> {
    return this.run(async () => {
      await session.fresh();
      await api.revokeOwnSigner(id);
      await this.list.refresh();
    });
  }

  #add(work: () => Promise<void>): Promise<boolean> {
    return this.run(async () => {
      await session.fresh();
      await work();
      this.adding = undefined;
      await this.list.refresh();
    });
  }
}
