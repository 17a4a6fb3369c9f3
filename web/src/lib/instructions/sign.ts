/**
 * Signs in the browser, and nothing that was not asked for here: the calls are read and compared with the request and the sentence,
 * chain and contracts with what this browser first saw, and the digest is worked out anew. Loaded when something is signed.
 */
import {
  digestOfInstruction,
  digestOfBatch,
  digestOfQuote,
  toSignOfDecision,
  type Decision,
  type Party,
  type Pin,
} from '#client/instructions/index.ts';
import type { InstructionInput, QuoteInput } from '#web/api/client.ts';
import { ApiProblem } from '#web/api/problem.ts';
import type { PreparedInstruction, PreparedQuote, Status, Text } from '#web/api/schema.ts';
import { m } from '#web/paraglide/messages.js';
import { isSigner, sign, type SignerKey } from './p256.ts';

export type Asked =
  | { readonly instruction: InstructionInput; readonly prepared: PreparedInstruction }
  | { readonly terms: QuoteInput; readonly prepared: PreparedQuote }
  | { readonly decision: Decision; readonly prepared: PreparedInstruction };
type Who = { readonly number: number; readonly name: Text };
type Where = Pick<Status, 'chainId' | 'contracts'>;
type Signature = { signer: string; signature: string };

/** What was seen first stays: a platform that comes with other contracts or another account later is refused. */
function pinned<T>(name: string, seen: T): T {
  const kept = localStorage.getItem(name);
  if (kept === null) localStorage.setItem(name, JSON.stringify(seen));
  else if (kept !== JSON.stringify(seen))
    throw new ApiProblem(409, { code: 'INSTRUCTION_ALTERED', detail: m.pin_changed() });
  return seen;
}

function partyOf(who: Who, { chainId, contracts }: Where, account: string): Party {
  const pin: Pin = pinned('tallystick contracts', { chainId, contracts });
  return {
    member: who.number,
    name: who.name,
    pin,
    account: pinned(`tallystick account ${who.number}`, account),
  };
}

export function signAsked(asked: Asked, who: Who, where: Where, key: SignerKey): Signature {
  const { prepared } = asked;
  const party = partyOf(who, where, prepared.account);
  const digest =
    'instruction' in asked
      ? digestOfInstruction(asked.prepared, asked.instruction, party)
      : 'decision' in asked
        ? toSignOfDecision(asked.prepared, asked.decision, party).digest
        : digestOfQuote(asked.prepared, asked.terms, party);
  return signed(prepared, digest, key);
}

export function signBatch(prepared: PreparedInstruction, who: Who, where: Where, key: SignerKey) {
  const { digest, bills, amount } = digestOfBatch(prepared, partyOf(who, where, prepared.account));
  return { bills, amount, signature: signed(prepared, digest, key) };
}

function signed(
  { signers }: Pick<PreparedInstruction, 'signers'>,
  digest: string,
  key: SignerKey,
): Signature {
  const signer = signers.find((each) => isSigner(each.id, key));
  if (signer === undefined) throw new ApiProblem(403, { code: 'FORBIDDEN', detail: m.no_key() });
  return { signer: signer.id, signature: sign(digest, key) };
}
