/** Signatures that come in one by one: whose they are, what is missing, and all of them as the account takes them. */
import type { Static } from 'typebox';
import { orgAccountAt } from '#chain/contracts.ts';
import { encodeSignature, type Call, type SignerSignature, type TypedData } from '#chain/typed-data.ts';
import type { Collected, Holder, NewSignature } from '#db/instructions/signatures.ts';
import { counted, missingOfPeople } from '#domain/accounts/people.ts';
import {
  KIND_BITS,
  LARGEST,
  needOf,
  type Batch,
  type Policy as WholePolicy,
} from '#domain/accounts/policy.ts';
import { Problem } from '#domain/problems.ts';
import type { MemberPerson } from '../app-types.ts';
import type { Services } from '../services.ts';
import { branchOf, branchSigning, helpfulFor, withBranchSignatures, type BranchSigning } from './branches.ts';
import type { BeyondLimit } from './limits.ts';
import { holdersIn } from './holders.ts';
import type { Signing } from './schema.ts';
import { checkSignature, weighed as weighedOf, type Policy, type PolicyForBatch } from './signers.ts';

type Wanted = Pick<Services, 'db' | 'deployment' | 'provider' | 'clock'>;

type Signatory = Pick<MemberPerson, 'number' | 'account'>;

/** By what signatures of one thing are judged. */
export type Collection = {
  readonly policy: PolicyForBatch;
  readonly weighed: Pick<WholePolicy, 'signers' | 'rules' | 'threshold' | 'adminThreshold'>;
  readonly batch: Batch;
  /** Whose people can sign for the firm too; none for what no branch can sign. */
  readonly branches: readonly BranchSigning[];
  /** Whose devices the signers are, by signer; a key of a system is nobody's. */
  readonly holders: ReadonlyMap<string, Holder>;
  /** Of which a signer that is a contract is asked. */
  readonly services: Pick<Services, 'provider' | 'deployment'>;
  /** Seconds. */
  readonly now: number;
};

/**
 * @param calls Of the instruction that is to be signed.
 * @param asked What is signed, as branches nest it; left out where none can.
 */
export const collectionOf = async (
  services: Wanted,
  by: Signatory,
  policy: Policy,
  calls: readonly Call[],
  asked?: TypedData,
): Promise<Collection> =>
  collectionFor(services, by, policy, {
    batch: await batchOf(services, by.account, policy, calls),
    weighed: weighedOf(policy),
    branches: asked === undefined ? [] : policy.branches.map((branch) => branchSigning(branch, asked)),
  });

/** A quote is judged as the bank's dearest financing, and whoever has a limit a day does not count (OrgAccount, ERC-1271). */
export function collectionOfQuote(services: Wanted, by: Signatory, policy: Policy): Promise<Collection> {
  const weighed = weighedOf(policy);
  const signers = weighed.signers.filter(({ dayLimit }) => dayLimit === 0n);
  const batch = { kinds: KIND_BITS.finance, amount: LARGEST };
  return collectionFor(services, by, policy, { batch, weighed: { ...weighed, signers }, branches: [] });
}

/** A statement that moves nothing and goes to no chain is judged as the account's least act on others. */
export const collectionOfStatement = (services: Wanted, by: Signatory, policy: Policy): Promise<Collection> =>
  collectionFor(services, by, policy, {
    batch: { kinds: KIND_BITS.other, amount: 0n },
    weighed: weighedOf(policy),
    branches: [],
  });

async function collectionFor(
  services: Wanted,
  by: Signatory,
  policy: Policy,
  judged: Pick<Collection, 'batch' | 'weighed' | 'branches'>,
): Promise<Collection> {
  const { clock } = services;
  const signers = [...policy.signers, ...judged.branches.flatMap((branch) => branch.signers)];
  const [holders, now] = await Promise.all([
    holdersIn(
      services,
      by.number,
      signers.map(({ id }) => id),
    ),
    clock.now(),
  ]);
  const need = needOf(judged.weighed, judged.batch);
  return { policy: { ...policy, need, beyond: [] }, ...judged, holders, services, now };
}

/** What the account reads of calls. It is asked itself where it has rules by kind and amount; without any nothing depends on them. */
async function batchOf(
  { provider }: Wanted,
  account: string,
  { rules }: Policy,
  calls: readonly Call[],
): Promise<Batch> {
  if (rules.length > 0) {
    const { kinds, amount } = await orgAccountAt(account, provider).neededFor([...calls]);
    return { kinds: Number(kinds), amount };
  }
  const isOwn = ({ target }: Call): boolean => target.toLowerCase() === account.toLowerCase();
  const kinds = calls.reduce((bits, call) => bits | (isOwn(call) ? KIND_BITS.own : KIND_BITS.other), 0);
  return { kinds, amount: 0n };
}

