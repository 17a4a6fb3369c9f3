/** Whose signatures count under a firm's policy: the chain sees keys, the firm means people. */
import { missingOf, type Batch, type Missing, type Policy, type PolicySigner } from './policy.ts';

export type SignedBy = {
  /** ERC-7913, hex. */
  readonly signer: string;
  /** Whose device it is; null: a key that is no person's device, and counts by itself. */
  readonly person: string | null;
};
type Weighed = Pick<Policy, 'signers' | 'rules' | 'threshold' | 'adminThreshold'>;

/**
 * What counts of the signatures: of each person one, the heaviest and of the highest level, because two devices of one person are one
 * pair of eyes. Signers that the account no longer has, and those whose time is over, do not count.
 *
 * @param now Seconds.
 */
export function counted<S extends SignedBy>(
  { signers }: Pick<Weighed, 'signers'>,
  signed: readonly S[],
  now: number,
): readonly S[] {
  const known = new Map(signers.map((signer) => [lower(signer.key), signer]));
  const best = new Map<string, { each: S; signer: PolicySigner }>();
  for (const each of signed) {
    const signer = known.get(lower(each.signer));
    if (signer === undefined || !isInTime(signer, now)) continue;
    const who = each.person ?? lower(each.signer);
    const before = best.get(who);
    if (before === undefined || isBetter(signer, before.signer)) best.set(who, { each, signer });
  }
  return [...best.values()].map(({ each }) => each);
}

/**
 * What is still missing under a batch, with people counted once.
 *
 * @param personOf Whose device a signer is, as far as it is known.
 */
export function missingOfPeople(
  policy: Weighed,
  batch: Batch,
  signed: readonly SignedBy[],
  now: number,
  personOf: (signer: string) => string | null = () => null,
): Missing {
  const counting = counted(policy, signed, now);
  const missing = missingOf(
    policy,
    batch,
    counting.map(({ signer }) => signer),
    now,
  );
  const known = new Map(policy.signers.map((signer) => [lower(signer.key), signer]));
  const byPerson = new Map(counting.map(({ signer, person }) => [person, known.get(lower(signer))!]));
  const isFresh = (signer: PolicySigner): boolean => {
    const person = personOf(signer.key);
    const before = person === null ? undefined : byPerson.get(person);
    return before === undefined || isBetter(signer, before);
  };
  return { ...missing, helpful: missing.helpful.filter(isFresh) };
}

const isInTime = ({ validUntil }: PolicySigner, now: number): boolean =>
  validUntil === 0 || now <= validUntil;
const isBetter = (one: PolicySigner, other: PolicySigner): boolean =>
  one.weight > other.weight || (one.weight === other.weight && one.level > other.level);
const lower = (key: string): string => key.toLowerCase();
