/** Who may not sign a batch today, because it is more than is left of a limit a day: what the account itself would say (IOrgAccount). */
import type { Provider } from 'ethers';
import { orgAccountAt } from '#chain/contracts.ts';
import type { Call } from '#chain/typed-data.ts';

/** Minor units. */
export type BeyondLimit = {
  /** Of the account; a branch is one of its signers. */
  readonly signer: string;
  readonly dayLimit: bigint;
  readonly left: bigint;
  /** What the account reads of the batch. */
  readonly amount: bigint;
};

/** As of the newest block; what is on its way is not counted. Nobody is asked where nobody has a limit. */
export async function beyondLimits(
  { provider }: { readonly provider: Provider },
  account: string,
  { signers }: { readonly signers: readonly { readonly id: string; readonly dayLimit: bigint }[] },
  calls: readonly Call[],
): Promise<readonly BeyondLimit[]> {
  const limited = signers.filter(({ dayLimit }) => dayLimit > 0n);
  if (limited.length === 0) return [];
  const contract = orgAccountAt(account, provider);
  const [{ amount }, ...used] = await Promise.all([
    contract.neededFor([...calls]),
    ...limited.map(async ({ id }) => (await contract.signerOf(id)).usedToday),
  ]);
  return limited.flatMap(({ id, dayLimit }, n) => {
    const left = dayLimit > used[n]! ? dayLimit - used[n]! : 0n; // a change may have lowered it since
    return amount > left ? [{ signer: id, dayLimit, left, amount }] : [];
  });
}
