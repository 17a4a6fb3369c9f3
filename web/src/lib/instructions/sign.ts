/**
 * Signs in the browser, and nothing that was not asked for here: the calls are read and compared with the request and the sentence,
 * chain and contracts with what this browser first saw, and the digest is worked out anew. Loaded when something is signed.
 */
import {
  toSignOfBatch,
  toSignOfDecision,
  toSignOfInstruction,
  toSignOfQuote,
  type Decision,
  type Party,
  type Pin,
  type ToSign,
} from '#client/instructions/index.ts';
import type { PolicyInput } from '#domain/accounts/input.ts';
import type { InstructionInput, QuoteInput } from '#web/api/client.ts';
import { ApiProblem } from '#web/api/problem.ts';
import type { PreparedInstruction, PreparedQuote, Text } from '#web/api/schema.ts';
import { m } from '#web/paraglide/messages.js';
import type { Keys, Signature } from './keys.ts';
import { areContracts, isAccount, type Where } from './pins.ts';

export type Asked =
  /** `before`: the policy of the firm, as this browser was shown it, for what opens a branch. */
  | {
      readonly instruction: InstructionInput;
      readonly prepared: PreparedInstruction;
      readonly before?: PolicyInput | undefined;
    }
  /** Bills that the platform read from a file. */
  | { readonly batch: true; readonly prepared: PreparedInstruction }
  | { readonly terms: QuoteInput; readonly prepared: PreparedQuote }
  | { readonly decision: Decision; readonly prepared: PreparedInstruction };
type Who = { readonly number: number; readonly name: Text };

/**
 * Who signs here, as this browser knows the firm: a platform that comes with other contracts or another account later is refused, until
 * the person has made sure of the account. Throws INSTRUCTION_ALTERED.
 */
export function partyOf(who: Who, { chainId, contracts }: Where, account: string): Party {
  const refuse = (detail: string) => new ApiProblem(409, { code: 'INSTRUCTION_ALTERED', detail });
  if (!areContracts({ chainId, contracts })) throw refuse(m.pin_changed());
  if (!isAccount(who.number, account)) throw refuse(m.pin_account_changed());
  const pin: Pin = { chainId, contracts };
  return { member: who.number, name: who.name, pin, account };
}

/** What is to be signed, worked out here. Throws INSTRUCTION_ALTERED where sentence, calls and what was asked for do not fit. */
export function toSignOf(asked: Asked, who: Who, where: Where): ToSign {
  const party = partyOf(who, where, asked.prepared.account);
  if ('instruction' in asked) {
    const { prepared, instruction, before } = asked;
    return toSignOfInstruction(prepared, instruction, { ...party, before });
  }
  if ('batch' in asked) return toSignOfBatch(asked.prepared, party);
  if ('decision' in asked) return toSignOfDecision(asked.prepared, asked.decision, party);
  return toSignOfQuote(asked.prepared, asked.terms, party);
}

export const signAsked = (asked: Asked, who: Who, where: Where, keys: Keys): Promise<Signature> =>
  keys(toSignOf(asked, who, where), asked.prepared.signers);

/** Bills that the platform read from a file, each as the calls have it. */
export const batchOf = (prepared: PreparedInstruction, who: Who, where: Where) =>
  toSignOfBatch(prepared, partyOf(who, where, prepared.account));

export async function signBatch(prepared: PreparedInstruction, who: Who, where: Where, keys: Keys) {
  const toSign = batchOf(prepared, who, where);
  const { bills, amount } = toSign;
  return { bills, amount, signature: await keys(toSign, prepared.signers) };
}
