import type { PreparedInstruction, PreparedQuote, QuoteInput } from '../generated/schema.ts';
import type { Given } from '../routes.ts';
import { checkBatch, checkInstruction } from './check.ts';
import { Reader, refused, same, type Pin, type Signing } from './reader.ts';
import type { InstructionInput } from '../../domain/instructions/instructions.ts';
import { checkQuote } from './sales.ts';
import { branchDigest, instructionDigest, quoteDigest } from './digest.ts';
import { checkDecision, type Decision } from './operator.ts';
import { askedOf, quoteIn } from './quote.ts';
import { branchTypedData, instructionTypedData, quoteTypedData, type TypedData } from './typed-data.ts';

/** Who signs, where. `account`: undefined until the signer knows it. */
export type Party = Signing & { readonly account?: string | undefined };
export type Prepared = Pick<
  PreparedInstruction,
  'account' | 'calls' | 'digest' | 'documents' | 'meaning' | 'nonce' | 'validUntil'
>;
export type PreparedQuoteParts = Pick<PreparedQuote, 'account' | 'digest' | 'typedData'>;

type Form = { readonly digest: string; readonly typedData: TypedData };
/**
 * What is signed: the digest, for keys that sign one, and what it is the digest of, for wallets that show it. Who signs for a branch signs
 * the same nested in the branch's domain; a quote no branch can sign.
 */
export type ToSign = Form & { readonly inBranch?: (branch: string) => Form };

/** What one of the signers signs. */
export const formFor = (toSign: ToSign, { branch }: { readonly branch: string | null }): Form =>
  branch === null
    ? toSign
    : (toSign.inBranch?.(branch) ?? refused('分支机构不能签署此项', 'a branch cannot sign this'));

/** Throws INSTRUCTION_ALTERED where the act, its account or its chain is not what was asked for. */
export function toSignOfInstruction(prepared: Prepared, asked: InstructionInput, party: Party): ToSign {
  checkInstruction(asked, prepared, party);
  return toSignOf(prepared, party);
}

/** The same for what the operator decides. */
export function toSignOfDecision(
  prepared: Prepared,
  asked: Decision,
  { pin, account, name }: Pick<Party, 'pin' | 'account' | 'name'>,
): ToSign {
  checkDecision(asked, prepared, { pin, name, account: prepared.account });
  return toSignOf(prepared, { pin, account });
}

/** The same for bills that the platform read from a file; says how many they are, of how much, and each of them. */
export function toSignOfBatch(prepared: Prepared, party: Party) {
  const bills = checkBatch(prepared, party);
  return { ...bills, ...toSignOf(prepared, party) };
}

export type PreparedRecoveryParts = Pick<Prepared, 'account' | 'calls' | 'digest' | 'nonce' | 'validUntil'>;

/** To complete the recovery of a member as its new account, and nothing else. */
export function toSignOfRecovery(
  prepared: PreparedRecoveryParts,
  { member, account }: { readonly member: number; readonly account: string },
  pin: Pin,
): ToSign {
  const calls = new Reader(prepared.calls, pin);
  const [number] = calls.next('bills', 'completeRecovery');
  same('member', number, member);
  calls.end();
  return toSignOf(prepared, { account, pin });
}

export function toSignOfQuote(prepared: PreparedQuoteParts, terms: Given<QuoteInput>, party: Party): ToSign {
  const quote = quoteIn(prepared.typedData);
  checkQuote(askedOf(terms), quote, party);
  const { chainId, contracts } = party.pin;
  return {
    digest: agreed(prepared, quoteDigest(chainId, contracts.desk, prepared.account, quote), party),
    typedData: quoteTypedData(chainId, contracts.desk, prepared.account, quote),
  };
}

function toSignOf(prepared: PreparedRecoveryParts, party: Pick<Party, 'pin' | 'account'>): ToSign {
  const { account, calls, nonce, validUntil } = prepared;
  const { chainId } = party.pin;
  const instruction = { calls, nonce: BigInt(nonce), validUntil: Date.parse(validUntil) / 1_000 };
  return {
    digest: agreed(prepared, instructionDigest(chainId, account, instruction), party),
    typedData: instructionTypedData(chainId, account, instruction),
    inBranch: (branch) => ({
      digest: branchDigest(chainId, account, instruction, branch),
      typedData: branchTypedData(chainId, account, instruction, branch),
    }),
  };
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
