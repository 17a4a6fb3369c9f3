/** The operator's half of a recovery, as drafts. */
import { id as hashOf, ZeroHash } from 'ethers';
import { policyStruct } from '#chain/policies.ts';
import { findMember } from '#db/members/read.ts';
import { Problem } from '#domain/problems.ts';
import { gasOf } from '../instructions/gas.ts';
import type { OperatorDrafter } from '../operator/drafters.ts';
import type { Services } from '../services.ts';
import { firstPolicy, invalid } from './admission.ts';
import { nameOf } from './views.ts';

/** Makes the new account where its signers are given, and proposes it. */
const proposeRecoveryAsOperator: OperatorDrafter<'proposeRecoveryAsOperator'> = async (services, asked) => {
  const { calls, contracts, deployment } = services;
  const { member: number, reason } = asked;
  const member = await memberOr404(services, number);
  if ((asked.account === undefined) === (asked.signers === undefined))
    throw invalid('请给出新账户或其签名人', 'Give the new account or its signers, one of the two');
  const policy =
    asked.signers === undefined ? undefined : firstPolicy(asked.signers, asked, deployment.addresses);
  const account =
    policy === undefined
      ? asked.account!
      : await contracts.orgAccountFactory.addressOf(policyStruct(policy), ZeroHash);
  return {
    calls: [
      ...(policy === undefined ? [] : [calls.orgAccountFactory.create(policy, ZeroHash)]),
      calls.bills.proposeRecoveryAsOperator(number, account, hashOf(reason)),
    ],
    gas: gasOf('simple', 2 + (policy?.signers.length ?? 0)),
    facts: () => ({ member: nameOf(member), account, reason }),
    audited: { action: 'recoveryProposed', subject: `member:${number}`, facts: { account, reason } },
  };
};

const withdrawRecoveryAsOperator: OperatorDrafter<'withdrawRecoveryAsOperator'> = async (
  services,
  { member: number },
) => {
  const member = await memberOr404(services, number);
  return {
    calls: [services.calls.bills.withdrawRecoveryAsOperator(number)],
    facts: () => ({ member: nameOf(member) }),
    audited: { action: 'recoveryWithdrawn', subject: `member:${number}` },
  };
};

async function memberOr404({ db }: Services, number: number) {
  const member = await findMember(db, number);
  if (member === undefined) throw new Problem('MEMBER_UNKNOWN');
  return member;
}

export const recoveryDecisions = { proposeRecoveryAsOperator, withdrawRecoveryAsOperator };
