/** Signatures that come in one by one: whose they are, what is missing, and all of them as the account takes them. */
import type { Static } from 'typebox';
import { orgAccountAt } from '#chain/contracts.ts';
import {
  encodeSignature,
  partsOfSigner,
  type Call,
  type SignerSignature,
  type Verifiers,
} from '#chain/typed-data.ts';
import { holdersOf, type Collected, type Holder, type NewSignature } from '#db/instructions/signatures.ts';
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
import type { Signing } from './schema.ts';
import { checkSignature, type Policy, type PolicyForBatch } from './signers.ts';

type Wanted = Pick<Services, 'db' | 'deployment' | 'provider' | 'clock'>;

type Signatory = Pick<MemberPerson, 'number' | 'account'>;

/** By what signatures of one thing are judged. */
export type Collection = {
  readonly policy: PolicyForBatch;
  readonly weighed: Pick<WholePolicy, 'signers' | 'rules' | 'threshold' | 'adminThreshold'>;
  readonly batch: Batch;
  /** Whose devices the signers are, by signer; a key of a system is nobody's. */
  readonly holders: ReadonlyMap<string, Holder>;
  /** Of which a signer that is a contract is asked. */
  readonly services: Pick<Services, 'provider' | 'deployment'>;
  /** Seconds. */
  readonly now: number;
};

/** @param calls Of the instruction that is to be signed. */
export const collectionOf = async (
  services: Wanted,
  by: Signatory,
  policy: Policy,
  calls: readonly Call[],
): Promise<Collection> =>
  collectionFor(services, by, policy, await batchOf(services, by.account, policy, calls), weighedOf(policy));

/** A quote is judged as the bank's dearest financing, and whoever has a limit a day does not count (OrgAccount, ERC-1271). */
export function collectionOfQuote(services: Wanted, by: Signatory, policy: Policy): Promise<Collection> {
  const weighed = weighedOf(policy);
  const signers = weighed.signers.filter(({ dayLimit }) => dayLimit === 0n);
  const batch = { kinds: KIND_BITS.finance, amount: LARGEST };
  return collectionFor(services, by, policy, batch, { ...weighed, signers });
}

/** A statement that moves nothing and goes to no chain is judged as the account's least act on others. */
export const collectionOfStatement = (services: Wanted, by: Signatory, policy: Policy): Promise<Collection> =>
  collectionFor(services, by, policy, { kinds: KIND_BITS.other, amount: 0n }, weighedOf(policy));

async function collectionFor(
  services: Wanted,
  by: Signatory,
  policy: Policy,
  batch: Batch,
  weighed: Collection['weighed'],
): Promise<Collection> {
  const { db, deployment, clock } = services;
  const [holders, now] = await Promise.all([
    holdersIn({ db }, deployment.addresses, by.number, policy),
    clock.now(),
  ]);
  return { policy: { ...policy, need: needOf(weighed, batch) }, weighed, batch, holders, services, now };
}

const weighedOf = ({ signers, ...policy }: Policy): Collection['weighed'] => ({
  ...policy,
  signers: signers.map(({ id, type: _type, ...terms }) => ({ key: id, ...terms })),
});

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

async function holdersIn(
  { db }: Pick<Services, 'db'>,
  verifiers: Verifiers,
  member: number,
  { signers }: Policy,
): Promise<Collection['holders']> {
  const points = signers.flatMap(({ id }) => {
    const parts = partsOfSigner(verifiers, id);
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
export async function checkedSignatures(
  { policy, services, holders }: Collection,
  digest: string,
  given: readonly SignerSignature[],
): Promise<NewSignature[]> {
  const bySigner = new Map<string, NewSignature>();
  for (const each of given) {
    const signer = await checkSignature(policy, services, digest, each);
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
export function combined(
  { weighed, batch, now }: Collection,
  all: readonly NewSignature[],
): string | undefined {
  if (!missingOfPeople(weighed, batch, all, now).isEnough) return undefined;
  return encodeSignature(counted(weighed, all, now).map(({ signer, signature }) => ({ signer, signature })));
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
  { weighed, batch, holders, now }: Collection,
  all: readonly Collected[],
  person: string | undefined,
): Static<typeof Signing> {
  const personOf = (signer: string) => holders.get(signer)?.person ?? null;
  const missing = missingOfPeople(weighed, batch, all, now, personOf);
  const able = missing.isEnough
    ? []
    : missing.helpful.map(({ key }) => key).filter((key) => holders.get(key)?.maySign !== false);
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
