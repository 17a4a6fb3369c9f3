/**
 * Branches sign for the head office: each is an account of its own, of which the head office's asks for one signature (ERC-1271). Its
 * people sign what the firm signs, nested in the branch's domain (ERC-7739); once they are enough, theirs become the branch's one.
 */
import { encodeSignature, nestedDigest, nestedSignature, type TypedData } from '#chain/typed-data.ts';
import type { NewSignature } from '#db/instructions/signatures.ts';
import { counted, missingOfPeople } from '#domain/accounts/people.ts';
import { KIND_BITS, LARGEST, type Policy as WholePolicy } from '#domain/accounts/policy.ts';
import { weighed, type Branch, type Policy } from './signers.ts';

export type BranchSigning = Branch & {
  /** What the head office's account asks for. */
  readonly asked: TypedData;
  /** What the branch's people sign. */
  readonly digest: string;
};
type Weighed = Pick<WholePolicy, 'signers' | 'rules' | 'threshold' | 'adminThreshold'>;

/** As an account judges a hash, of which it cannot see what it is (OrgAccount, ERC-1271). */
const DEAREST = { kinds: KIND_BITS.finance, amount: LARGEST };

export const branchSigning = (branch: Branch, asked: TypedData): BranchSigning => ({
  ...branch,
  asked,
  digest: nestedDigest(branch.id, asked),
});

const has = (
  { signers }: { readonly signers: readonly { readonly id: string }[] },
  signer: string,
): boolean => signers.some(({ id }) => id.toLowerCase() === signer.toLowerCase());

/** For which branch somebody signs; undefined for the head office's own, and for who is nobody's. */
export const branchOf = (
  own: Pick<Policy, 'signers'>,
  branches: readonly BranchSigning[],
  signer: string,
): BranchSigning | undefined =>
  has(own, signer) ? undefined : branches.find((branch) => has(branch, signer));

/**
 * What was handed in, with one signature more for each branch whose people have signed enough. Nobody counts for two: not who has signed
 * for the head office by another device, nor for a branch before.
 */
export function withBranchSignatures(
  own: Weighed,
  branches: readonly BranchSigning[],
  all: readonly NewSignature[],
  now: number,
): readonly NewSignature[] {
  const known = new Set(own.signers.map(({ key }) => key.toLowerCase()));
  const direct = all.filter(({ signer }) => known.has(signer.toLowerCase()));
  const counting = new Set(direct.map(({ person }) => person).filter((person) => person !== null));
  const signed = [...direct];
  for (const branch of branches) {
    if (direct.some(({ signer }) => signer.toLowerCase() === branch.id.toLowerCase())) continue;
    const those = all.filter(
      ({ signer, person }) => has(branch, signer) && (person === null || !counting.has(person)),
    );
    const policy = weighed(branch);
    if (!missingOfPeople(policy, DEAREST, those, now).isEnough) continue;
    const people = counted(policy, those, now);
    const signature = encodeSignature(people.map(({ signer, signature: by }) => ({ signer, signature: by })));
    signed.push({ signer: branch.id, signature: nestedSignature(branch.asked, signature), person: null });
    for (const { person } of people) if (person !== null) counting.add(person);
  }
  return signed;
}

/** Who can make a signer sign that is still missing: itself, or, of a branch, its people. */
export function helpfulFor(
  branches: readonly BranchSigning[],
  signer: string,
  all: readonly NewSignature[],
  now: number,
  personOf: (signer: string) => string | null,
): readonly string[] {
  const branch = branches.find(({ id }) => id.toLowerCase() === signer.toLowerCase());
  if (branch === undefined) return [signer];
  const those = all.filter((each) => has(branch, each.signer));
  return missingOfPeople(weighed(branch), DEAREST, those, now, personOf).helpful.map(({ key }) => key);
}
