/** From what a member asks for to what its signers sign. */
import { executeDigest } from '#chain/typed-data.ts';
import { auditQuery, recordAudit, type AuditEntry, type Origin } from '#db/audit/write.ts';
import {
  insertion,
  insertInstruction,
  type InstructionRow,
  type Makes,
  type NewInstruction,
} from '#db/instructions/own.ts';
import { takeAccountNonce } from '#db/instructions/counters.ts';
import { newId } from '#db/wire/ids.ts';
import { noticeInbox, tellingInbox } from '#db/instructions/notices.ts';
import { done, transact, write, type Trx } from '#db/access/access.ts';
import type { InstructionInput, MemberInstructionName } from '#domain/instructions/instructions.ts';
import type { MemberPerson } from '../app-types.ts';
import type { IssueDraft } from '../bills/drafts.ts';
import type { OperatorInput } from '../operator/drafters.ts';
import type { Services } from '../services.ts';
import { gasOfDraft, meaningsOf, NOTHING_MADE, type Draft, type Drafter } from './draft.ts';
import { DRAFTERS } from './drafters.ts';
import { gasLimit, gasOfSigners } from './gas.ts';
import { throwFirst } from './refusal.ts';
import { rehearse } from './rehearse.ts';
import { atItsBranch, policyFor, type PolicyForBatch } from './signers.ts';
import { requireAdministers } from './who-signs.ts';

/** How long an instruction may wait for its signatures and its block (seconds). */
export const VALID_FOR = 86_400;

export type Prepared = {
  readonly instruction: InstructionRow;
  readonly policy: PolicyForBatch;
  /** Of the bills that it issues. */
  readonly documents?: readonly string[];
};

/** Drafts an instruction, has the chain rehearse it, and stores it. Throws what stands in the way. */
export async function prepare(
  services: Services,
  by: MemberPerson,
  input: InstructionInput,
  origin: Origin,
  validFor: number = VALID_FOR,
): Promise<Prepared> {
  requireAdministers(input.type, by);
  const draft = await (DRAFTERS[input.type] as Drafter<MemberInstructionName>)(services, by, input as never);
  return storeDraft(services, by, input, draft, { validFor, origin });
}

export type Storing = {
  readonly validFor: number;
  readonly origin: Origin;
  /** More to be stored in the same transaction. */
  readonly also?: (trx: Trx, id: string) => Promise<void>;
};

/** What an instruction was asked for as, and is kept with it. */
export type StoredInput = InstructionInput | OperatorInput | { readonly type: 'giveSignature' };

/** Rehearses and stores; what the draft tells of the bill comes to light only when the chain has agreed. */
export async function storeDraft(
  services: Services,
  by: MemberPerson,
  input: StoredInput,
  draft: Draft | IssueDraft,
  { validFor, origin, also }: Storing,
): Promise<Prepared> {
  const { db, clock, deployment } = services;
  throwFirst(await rehearse(services, by.account, draft.calls), ...(draft.objections ?? []));
  const [meanings, self, makes, policy, now, maxGas] = await Promise.all([
    meaningsOf(input.type, draft),
    services.names.of([by.number]),
    madeBy(draft),
    policyFor(services, by.account, draft.calls).then((policy) => atItsBranch(policy, by)),
    clock.now(),
    services.maxGas(),
  ]);
  const id = newId();
  const validUntil = now + validFor;
  const nonce = await takeAccountNonce(db, by.account);
  const instruction = { account: by.account, calls: draft.calls, nonce, validUntil };
  const digest = executeDigest(deployment.chainId, instruction);
  const fresh: NewInstruction = {
    id,
    signedBy: 'firm',
    member: by.number,
    type: input.type,
    input,
    facts: { by: self(by.number).name, does: meanings },
    calls: draft.calls,
    gasLimit: gasLimit(gasOfDraft(input.type, draft) + gasOfSigners(policy.signers), maxGas),
    makes,
    state: 'prepared',
    preparedBy: by.person ?? null,
    now,
    signing: { account: by.account, nonce, validUntil, digest },
  };
  const audited: AuditEntry = {
    ...origin,
    action: 'prepared',
    subject: `instruction:${id}`,
    facts: { type: input.type, digest },
  };
  const isForOthers = by.person !== undefined && !by.rights.includes('sign');
  if (draft.keep === undefined && also === undefined) {
    const told = isForOthers ? [done(tellingInbox([by.number]))] : [];
    const [stored] = await write(db, by.viewer, ...insertion(fresh), auditQuery(audited), ...told);
    return { instruction: stored, policy };
  }
  const stored = await transact(db, by.viewer, async (trx) => {
    await draft.keep?.(trx, id);
    const row = await insertInstruction(trx, fresh);
    await recordAudit(trx, audited);
    await also?.(trx, id);
    if (isForOthers) await noticeInbox(trx, [by.number]);
    return row;
  });
  return { instruction: stored, policy, ...('documents' in draft ? { documents: draft.documents } : {}) };
}

/** A promise whatever happens: one that throws here and now would leave those beside it to nobody, and end the process. */
const madeBy = async ({ makes }: Draft): Promise<Makes> => (await makes?.()) ?? NOTHING_MADE;
