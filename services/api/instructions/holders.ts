/** Whose devices, wallets and UKeys the signers of an account are. */
import { partsOfSigner } from '#chain/typed-data.ts';
import { holdersOf, type Holder } from '#db/instructions/signatures.ts';
import { holdersOfSigners } from '#db/people/own-signers.ts';
import type { Services } from '../services.ts';

/** By signer as it is given; a key of a system is nobody's. */
export async function holdersIn(
  { db, deployment }: Pick<Services, 'db' | 'deployment'>,
  member: number,
  signers: readonly string[],
): Promise<ReadonlyMap<string, Holder>> {
  const points = signers.flatMap((id) => {
    const parts = partsOfSigner(deployment.addresses, id);
    return parts?.type === 'webauthn' ? [{ id, x: parts.x.toLowerCase(), y: parts.y.toLowerCase() }] : [];
  });
  const others = signers.filter((id) => !points.some((point) => point.id === id));
  const [found, owned] = await Promise.all([
    holdersOf(db, member, points),
    holdersOfSigners(db, member, others),
  ]);
  const byPoint = new Map(found.map((holder) => [holder.x + holder.y, holder]));
  const bySigner = new Map(owned.map((holder) => [holder.signer, holder]));
  const holders: (readonly [string, Holder | undefined])[] = [
    ...points.map(({ id, x, y }) => [id, byPoint.get(x + y)] as const),
    ...others.map((id) => [id, bySigner.get(id.toLowerCase())] as const),
  ];
  return new Map(holders.flatMap(([id, holder]) => (holder === undefined ? [] : [[id, holder] as const])));
}
