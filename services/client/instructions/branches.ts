/** A branch: its account is made for the people asked for, and is one signer of the firm's, with the limit asked for. */
import { policyOfInput } from '../../domain/accounts/input.ts';
import { accountOf, checksummed, policyIn, samePolicy } from './accounts.ts';
import { big, cents, refused, same, type Check } from './reader.ts';

/**
 * The firm's whole policy stands in the sentence, as the call has it, because the signer does not know the one before. The salt is the
 * signer's own choice, so the account cannot be one that was made before and has other signers by now.
 */
const openBranch: Check<'openBranch'> = (asked, calls, { pin }, { account }) => {
  const { branch, people: wanted, dayLimit, salt } = asked;
  const people = policyOfInput(wanted);
  const [made, own] = calls.next('orgAccountFactory', 'create');
  samePolicy(people, made);
  same('salt', own, BigInt(salt));
  const { orgAccountFactory } = pin.contracts;
  if (orgAccountFactory === undefined)
    refused('不知道建立账户的合约', 'the contract that makes accounts is not known');
  const there = checksummed(accountOf(orgAccountFactory, people, big(own)));
  const [given] = calls.nextOwn(account, 'announceChange');
  const policy = policyIn(given);
  const signers = policy.signers.filter(({ key }) => key === there.toLowerCase());
  if (signers.length !== 1) refused('分支机构不在规则中', 'the branch is not in the policy');
  same('limit', signers[0]!.dayLimit, cents(dayLimit));
  const limit = cents(dayLimit);
  return [[{ branch: branch.trim(), account: there, people, dayLimit: limit, policy, currency: 'CNY' }]];
};

export const branchChecks = { openBranch };
