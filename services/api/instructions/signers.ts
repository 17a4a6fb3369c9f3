/** Who signs for an account, and whether a signature is theirs and in its one form. */
import { orgAccountAt } from '#chain/contracts.ts';
import { isSignedBy } from '#chain/signature-checks.ts';
import { formFault, type FormFault } from '#chain/signature-forms.ts';
import { partsOfSigner, type Call, type SignerParts, type SignerSignature } from '#chain/typed-data.ts';
import { toBytes, toHex } from '#db/wire/bytes.ts';
import { findPolicy, type AccountPolicy } from '#db/accounts/read.ts';
import { KIND_BITS, LARGEST, needOf, type Need, type PolicySigner } from '#domain/accounts/policy.ts';
import { Problem, type Text } from '#domain/problems.ts';
import type { Services } from '../services.ts';
import { isContract, isSignedByContract } from './contract-signers.ts';
import { beyondLimits, type BeyondLimit } from './limits.ts';
import { foreignAccount } from './refusal.ts';

export type AccountSigner = Omit<PolicySigner, 'key'> & {
  /** ERC-7913, hex. */
  readonly id: string;
  /** `contract`: an address with code, which says itself whether it signed (ERC-1271). */
  readonly type: SignerParts['type'] | 'contract' | 'other';
};
/** An account of ours that is a signer of another one: its people sign for that one too. */
export type Branch = Pick<AccountPolicy, 'rules' | 'threshold' | 'adminThreshold'> & {
  /** As the head office's account knows it: its address. */
  readonly id: string;
  /** Those who count when it says what it signed (OrgAccount, ERC-1271): without a limit a day. */
  readonly signers: readonly AccountSigner[];
};
/** Who signs for an account, how much weight and which levels it takes, and what is about to change of that. */
export type Policy = Omit<AccountPolicy, 'signers'> & {
  readonly signers: readonly AccountSigner[];
  readonly branches: readonly Branch[];
};

type Wanted = Pick<Services, 'db' | 'provider' | 'deployment'>;

/** As the domain weighs it. */
export const weighed = <P extends { readonly signers: readonly AccountSigner[] }>({
  signers,
  ...policy
}: P) => ({
  ...policy,
  signers: signers.map(({ id, type: _type, ...terms }) => ({ key: id, ...terms })),
});

/** Throws FORBIDDEN for an account that our factory did not make: whatever it says of itself, we send nothing to it. */
export async function policyOf(services: Wanted, account: string): Promise<Policy> {
  const found = await findPolicy(services.db, toBytes(account));
  if (found === undefined) throw foreignAccount();
  const signers = await withTypes(services, found);
  const branches = await Promise.all(
    signers.filter(({ type }) => type === 'contract').map(({ id }) => branchAt(services, id)),
  );
  return { ...found, signers, branches: branches.filter((branch) => branch !== undefined) };
}

/** Undefined for a contract that is no account of ours. */
async function branchAt(services: Wanted, id: string): Promise<Branch | undefined> {
  const found = await findPolicy(services.db, toBytes(id));
  if (found === undefined) return undefined;
  const { rules, threshold, adminThreshold } = found;
  const signers = await withTypes(services, found);
  return {
    ...{ id, rules, threshold, adminThreshold },
    signers: signers.filter(({ dayLimit }) => dayLimit === 0n),
  };
}

/** What was prepared at a branch is signed by the head office's own and by that branch; the others have nothing to do with it. */
export function atItsBranch<P extends Pick<Policy, 'branches'>>(
  policy: P,
  { branch }: { readonly branch?: Buffer | string | null | undefined },
): P {
  if (branch === null || branch === undefined) return policy;
  const own = typeof branch === 'string' ? branch.toLowerCase() : toHex(branch);
  return { ...policy, branches: policy.branches.filter(({ id }) => id.toLowerCase() === own) };
}

const withTypes = (services: Wanted, { signers }: AccountPolicy): Promise<AccountSigner[]> =>
  Promise.all(
    signers.map(async ({ key, ...terms }) => ({ id: key, type: await typeOf(services, key), ...terms })),
  );

async function typeOf(services: Wanted, id: string): Promise<AccountSigner['type']> {
  const parts = partsOfSigner(services.deployment.addresses, id);
  if (parts?.type !== 'ecdsa') return parts?.type ?? 'other';
  return (await isContract(services, parts.address)) ? 'contract' : 'ecdsa';
}

/** A policy, and what it asks of one batch or quote. */
export type PolicyForBatch = Policy & {
  readonly need: Need;
  /** Signers who may not sign it today. */
  readonly beyond: readonly BeyondLimit[];
};

