/** Whether who sits here can sign, before anything is asked of a device. */
import { api } from '#web/api/client.ts';
import type { BeyondLimit, Signer } from '#web/api/schema.ts';
import { session } from '#web/state/session.svelte.ts';

const bare = (hex: string): string => hex.replace(/^0x/, '').padStart(64, '0');

/** Whether a signer of an account (ERC-7913: verifier ‖ qx ‖ qy) is this point. */
export const isSigner = (signer: string, { x, y }: { readonly x: string; readonly y: string }): boolean =>
  signer.toLowerCase().endsWith((bare(x) + bare(y)).toLowerCase());

type Signable = {
  readonly signers: readonly Signer[];
  readonly beyondLimits?: readonly BeyondLimit[] | undefined;
};
/** Of the account: a branch is one of its signers. */
const inAccount = ({ id, branch }: Signer): string => (branch ?? id).toLowerCase();

/** Those of the signers that are devices, wallets or UKeys of the person. */
async function ownOf(signers: readonly Signer[]): Promise<readonly Signer[]> {
  const { signal } = new AbortController();
  const [{ items: devices }, { items: others }] = await Promise.all([
    api.devices(signal),
    api.ownSigners(signal),
  ]);
  return signers.filter(
    ({ id, type }) =>
      (type === 'webauthn' && devices.some((device) => isSigner(id, device))) ||
      others.some(({ key }) => key === id.toLowerCase()),
  );
}

/**
 * A device, wallet or UKey of the person is among the signers and within its limit a day, or it is the demonstration, and the right to sign is
 * there.
 */
export async function signsHere({ signers, beyondLimits = [] }: Signable): Promise<boolean> {
  if (!session.may('sign')) return false;
  if (session.current?.keys.mode !== 'passkey') return true;
  const beyond = new Set(beyondLimits.map(({ signer }) => signer.toLowerCase()));
  return (await ownOf(signers)).some((signer) => !beyond.has(inAccount(signer)));
}

/** Limits a day of what the person signs with, or of her branch, that are exceeded. */
export async function ownBeyond({ signers, beyondLimits = [] }: Signable) {
  if (session.current?.keys.mode !== 'passkey') return [];
  const own = await ownOf(signers);
  return beyondLimits.flatMap((limit) => {
    const signer = own.find((each) => inAccount(each) === limit.signer.toLowerCase());
    return signer === undefined ? [] : [{ ...limit, isBranch: signer.branch !== null }];
  });
}
