/** Whether who sits here can sign, before anything is asked of a device. */
import { api } from '#web/api/client.ts';
import type { Signer } from '#web/api/schema.ts';
import { session } from '#web/state/session.svelte.ts';

const bare = (hex: string): string => hex.replace(/^0x/, '').padStart(64, '0');

/** Whether a signer of an account (ERC-7913: verifier ‖ qx ‖ qy) is this point. */
export const isSigner = (signer: string, { x, y }: { readonly x: string; readonly y: string }): boolean =>
  signer.toLowerCase().endsWith((bare(x) + bare(y)).toLowerCase());

/** A device, wallet or UKey of the person is among the signers, or it is the demonstration, and the right to sign is there. */
export async function signsHere(signers: readonly Signer[]): Promise<boolean> {
  if (!session.may('sign')) return false;
  if (session.current?.keys.mode !== 'passkey') return true;
  const { signal } = new AbortController();
  const [{ items: devices }, { items: others }] = await Promise.all([
    api.devices(signal),
    api.ownSigners(signal),
  ]);
  return signers.some(
    ({ id, type }) =>
      (type === 'webauthn' && devices.some((device) => isSigner(id, device))) ||
      others.some(({ key }) => key === id.toLowerCase()),
  );
}
