/** The admission, or the renewal, that a verified application leads to, carried out with the platform's key. */
import type { Origin } from '#db/audit/write.ts';
import { forgetAdmitter, noteAdmitter, type Application } from '#db/applications/own.ts';
import { keepWording } from '#db/cash/wording.ts';
import { findMember } from '#db/members/read.ts';
import { instantOf, parseLegalDate } from '#domain/dates.ts';
import { id as hashOf } from 'ethers';
import { Problem } from '#domain/problems.ts';
import { rehearseFrom } from '../instructions/rehearse.ts';
import { throwFirst } from '../instructions/refusal.ts';
import { admit, carryOut } from '../members/admission.ts';
import { nameOf } from '../members/views.ts';
import type { Services } from '../services.ts';
import { admissionOf } from './admission-of.ts';
import { settleAdmissions } from './settle.ts';

/** Returns when the ledger has it and the people have their seats. Throws what the ledger refuses, ALREADY_DONE, SAME_PERSON. */
export async function admitApplicant(
  services: Services,
  application: Application,
  actor: string,
  origin: Origin,
): Promise<void> {
  const { db } = services;
  const { id, kind } = application;
  if (application.admittedBy !== null) throw new Problem('ALREADY_DONE');
  try {
    if (kind === 'renewal') await renew(services, application, actor, origin);
    else {
      const { input, salt } = await admissionOf(services, application);
      await admit(services, input, origin, {
        salt,
        before: async (trx, identityHash) => {
          if (!(await noteAdmitter(trx, id, actor, { identityHash }))) throw new Problem('SAME_PERSON');
        },
      });
    }
  } catch (error) {
    // What is under way goes on, whoever waits for it; what was refused can be tried again.
    if (error instanceof Problem && error.code !== 'UNAVAILABLE') await forgetAdmitter(db, id);
    throw error;
  }
  await settleAdmissions(services);
}

/** The roles stay as they are; the credential runs until the day that was verified. */
async function renew(
  services: Services,
  { id, member, form }: Application,
  actor: string,
  origin: Origin,
): Promise<void> {
  const { db, calls } = services;
  const row = await findMember(db, member!);
  if (row === undefined) throw new Problem('MEMBER_UNKNOWN');
  const { credentialExpiry: until } = form;
  const expiry = until === undefined ? 0 : instantOf(parseLegalDate(until));
  const reason = `application ${id}`;
  const reasonHash = hashOf(reason);
  const call = calls.bills.renew(row.number, row.roles, expiry, reasonHash);
  throwFirst(await rehearseFrom(services, services.operator, call));
  await keepWording(db, reasonHash, reason);
  const meaning = {
    instruction: 'renew',
    member: nameOf(row),
    reason,
    ...(until === undefined ? {} : { until }),
  } as const;
  await carryOut(services, {
    meaning,
    input: { number: row.number, until: until ?? null, application: id },
    calls: [call],
    audited: { ...origin, action: 'renewed', subject: `member:${row.number}`, facts: { reason } },
    before: async (trx, instructionId) => {
      if (!(await noteAdmitter(trx, id, actor, { instructionId }))) throw new Problem('SAME_PERSON');
    },
  });
}
