import type { PreparedInstruction, PreparedQuote, QuoteInput } from '../generated/schema.ts';
import type { Given } from '../routes.ts';
import { checkBatch, checkInstruction } from './check.ts';
import { refused, type Signing } from './reader.ts';
import type { InstructionInput } from '../../domain/instructions/instructions.ts';
import { checkQuote } from './sales.ts';
import { instructionDigest, quoteDigest } from './digest.ts';
import { checkDecision, type Decision } from './operator.ts';
import { askedOf, quoteIn } from './quote.ts';

/** Who signs, where. `account`: undefined until the signer knows it. */
export type Party = Signing & { readonly account?: string | undefined };
export type Prepared = Pick<
  PreparedInstruction,
  'account' | 'calls' | 'digest' | 'documents' | 'meaning' | 'nonce' | 'validUntil'
>;
export type PreparedQuoteParts = Pick<PreparedQuote, 'account' | 'digest' | 'typedData'>;

/** The digest to sign. Throws INSTRUCTION_ALTERED where the act, its account or its chain is not what was asked for. */
export function digestOfInstruction(prepared: Prepared, asked: InstructionInput, party: Party): string {
  checkInstruction(asked, prepared, party);
  return digestOf(prepared, party);
}

/** The same for what the operator decides. */
export function digestOfDecision(
  prepared: Prepared,
  asked: Decision,
  { pin, account, name }: Pick<Party, 'pin' | 'account' | 'name'>,
): string {
  checkDecision(asked, prepared, { pin, name, account: prepared.account });
  return digestOf(prepared, { pin, account });
}

/** The same for bills that the platform read from a file; says how many they are, and of how much. */
export function digestOfBatch(prepared: Prepared, party: Party) {
  const bills = checkBatch(prepared, party);
  return { ...bills, digest: digestOf(prepared, party) };
}

export function digestOfQuote(prepared: PreparedQuoteParts, terms: Given<QuoteInput>, party: Party): string {
  const quote = quoteIn(prepared.typedData);
  checkQuote(askedOf(terms), quote, party);
  const { chainId, contracts } = party.pin;
  return agreed(prepared, quoteDigest(chainId, contracts.desk, prepared.account, quote), party);
}

function digestOf(prepared: Prepared, party: Pick<Party, 'pin' | 'account'>): string {
  const { account, calls, nonce, validUntil } = prepared;
  const instruction = { calls, nonce: BigInt(nonce), validUntil: Date.parse(validUntil) / 1_000 };
  return agreed(prepared, instructionDigest(party.pin.chainId, account, instruction), party);
}

function agreed(
  prepared: { readonly account: string; readonly digest: string },
  digest: string,
  { account }: Pick<Party, 'account'>,
): string {
  if (account !== undefined && account.toLowerCase() !== prepared.account.toLowerCase())
    refused('账户不同', 'it is for another account');
  return digest === prepared.digest ? digest : refused('摘要不符', 'it is not what its digest says');
}
