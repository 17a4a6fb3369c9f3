/** What is signed is worked out here from what was asked for; what the API says of it only has to agree. */
import { normalised } from '../chain/signature-forms.ts';
import type {
  PreparedInstruction,
  PreparedQuote,
  QuoteInput,
  SignatureInput,
  Signer,
} from './generated/schema.ts';
import {
  digestOfInstruction,
  digestOfBatch,
  digestOfDecision,
  digestOfQuote,
  type Decision,
  type InstructionInput,
  type Party,
} from './instructions/index.ts';
import type { Key } from './key.ts';
import type { Given } from './routes.ts';

/** Any key that signs a digest: this package's, or one that a device or a wallet keeps. */
export type SigningKey = Pick<Key, 'is' | 'sign'>;

/**
 * Signs a prepared instruction. Throws INSTRUCTION_ALTERED if a call, its sentence, the account or the chain is not what was asked for, or
 * the key is none of its signers.
 */
export const signInstruction = (
  prepared: PreparedInstruction,
  asked: InstructionInput,
  party: Party,
  key: SigningKey,
): SignatureInput[] => [signatureOf(key, digestOfInstruction(prepared, asked, party), prepared.signers)];

/** Signs what the operator decides, as one of the people who are the operator. Throws INSTRUCTION_ALTERED. */
export const signDecision = (
  prepared: PreparedInstruction,
  asked: Decision,
  party: Pick<Party, 'pin' | 'account' | 'name'>,
  key: SigningKey,
): SignatureInput[] => [signatureOf(key, digestOfDecision(prepared, asked, party), prepared.signers)];

/** Signs bills that the platform read from a file: nothing but issues, and together what the sentence says. */
export const signBatch = (prepared: PreparedInstruction, party: Party, key: SigningKey): SignatureInput[] => [
  signatureOf(key, digestOfBatch(prepared, party).digest, prepared.signers),
];

/** Signs a prepared quote. Throws INSTRUCTION_ALTERED if it is not what was asked for in `terms`. */
export const signQuote = (
  prepared: PreparedQuote,
  terms: Given<QuoteInput>,
  party: Party,
  key: SigningKey,
): SignatureInput[] => [signatureOf(key, digestOfQuote(prepared, terms, party), prepared.signers)];

/** Devices and wallets write the same signature in several forms; the account takes one. */
function signatureOf(key: SigningKey, digest: string, signers: readonly Signer[]): SignatureInput {
  const signer = signers.find(({ id }) => key.is(id));
  if (signer === undefined) throw new Error('this key is none of the signers of the account');
  const signature = key.sign(digest);
  return {
    signer: signer.id,
    signature: signer.type === 'other' ? signature : normalised(signer.type, signature),
  };
}
