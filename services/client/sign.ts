/** What is signed is worked out here from what was asked for; what the API says of it only has to agree. */
import type {
  PreparedInstruction,
  PreparedQuote,
  PreparedRecovery,
  QuoteInput,
  SignatureInput,
  Signer,
} from './generated/schema.ts';
import {
  formFor,
  toSignOfBatch,
  toSignOfDecision,
  toSignOfInstruction,
  toSignOfQuote,
  toSignOfRecovery,
  type Decision,
  type InstructionInput,
  type Party,
  type Pin,
  type ToSign,
  type TypedData,
} from './instructions/index.ts';
import { inItsForm } from './signers/form.ts';
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
): SignatureInput[] => [signatureOf(key, toSignOfInstruction(prepared, asked, party), prepared.signers)];

/** Signs what the operator decides, as one of the people who are the operator. Throws INSTRUCTION_ALTERED. */
export const signDecision = (
  prepared: PreparedInstruction,
  asked: Decision,
  party: Pick<Party, 'pin' | 'account' | 'name'>,
  key: SigningKey,
): SignatureInput[] => [signatureOf(key, toSignOfDecision(prepared, asked, party), prepared.signers)];

/** Signs bills that the platform read from a file: nothing but issues, and together what the sentence says. */
export const signBatch = (prepared: PreparedInstruction, party: Party, key: SigningKey): SignatureInput[] => [
  signatureOf(key, toSignOfBatch(prepared, party), prepared.signers),
];

/** Signs a prepared quote. Throws INSTRUCTION_ALTERED if it is not what was asked for in `terms`. */
export const signQuote = (
  prepared: PreparedQuote,
  terms: Given<QuoteInput>,
  party: Party,
  key: SigningKey,
): SignatureInput[] => [signatureOf(key, toSignOfQuote(prepared, terms, party), prepared.signers)];

/** Signs, as the new account, that a member moves to it. Throws INSTRUCTION_ALTERED if anything else would be done. */
export const signRecovery = (
  prepared: PreparedRecovery,
  moved: { readonly member: number; readonly account: string },
  pin: Pin,
  key: SigningKey,
): SignatureInput[] => [signatureOf(key, toSignOfRecovery(prepared, moved, pin), prepared.signers)];

/** Any signer, also one that takes its time and shows what it signs: a wallet, a UKey, a passkey. */
export type Device = {
  is(signer: string): boolean;
  sign(digest: string, typedData: TypedData): string | Promise<string>;
};

/** Has a device sign what was found right. */
export async function signBy(
  device: Device,
  toSign: ToSign,
  signers: readonly Signer[],
): Promise<SignatureInput[]> {
  const signer = signerAmong(signers, device);
  const { digest, typedData } = formFor(toSign, signer);
  return [inItsForm(signer, await device.sign(digest, typedData))];
}

function signatureOf(key: SigningKey, toSign: ToSign, signers: readonly Signer[]): SignatureInput {
  const signer = signerAmong(signers, key);
  return inItsForm(signer, key.sign(formFor(toSign, signer).digest));
}

function signerAmong(signers: readonly Signer[], key: Pick<Device, 'is'>): Signer {
  const signer = signers.find(({ id }) => key.is(id));
  if (signer === undefined) throw new Error('this key is none of the signers of the account');
  return signer;
}
