/** A wallet or a UKey signs: what it is shown was worked out here. Loaded when one is added, or signs. */
import { BridgeProblem, LocalBridge, type BridgeFault } from '#client/signers/bridge.ts';
import { ownSignerToSign } from '#client/signers/own-signer.ts';
import { WalletKey, WalletProblem, type WalletFault } from '#client/signers/wallet.ts';
import { inItsForm } from '#client/signers/form.ts';
import type { ToSign } from '#client/instructions/index.ts';
import { ApiProblem } from '#web/api/problem.ts';
import type { OwnSigner, Signer } from '#web/api/schema.ts';
import { areContracts } from '#web/instructions/pins.ts';
import { m } from '#web/paraglide/messages.js';
import { session } from '#web/state/session.svelte.ts';
import { walletOf, type Wallet } from './wallets.ts';

type Form = Pick<ToSign, 'digest'> & Partial<Pick<ToSign, 'typedData'>>;

const TOKEN = 'tallystick ukey bridge';
/** What the program of the UKey showed when this page was paired. */
export const bridgeToken = (): string => localStorage.getItem(TOKEN) ?? '';
export const keepBridgeToken = (token: string): void => localStorage.setItem(TOKEN, token);

const WALLET_FAULTS: Record<WalletFault, () => string> = {
  refused: m.wallet_refused,
  chain: m.wallet_chain,
  account: m.wallet_account,
  unavailable: m.wallet_unavailable,
  answer: m.wallet_answer,
};
const BRIDGE_FAULTS: Record<BridgeFault, () => string> = {
  absent: m.bridge_absent,
  unpaired: m.bridge_unpaired,
  refused: m.bridge_refused,
  locked: m.bridge_locked,
  gone: m.bridge_gone,
  answer: m.bridge_answer,
};

const refusal = (detail: string): ApiProblem => new ApiProblem(403, { code: 'FORBIDDEN', detail });

/** What a wallet or a bridge says, in plain words. */
export async function plainly<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof WalletProblem) throw refusal(WALLET_FAULTS[error.fault]());
    if (error instanceof BridgeProblem) throw refusal(BRIDGE_FAULTS[error.fault]());
    throw error;
  }
}

/** As one of the signers of an account. */
export async function signWithOther(
  { digest, typedData }: Form,
  { type, key }: Pick<OwnSigner, 'type' | 'key'>,
  signer: Pick<Signer, 'id' | 'type'>,
): Promise<{ signer: string; signature: string }> {
  if (type === 'ukey') {
    const [x, y] = [`0x${key.slice(42, 106)}`, `0x${key.slice(106)}`];
    const bridge = new LocalBridge(bridgeToken());
    const signature = await plainly(bridge.sign({ type: 'sm2', x, y, label: '' }, digest));
    return { signer: signer.id, signature };
  }
  if (typedData === undefined) throw refusal(m.wallet_not_this());
  const wallet = walletOf(key);
  if (wallet === undefined) throw refusal(m.wallet_none());
  const signature = await plainly(new WalletKey(wallet.provider, key).sign(digest, typedData));
  return inItsForm(signer, signature);
}

/** What shows that a key is this person's, now and on this site. @param signer As an account names it, in lower case. */
export function proofOf(signer: string) {
  const { person, status } = session;
  if (person === null || status === undefined) throw new ApiProblem(401, { code: 'UNAUTHENTICATED' });
  if (!areContracts(status))
    throw new ApiProblem(409, { code: 'INSTRUCTION_ALTERED', detail: m.pin_changed() });
  const at = Math.floor(Date.now() / 1_000);
  const proof = { site: location.origin, person: person.id, signer, at };
  return { at: new Date(at * 1_000).toISOString(), ...ownSignerToSign(status, proof) };
}

/** A contract's signature only the contract knows; an account's has one form. */
export async function inFormOfWallet(
  { provider }: Wallet,
  address: string,
  signature: string,
): Promise<string> {
  const code = await provider
    .request({ method: 'eth_getCode', params: [address, 'latest'] })
    .catch(() => '0x');
  const type = code === '0x' ? 'ecdsa' : 'contract';
  return inItsForm({ id: address, type }, signature).signature;
}
