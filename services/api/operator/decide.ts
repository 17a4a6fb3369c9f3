/**
 * What the operator decides. Where people are the operator it is prepared for them to sign, as a firm's instruction is; where a
 * key in a file is (the demonstration, and a platform to which nobody has come yet), that key carries it out at once.
 */
import type { FastifyRequest } from 'fastify';
import { findInstruction, insertInstruction } from '#db/instructions/own.ts';
import { recordAudit, type Origin } from '#db/audit/write.ts';
import { SYSTEM, transact } from '#db/access/access.ts';
import type { Call } from '#chain/typed-data.ts';
import { newId } from '#db/wire/ids.ts';
import { PLATFORM } from '#domain/instructions/sentences.ts';
import { originOf } from '../audit/origin.ts';
import { gasOfDraft, meaningsOf, NOTHING_MADE } from '../instructions/draft.ts';
import { follow, requireDone } from '../instructions/follow.ts';
import { gasLimit } from '../instructions/gas.ts';
import { storeDraft, VALID_FOR, type Prepared } from '../instructions/prepare.ts';
import { throwFirst } from '../instructions/refusal.ts';
import { rehearseFrom } from '../instructions/rehearse.ts';
import type { Services } from '../services.ts';
import {
  OPERATOR_DRAFTERS,
  type OperatorDraft,
  type OperatorInput,
  type OperatorInstructionName,
} from './drafters.ts';
import { operatorAccount, partyOf } from './party.ts';

/** How long a request waits until the read model has what the key did (ms). */
const PATIENCE_MS = 60_000;

/** Of a request. */
export type Asking = Pick<FastifyRequest, 'person' | 'id' | 'ip' | 'routeOptions'>;

export type Decided = { readonly prepared: Prepared } | { readonly calls: readonly Call[] };

/** What is to be signed; or the calls of what has been done, and is in the read model. */
export async function decide(services: Services, request: Asking, asked: OperatorInput): Promise<Decided> {
  return decideDraft(services, request, asked, () => draftOf(services, asked));
}

/** The same where the draft is made by somebody who knows more than what is asked. */
export async function decideDraft(
  services: Services,
  request: Asking,
  asked: OperatorInput,
  drafted: () => Promise<OperatorDraft>,
): Promise<Decided> {
  const origin = originOf(request);
  if ((await operatorAccount(services.db)) !== undefined) {
    const by = await partyOf(services, request);
    const draft = await drafted();
    return { prepared: await storeDraft(services, by, asked, draft, { validFor: VALID_FOR, origin }) };
  }
  const draft = await drafted();
  // Its calls are sent one by one: the last one is the decision, the ones before it anybody may make.
  throwFirst(await rehearseFrom(services, services.deployment.operator, draft.calls.at(-1)!));
  await carryOut(services, asked.type, draft, { input: asked, origin });
  return { calls: draft.calls };
}

/** Calls, sentence, and what is stored with them. */
export const draftOf = async (services: Services, asked: OperatorInput): Promise<OperatorDraft> =>
  (
    OPERATOR_DRAFTERS[asked.type] as (
      services: Services,
      asked: OperatorInput,
    ) => Promise<OperatorDraft<OperatorInstructionName>>
  )(services, asked);

type CarryingOut = { readonly input: unknown; readonly origin: Origin };

/** Queues a draft for the operator's key and waits until the read model has it. Throws why it failed. */
export async function carryOut(
  services: Services,
  type: OperatorInstructionName | 'setPrivileges',
  draft: OperatorDraft,
  { input, origin }: CarryingOut,
): Promise<void> {
  const { db } = services;
  const [maxGas, does] = await Promise.all([services.maxGas(), meaningsOf(type, draft)]);
  const id = newId();
  await transact(db, SYSTEM, async (trx) => {
    await draft.keep?.(trx, id);
    await insertInstruction(trx, {
      id,
      signedBy: 'operator',
      member: null,
      type,
      input,
      facts: { by: PLATFORM, does },
      calls: draft.calls,
      gasLimit: gasLimit(gasOfDraft(type, draft), maxGas),
      makes: NOTHING_MADE,
      state: 'submitted',
      ...(origin.requestId === undefined ? {} : { requestId: origin.requestId }),
    });
    const { audited } = draft;
    await recordAudit(trx, { ...origin, ...audited, facts: { ...audited.facts, instruction: id } });
  });
  requireDone(await follow(services, id, () => findInstruction(db, SYSTEM, id), PATIENCE_MS));
}
