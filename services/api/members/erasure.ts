/** Who is behind a member is blotted out, and nobody can find it from the hash on chain any more. */
import { eraseIdentity } from '#db/members/identities.ts';
import { findMember, type MemberRow } from '#db/members/read.ts';
import { recordAudit, type Origin } from '#db/audit/write.ts';
import { SYSTEM, transact } from '#db/access/access.ts';
import { Problem } from '#domain/problems.ts';
import type { Services } from '../services.ts';
import { invalid } from './admission.ts';
import { nameless } from './names.ts';

/** Only of a member that can act no more: partners have to know with whom they deal. Throws REQUEST_INVALID for another. */
export async function erase(
  services: Services,
  number: number,
  reason: string,
  origin: Origin,
): Promise<MemberRow> {
  const { db } = services;
  const member = await findMember(db, number);
  if (member === undefined) throw new Problem('MEMBER_UNKNOWN');
  if (!member.suspended)
    throw invalid('仅可清除已暂停成员的身份资料', 'Only a suspended member’s identity can be erased');
  await transact(db, SYSTEM, async (trx) => {
    if (!(await eraseIdentity(trx, { number, reason, instead: nameless(number) })))
      throw new Problem('ALREADY_DONE');
    await recordAudit(trx, { ...origin, action: 'identityErased', subject: `member:${number}` });
  });
  services.names.forget(number);
  return (await findMember(db, number)) ?? member;
}