/**
 * The policy for a batch. Where it has rules, the chain reads the calls as it will when it carries them out; without, it matters only
 * whether one is the account's own.
 */
export async function policyFor(
  services: Wanted & Pick<Services, 'provider'>,
  account: string,
  calls: readonly Call[],
  policy?: Policy,
): Promise<PolicyForBatch> {
  const found = policy ?? (await policyOf(services, account));
  const [need, beyond] = await Promise.all([
    needFor(services, account, calls, found),
    beyondLimits(services, account, found, calls),
  ]);
  return { ...found, need, beyond };
}

async function needFor(
  services: Pick<Services, 'provider'>,
  account: string,
  calls: readonly Call[],
  found: Policy,
): Promise<Need> {
  if (found.rules.length === 0) {
    const kinds = calls.map(({ target }) =>
      target.toLowerCase() === account.toLowerCase() ? KIND_BITS.own : KIND_BITS.other,
    );
    const all = kinds.reduce<number>((bits, kind) => bits | kind, 0);
    return needOf(found, { kinds: all, amount: 0n });
  }
  const [, , weight, levels] = await orgAccountAt(account, services.provider).neededFor([...calls]);
  return { weight: Number(weight), levels: Number(levels) };
}

/** The policy for a quote: what the dearest financing needs, and nobody counts who has a limit a day (see OrgAccount.sol). */
export async function policyForQuote(services: Wanted, account: string): Promise<PolicyForBatch> {
  const policy = await policyOf(services, account);
  const need = needOf(policy, { kinds: KIND_BITS.finance, amount: LARGEST });
  const signers = policy.signers.filter(({ dayLimit }) => dayLimit === 0n);
  return { ...policy, signers, branches: [], need, beyond: [] };
}

/**
 * Checks a signature as the account will: by a signer of the account and over the digest. Throws SIGNATURE_INVALID, or
 * SIGNATURE_FORM for one in a form that the account refuses. Returns the signer as the account has it.
 */
export async function checkSignature(
  { signers }: Pick<Policy, 'signers'>,
  services: Pick<Services, 'provider' | 'deployment'>,
  digest: string,
  { signer, signature }: SignerSignature,
): Promise<string> {
  const known = signers.find(({ id }) => id.toLowerCase() === signer.toLowerCase());
  if (known === undefined)
    throw invalid(`${signer} 不是该账户的签名人`, `${signer} does not sign for this account`);
  if (!(await isSigned(services, known, digest, signature))) {
    throw invalid(`${known.id} 的签名与内容不符`, `The signature of ${known.id} is not over this digest`);
  }
  return known.id;
}

/** A signature by a key that may be no signer of any account. Throws as {@link checkSignature}. */
export async function checkKeySignature(
  services: Wanted,
  digest: string,
  { signer: id, signature }: SignerSignature,
): Promise<void> {
  if (!(await isSigned(services, { id, type: await typeOf(services, id) }, digest, signature)))
    throw invalid(`${id} 的签名与内容不符`, `The signature of ${id} is not over this digest`);
}

/** Throws SIGNATURE_FORM. */
async function isSigned(
  services: Pick<Services, 'provider' | 'deployment'>,
  { id, type }: Pick<AccountSigner, 'id' | 'type'>,
  digest: string,
  signature: string,
): Promise<boolean> {
  if (type === 'contract') return isSignedByContract(services, id, digest, signature);
  const parts = partsOfSigner(services.deployment.addresses, id);
  if (parts === undefined) return false;
  const fault = formFault(parts.type, signature);
  if (fault !== undefined) throw new Problem('SIGNATURE_FORM', ofSigner(id, FORM_FAULTS[fault]));
  return isSignedBy(parts, digest, signature);
}

const FORM_FAULTS: Record<FormFault, Text> = {
  length: {
    zh: '长度须为 64 字节（P-256、SM2：r‖s）或 65 字节（ECDSA：r‖s‖v）',
    en: 'it must be 64 bytes (P-256, SM2: r‖s) or 65 bytes (ECDSA: r‖s‖v) long',
  },
  encoding: {
    zh: '须为 WebAuthnAuth 结构的 ABI 编码',
    en: 'it must be the ABI encoding of a WebAuthnAuth',
  },
  'high s': { zh: 's 过大，请用低 s（阶减 s）', en: 'use low s (the order of the curve minus s)' },
  v: { zh: 'v 须为 27 或 28', en: 'v must be 27 or 28' },
};

const ofSigner = (signer: string, { zh, en }: Text): Text => ({
  zh: `${signer} 的签名：${zh}`,
  en: `The signature of ${signer}: ${en}`,
});

const invalid = (zh: string, en: string): Problem => new Problem('SIGNATURE_INVALID', { zh, en });
