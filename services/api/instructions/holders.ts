/** Whose devices the signers of an account are. */
import { partsOfSigner } from '#chain/typed-data.ts';
import { holdersOf, type Holder } from '#db/instructions/signatures.ts';
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
  const found = await holdersOf(db, member, points);
  const byPoint = new Map(found.map((holder) => [holder.x + holder.y, holder]));
  return new Map(
    points.flatMap(({ id, x, y }) => {
      const holder = byPoint.get(x + y);
      return holder === undefined ? [] : [[id, holder] as const];
    }),
  );
}
