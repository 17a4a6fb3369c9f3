/** Wallets of this browser: each announces itself (EIP-6963); an older one stands at `window.ethereum` alone. */
import type { Eip1193 } from '#client/signers/wallet.ts';

export type Wallet = {
  /** Of its maker, the same on each visit. */
  readonly rdns: string;
  readonly name: string;
  readonly provider: Eip1193;
};

type Announcement = {
  readonly info: { readonly rdns: string; readonly name: string };
  readonly provider: Eip1193;
};

/** Who answers at once, as all do that are there when they are asked. */
export function walletsHere(): readonly Wallet[] {
  const found = new Map<string, Wallet>();
  const hear = (event: Event): void => {
    const { info, provider } = (event as CustomEvent<Announcement>).detail;
    found.set(info.rdns, { rdns: info.rdns, name: info.name.slice(0, 100), provider });
  };
  addEventListener('eip6963:announceProvider', hear);
  dispatchEvent(new Event('eip6963:requestProvider'));
  removeEventListener('eip6963:announceProvider', hear);
  const { ethereum } = window as { ethereum?: Eip1193 };
  if (found.size > 0 || ethereum === undefined) return [...found.values()];
  return [{ rdns: 'window.ethereum', name: 'Wallet', provider: ethereum }];
}

const nameOf = (address: string): string => `tallystick wallet ${address}`;

/** Which wallet has this account, so that no other one is asked for it. */
export const rememberWallet = (address: string, { rdns }: Wallet): void =>
  localStorage.setItem(nameOf(address), rdns);

/** The one that had the account, or the only one. */
export function walletOf(address: string): Wallet | undefined {
  const wallets = walletsHere();
  const known = localStorage.getItem(nameOf(address));
  return wallets.find(({ rdns }) => rdns === known) ?? (wallets.length === 1 ? wallets[0] : undefined);
}
