/** What still has to be signed before a firm's account carries something out, from its policy and from who has signed. */

export type WeighedSigner = {
  /** ERC-7913, hex. */
  readonly id: string;
  readonly weight: number;
};
export type SigningPolicy = { readonly signers: readonly WeighedSigner[]; readonly threshold: number };

export type SignedBy = {
  readonly signer: string;
  /** Whose device it is; null: a key that is no person's device, and counts by itself. */
  readonly person: string | null;
};

export type Missing = {
  /** 0: nothing is missing. */
  readonly weight: number;
  /** Those of whom one more signature would help. */
  readonly signers: readonly string[];
};

/**
 * What counts of the signatures: of each person one, the heaviest, because two devices of one person are one pair of eyes. The
 * chain sees keys alone and would count both. Signers that the account no longer has do not count.
 */
export function counted<S extends SignedBy>(policy: SigningPolicy, signed: readonly S[]): readonly S[] {
  const weights = weightsOf(policy);
  const heaviest = new Map<string, S>();
  for (const each of signed) {
    const weight = weights.get(lower(each.signer));
    if (weight === undefined) continue;
    const who = each.person ?? lower(each.signer);
    const before = heaviest.get(who);
    if (before === undefined || weight > weights.get(lower(before.signer))!) heaviest.set(who, each);
  }
  return [...heaviest.values()];
}

/** @param personOf Whose device a signer is, as far as it is known. */
export function missingOf(
  policy: SigningPolicy,
  signed: readonly SignedBy[],
  personOf: (signer: string) => string | null = () => null,
): Missing {
  const weights = weightsOf(policy);
  const counting = counted(policy, signed);
  const given = counting.reduce((sum, { signer }) => sum + weights.get(lower(signer))!, 0);
  const weight = Math.max(0, policy.threshold - given);
  const byPerson = new Map(counting.map(({ signer, person }) => [person ?? lower(signer), signer]));
  const helps = ({ id, weight: own }: WeighedSigner): boolean => {
    const before = byPerson.get(personOf(id) ?? lower(id));
    return before === undefined || own > weights.get(lower(before))!;
  };
  return { weight, signers: weight === 0 ? [] : policy.signers.filter(helps).map(({ id }) => id) };
}

const lower = (signer: string): string => signer.toLowerCase();
const weightsOf = ({ signers }: SigningPolicy) =>
  new Map(signers.map(({ id, weight }) => [lower(id), weight]));
