/** Who signs for an account, and whether a signature is theirs and in its one form. */
import { isSignedBy } from '#chain/signature-checks.ts';
import { formFault, type FormFault } from '#chain/signature-forms.ts';
import {
  encodeSignature,
  partsOfSigner,
  type SignerParts,
  type SignerSignature,
  type Verifiers,
} from '#chain/typed-data.ts';
import { toBytes } from '#db/wire/bytes.ts';
import { findPolicy, type AccountPolicy } from '#db/accounts/read.ts';
import type { PolicySigner } from '#domain/accounts/policy.ts';
import { Problem, type Text } from '#domain/problems.ts';
import type { Services } from '../services.ts';
import { foreignAccount } from './refusal.ts';

export type AccountSigner = Omit<PolicySigner, 'key'> & {
  /** ERC-7913, hex. */
  readonly id: string;
  readonly type: SignerParts['type'] | 'other';
};
/** Who signs for an account, how much weight and which levels it takes, and what is about to change of that. */
export type Policy = Omit<AccountPolicy, 'signers'> & { readonly signers: readonly AccountSigner[] };

type Wanted = Pick<Services, 'db' | 'deployment'>;

/** Throws FORBIDDEN for an account that our factory did not make: whatever it says of itself, we send nothing to it. */
export async function policyOf({ db, deployment }: Wanted, account: string): Promise<Policy> {
  const found = await findPolicy(db, toBytes(account));
  if (found === undefined) throw foreignAccount();
  return {
    ...found,
    signers: found.signers.map(({ key, ...terms }) => ({
      id: key,
      type: partsOfSigner(deployment.addresses, key)?.type ?? 'other',
      ...terms,
    })),
  };
}

/**
 * Checks signatures as the account will: each by a signer of the account and over the digest, together heavy enough.
 * Throws SIGNATURE_INVALID, or SIGNATURE_FORM for one in a form that the account refuses. Returns them as the account takes
 * them.
 */
export function checkSignatures(
  { signers, threshold }: Policy,
  verifiers: Verifiers,
  digest: string,
  signatures: readonly SignerSignature[],
): string {
  const bySigner = new Map(signers.map((signer) => [signer.id.toLowerCase(), signer]));
  const signed = new Map<string, SignerSignature>();
  let weight = 0;
  for (const { signer, signature } of signatures) {
    const known = bySigner.get(signer.toLowerCase());
    if (known === undefined)
      throw invalid(`${signer} 不是该账户的签名人`, `${signer} does not sign for this account`);
    if (signed.has(known.id)) throw invalid('同一签名人签了两次', 'One signer has signed twice');
    const parts = partsOfSigner(verifiers, known.id);
    const fault = parts && formFault(parts.type, signature);
    if (fault !== undefined) throw new Problem('SIGNATURE_FORM', ofSigner(known.id, FORM_FAULTS[fault]));
    if (parts === undefined || !isSignedBy(parts, digest, signature)) {
      throw invalid(`${known.id} 的签名与内容不符`, `The signature of ${known.id} is not over this digest`);
    }
    signed.set(known.id, { signer: known.id, signature });
    weight += known.weight;
  }
  if (weight < threshold) {
    throw invalid(
      `签名权重 ${weight}，须达到 ${threshold}`,
      `The signatures weigh ${weight}; ${threshold} is needed`,
    );
  }
  return encodeSignature([...signed.values()]);
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
