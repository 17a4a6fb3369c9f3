import type { Ledger } from '../ledger/ledger.ts';

/** A firm's account that our factory made, with its first signers. */
export async function addAccount(
  ledger: Ledger,
  account: Buffer,
  threshold: bigint,
  signers: readonly { hash: Buffer; signer: Buffer; weight: bigint }[],
): Promise<void> {
  await ledger.accounts.set({ account, threshold });
  for (const { hash, signer, weight } of signers)
    await ledger.signers.set({ account, signer_hash: hash, signer, weight });
}

/** The account of a member, whoever made it. */
export async function noteAccount(ledger: Ledger, account: Buffer): Promise<void> {
  if ((await ledger.accounts.get({ account })) === undefined)
    await ledger.accounts.set({ account, threshold: null });
}

/** Whether our factory made it. A member may move to any contract, and what that one emits proves nothing. */
export const isAccount = async (ledger: Ledger, account: Buffer): Promise<boolean> => {
  const known = await ledger.accounts.get({ account });
  return known !== undefined && known.threshold !== null;
};

/** The log names a signer by its hash only. */
export const addSigner = (ledger: Ledger, account: Buffer, signerHash: Buffer): Promise<void> =>
  ledger.signers.set({ account, signer_hash: signerHash, signer: null, weight: 1n });

/** A firm's act begins: what one before it in the same transaction announced does not concern it. */
export function useNonce(ledger: Ledger, account: Buffer, nonce: bigint): void {
  ledger.announced = undefined;
  const { block_number, log_index, tx_hash } = ledger.moment.log;
  ledger.usedNonces.add({ account, nonce, block_number, log_index, tx_hash });
}
