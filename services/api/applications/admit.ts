/** The admission, or the renewal, that a verified application leads to: signed by the operator's people, or carried out by its key. */
import { forgetAdmitter, noteAdmitter, type Application } from '#db/applications/own.ts';
import { findInstruction } from '#db/instructions/own.ts';
import { SYSTEM } from '#db/access/access.ts';
import { keepWording } from '#db/cash/wording.ts';
import { findMember } from '#db/members/read.ts';
import { ORDINARY_ROLES } from '#domain/applications/form.ts';
import { id as hashOf } from 'ethers';
import { Problem } from '#domain/problems.ts';
import type { Prepared } from '../instructions/prepare.ts';
import { draftAdmission } from '../members/admission.ts';
import { rolesOf } from '../members/views.ts';
import { decideDraft, draftOf, type Asking, type Decided } from '../operator/decide.ts';
import type { Services } from '../services.ts';
import { admissionOf } from './admission-of.ts';
import { settleAdmissions } from './settle.ts';

/**
 * Returns when the ledger has it and the people have their seats, or with what is to be signed. Throws what the ledger refuses,
 * ALREADY_DONE, SAME_PERSON.
 */
export async function admitApplicant(
  services: Services,
  request: Asking,
  application: Application,
  actor: string,
): Promise<Prepared | undefined> {
  const { db } = services;
  const { id, kind } = application;
  if (application.admittedBy !== null) {
    if (!(await hasEnded(services, application))) throw new Problem('ALREADY_DONE');
    await forgetAdmitter(db, id);
  }
  try {
    const decided = await (kind === 'renewal' ? renew : admit)(services, request, application, actor);
    if ('prepared' in decided) return decided.prepared;
  } catch (error) {
    // What is under way goes on, whoever waits for it; what was refused can be tried again.
    if (error instanceof Problem && error.code !== 'UNAVAILABLE') await forgetAdmitter(db, id);
    throw error;
  }
  await settleAdmissions(services);
  return undefined;
}

/** Whether what its people were to sign has come to nothing: returned, taken back, too late, or failed. */
async function hasEnded({ db, clock }: Services, { instructionId }: Application): Promise<boolean> {
  if (instructionId === null) return false;
  const act = await findInstruction(db, SYSTEM, instructionId);
  if (act?.state === 'prepared') return act.valid_until! < BigInt(await clock.now());
  return act === undefined || ['failed', 'refused', 'withdrawn'].includes(act.state);
}

async function admit(
  services: Services,
  request: Asking,
  application: Application,
  actor: string,
): Promise<Decided> {
  const { input, salt } = await admissionOf(services, application);
  return decideDraft(services, request, { type: 'admit', ...input, application: application.id }, () =>
    draftAdmission(services, input, {
      salt,
      before: async (trx, identityHash, instructionId) => {
        if (!(await noteAdmitter(trx, application.id, actor, { identityHash, instructionId })))
          throw new Problem('SAME_PERSON');
      },
    }),
  );
}

/** The roles stay as they are; the credential runs until the day that was verified. */
async function renew(
  services: Services,
  request: Asking,
  { id, member, form }: Application,
  actor: string,
): Promise<Decided> {
  const row = await findMember(services.db, member!);
  if (row === undefined) throw new Problem('MEMBER_UNKNOWN');
  const reason = `application ${id}`;
  const roles = rolesOf(row.roles).filter((role) => ORDINARY_ROLES.includes(role)) as RenewedRole[];
  const { credentialExpiry = null } = form;
  const asked = { type: 'renew', member: row.number, roles, credentialExpiry, reason } as const;
  return decideDraft(services, request, asked, async () => ({
    ...(await draftOf(services, asked)),
    keep: async (trx, instructionId) => {
      if (!(await noteAdmitter(trx, id, actor, { instructionId }))) throw new Problem('SAME_PERSON');
      await keepWording(trx, hashOf(reason), reason);
    },
  }));
}
type RenewedRole = 'core_enterprise' | 'supplier' | 'guarantor' | 'warehouse';
