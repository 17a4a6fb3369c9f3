/** Admission over HTTP: to be signed by the operator's people, or carried out by its key, which in the demonstration gives every role. */
import { interfaces } from '#chain/contracts.ts';
import { findMember, memberOfAccount, type MemberRow } from '#db/members/read.ts';
import { bitsOf, PRIVILEGED_ROLES, ROLE_BITS } from '#domain/codes.ts';
import { gasOf } from '../instructions/gas.ts';
import type { Prepared } from '../instructions/prepare.ts';
import { originOf } from '../audit/origin.ts';
import { carryOut, decide, type Asking } from '../operator/decide.ts';
import type { OperatorAsked } from '../operator/drafters.ts';
import type { Services } from '../services.ts';
import { nameOf } from './views.ts';

/** What a settlement bank of the demonstration may have issued at once: as much as there is room for. */
const CAP = 2n ** 64n - 1n;

export async function admit(
  services: Services,
  request: Asking,
  asked: OperatorAsked<'admit'>,
): Promise<{ readonly prepared: Prepared } | { readonly member: MemberRow }> {
  const decided = await decide(services, request, { type: 'admit', ...asked });
  if ('prepared' in decided) return decided;
  const { calls, db } = services;
  const [account] = interfaces.bills.decodeFunctionData('admit', decided.calls.at(-1)!.data);
  const member = await memberOfAccount(db, account as string);
  if (member === undefined) throw new Error('an admitted member is not in the read model');
  const privileges = bitsOf(ROLE_BITS, asked.roles) & PRIVILEGED_ROLES;
  if (privileges === 0) return { member };
  const { number } = member;
  const draft = {
    calls: [
      calls.bills.setPrivileges(number, privileges),
      ...((privileges & ROLE_BITS.settlement_bank) === 0 ? [] : [calls.cash.setCap(number, CAP)]),
    ],
    gas: gasOf('simple', 2),
    facts: () => ({ member: nameOf(member) }),
    audited: {
      action: 'privilegesSet',
      subject: `member:${number}`,
      facts: { roles: asked.roles.join(' ') },
    },
  } as const;
  await carryOut(services, 'setPrivileges', draft, {
    input: { number, roles: asked.roles },
    origin: originOf(request),
  });
  return { member: (await findMember(db, number)) ?? member };
}
