/** A branch: its account is made for the people asked for, and is one signer of the firm's, with the limit asked for. */
import { policyOfInput } from '../../domain/accounts/input.ts';
import { withBranch } from '../../domain/branches/policy.ts';
import { accountOf, checksummed, samePolicy } from './accounts.ts';
import { big, cents, refused, same, type Check } from './reader.ts';

/**
 * The firm's policy is worked out of the one before, as the signer knows it: the branch comes to it, and nothing else is changed. The salt is
 * the signer's own choice, so the account cannot be one that was made before and has other signers by now.
 */
const openBranch: Check<'openBranch'> = (asked, calls, { pin, before }, { account }) => {
  const { branch, people: wanted, dayLimit, salt } = asked;
  const people = policyOfInput(wanted);
  const [made, own] = calls.next('orgAccountFactory', 'create');
  samePolicy(people, made);
  same('salt', own, BigInt(salt));
  const { orgAccountFactory } = pin.contracts;
  if (orgAccountFactory === undefined)
    refused('不知道建立账户的合约', 'the contract that makes accounts is not known');
  const there = checksummed(accountOf(orgAccountFactory, people, big(own)));
  const limit = cents(dayLimit);
  if (before === undefined) refused('不知道本企业现行的签署规则', 'the policy of the firm is not known');
  const policy = withBranch(policyOfInput(before), { key: there, dayLimit: limit });
  if (policy === undefined) refused('现行规则下不能开设', 'under the policy of the firm there can be none');
  samePolicy(policy, calls.nextOwn(account, 'announceChange')[0]);
  return [[{ branch: branch.trim(), account: there, people, dayLimit: limit, policy, currency: 'CNY' }]];
};

export const branchChecks = { openBranch };