/**
 * Each by itself, of each signer one. Throws SIGNATURE_INVALID, SIGNATURE_FORM, or DEVICE_OF_NOBODY for a device that was
 * revoked or whose person may not sign here (any more): the account may still take it, we do not.
 */
export async function checkedSignatures(
  { policy, branches, services, holders }: Collection,
  digest: string,
  given: readonly SignerSignature[],
): Promise<NewSignature[]> {
  const bySigner = new Map<string, NewSignature>();
  for (const each of given) {
    const branch = branchOf(policy, branches, each.signer);
    const signer = await checkSignature(branch ?? policy, services, branch?.digest ?? digest, each);
    const holder = holders.get(signer);
    if (holder?.maySign === false) throw new Problem('DEVICE_OF_NOBODY');
    if (bySigner.has(signer)) throw twice();
    bySigner.set(signer, { signer, signature: each.signature, person: holder?.person ?? null });
  }
  return [...bySigner.values()];
}

const twice = (): Problem =>
  new Problem('SIGNATURE_INVALID', { zh: '同一签名人签了两次', en: 'One signer has signed twice' });

/** A signature that is beyond its signer's limit a day would spoil all others with it. Throws DAY_LIMIT_EXCEEDED. */
export function requireWithin(
  { policy, branches }: Pick<Collection, 'policy' | 'branches'>,
  beyond: readonly BeyondLimit[],
  given: readonly Pick<SignerSignature, 'signer'>[],
): void {
  const those = new Set(beyond.map(({ signer }) => signer.toLowerCase()));
  const isBeyond = ({ signer }: Pick<SignerSignature, 'signer'>): boolean =>
    those.has((branchOf(policy, branches, signer)?.id ?? signer).toLowerCase());
  if (given.some(isBeyond)) throw new Problem('DAY_LIMIT_EXCEEDED');
}

/** What the account takes, once it is enough; undefined before. */
export function combined(
  { weighed, branches, batch, now }: Collection,
  all: readonly NewSignature[],
): string | undefined {
  const signed = withBranchSignatures(weighed, branches, all, now);
  if (!missingOfPeople(weighed, batch, signed, now).isEnough) return undefined;
  return encodeSignature(
    counted(weighed, signed, now).map(({ signer, signature }) => ({ signer, signature })),
  );
}

/** For an account in which nobody has a seat yet: all signatures together, each key by itself. Throws as {@link checkedSignatures}. */
export async function allTogether(
  collection: Collection,
  digest: string,
  given: readonly SignerSignature[],
): Promise<{ signatures: NewSignature[]; signature: string }> {
  const nameless = { ...collection, holders: new Map() };
  const signatures = await checkedSignatures(nameless, digest, given);
  const signature = combined(nameless, signatures);
  if (signature === undefined)
    throw new Problem('SIGNATURE_INVALID', {
      zh: '签名不足，达不到账户自身的门槛',
      en: 'The signatures are not enough for the account’s own policy',
    });
  return { signatures, signature };
}

const personRef = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? '' });

/** @param person Who looks; undefined: a system or a visitor of the demonstration. */
export function signingView(
  { policy, weighed, branches, batch, holders, now }: Collection,
  all: readonly Collected[],
  person: string | undefined,
): Static<typeof Signing> {
  const personOf = (signer: string) => holders.get(signer)?.person ?? null;
  const missing = missingOfPeople(
    weighed,
    batch,
    withBranchSignatures(weighed, branches, all, now),
    now,
    personOf,
  );
  const able = missing.isEnough
    ? []
    : missing.helpful
        .filter(({ key }) => !policy.beyond.some(({ signer }) => signer.toLowerCase() === key.toLowerCase()))
        .flatMap(({ key }) => helpfulFor(branches, key, all, now, personOf))
        .filter((key) => holders.get(key)?.maySign !== false);
  return {
    threshold: missing.need.weight,
    signatures: all.map(({ signer, person: id, personName, device, at }) => ({
      signer,
      person: personRef(id, personName),
      device,
      at: at.toISOString(),
    })),
    missing: {
      weight: missing.missingWeight,
      levels: [...missing.missingLevels],
      signers: able.map((signer) => {
        const holder = holders.get(signer);
        return {
          signer,
          person: holder === undefined ? null : personRef(holder.person, holder.name),
          device: holder?.device ?? null,
        };
      }),
    },
    waitsForYou: person !== undefined && able.some((signer) => personOf(signer) === person),
  };
}
