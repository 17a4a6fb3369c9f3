/** In whose name an instruction is prepared and signed: a member's, or the platform's, whose people are the operator. */
import type { FastifyRequest } from 'fastify';
import { PLATFORM, PLATFORM_NUMBER } from '#db/access/access.ts';
import type { Database } from '#db/wire/connect.ts';
import { operatorAccounts } from '#db/operator/enrolment.ts';
import { getAddress } from 'ethers';
import { Problem } from '#domain/problems.ts';
import type { MemberPerson } from '../app-types.ts';
import { memberOf } from '../access/rules.ts';

/** The account whose people are the operator; undefined where a key in a file is. */
export async function operatorAccount(db: Database): Promise<string | undefined> {
  const [account] = await operatorAccounts(db);
  return account === undefined ? undefined : getAddress(account);
}

/** Whoever asks for an instruction or signs one. Throws FORBIDDEN for an operator whose key signs for it: it has nothing to sign. */
export async function partyOf(
  { db }: { readonly db: Database },
  request: Pick<FastifyRequest, 'person'>,
): Promise<MemberPerson> {
  const { person } = request;
  if (person.kind !== 'operator') return memberOf(request);
  const account = await operatorAccount(db);
  if (account === undefined) throw new Problem('FORBIDDEN');
  return { ...person, kind: 'member', number: PLATFORM_NUMBER, roles: 0, account, viewer: PLATFORM };
}
