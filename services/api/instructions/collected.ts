/** Signatures that come in one by one: whose they are, what is missing, and all of them as the account takes them. */
import type { Static } from 'typebox';
import { encodeSignature, partsOfSigner, type SignerSignature } from '#chain/typed-data.ts';
import { holdersOf, type Collected, type Holder, type NewSignature } from '#db/instructions/signatures.ts';
import { counted, missingOf } from '#domain/accounts/missing.ts';
import { Problem } from '#domain/problems.ts';
import type { Services } from '../services.ts';
import type { Signing } from './schema.ts';
import { checkSignature, type Policy } from './signers.ts';

type Wanted = Pick<Services, 'db' | 'deployment'>;
export type Holders = ReadonlyMap<string, Holder>;

/** Whose devices the signers of an account are, by signer; a key of a system is nobody's. */
export async function holdersIn(
  { db, deployment }: Wanted,
  member: number,
  { signers }: Policy,
): Promise<Holders> {
  const points = signers.flatMap(({ id }) => {
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

/**
 * Each by itself, of each signer one. Throws SIGNATURE_INVALID, SIGNATURE_FORM, or DEVICE_OF_NOBODY for a device that was
 * revoked or whose person may not sign here (any more): the account may still take it, we do not.
 */
export function checkedSignatures(
  { deployment }: Pick<Services, 'deployment'>,
  policy: Policy,
  holders: Holders,
  digest: string,
  given: readonly SignerSignature[],
): NewSignature[] {
  const bySigner = new Map<string, NewSignature>();
  for (const each of given) {
    const signer = checkSignature(policy, deployment.addresses, digest, each);
    const holder = holders.get(signer);
    if (holder?.maySign === false) throw new Problem('DEVICE_OF_NOBODY');
    if (bySigner.has(signer)) throw twice();
    bySigner.set(signer, { signer, signature: each.signature, person: holder?.person ?? null });
  }
  return [...bySigner.values()];
}

const twice = (): Problem =>
  new Problem('SIGNATURE_INVALID', { zh: '同一签名人签了两次', en: 'One signer has signed twice' });

/** What the account takes, once it is enough; undefined before. */
export function combined(policy: Policy, all: readonly NewSignature[]): string | undefined {
  if (missingOf(policy, all).weight > 0) return undefined;
  return encodeSignature(counted(policy, all).map(({ signer, signature }) => ({ signer, signature })));
}

const personRef = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? '' });

/** @param person Who looks; undefined: a system or a visitor of the demonstration. */
export function signingView(
  policy: Policy,
  holders: Holders,
  all: readonly Collected[],
  person: string | undefined,
): Static<typeof Signing> {
  const personOf = (signer: string) => holders.get(signer)?.person ?? null;
  const { weight, signers } = missingOf(policy, all, personOf);
  const able = signers.filter((id) => holders.get(id)?.maySign !== false);
  return {
    threshold: policy.threshold,
    signatures: all.map(({ signer, person: id, personName, device, at }) => ({
      signer,
      person: personRef(id, personName),
      device,
      at: at.toISOString(),
    })),
    missing: {
      weight,
      signers: able.map((id) => {
        const holder = holders.get(id);
        return {
          signer: id,
          person: holder === undefined ? null : personRef(holder.person, holder.name),
          device: holder?.device ?? null,
        };
      }),
    },
    waitsForYou: person !== undefined && able.some((id) => personOf(id) === person),
  };
}
