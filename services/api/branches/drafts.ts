/** A branch: its account is made, and announced as a signer of the firm's. */
import { announcement, policyStruct } from '#chain/policies.ts';
import { findPolicy } from '#db/accounts/read.ts';
import { toBytes } from '#db/wire/bytes.ts';
import { policyOfInput } from '#domain/accounts/input.ts';
import { policyFault } from '#domain/accounts/policy.ts';
import { withBranch } from '#domain/branches/policy.ts';
import { Problem } from '#domain/problems.ts';
import type { Drafter } from '../instructions/draft.ts';
import { foreignAccount } from '../instructions/refusal.ts';
import { readMoney } from '../schemas/money.ts';

const invalid = (zh: string, en: string): Problem => new Problem('REQUEST_INVALID', { zh, en });
const MAX_WEIGHT = 65_535;

/** Throws REQUEST_INVALID for a branch without limit or people of its own, and where the firm's policy leaves no room for one. */
const openBranch: Drafter<'openBranch'> = async (services, by, { branch, people: asked, dayLimit, salt }) => {
  const { db, calls, contracts, deployment } = services;
  const { currency } = deployment;
  const people = policyOfInput(asked, (money) => readMoney(money, currency));
  const limit = readMoney(dayLimit, currency);
  if (limit === 0n) throw invalid('每日限额须大于零', 'A branch has a limit a day, above zero');
  const [before, account] = await Promise.all([
    findPolicy(db, toBytes(by.account)),
    contracts.orgAccountFactory.addressOf(policyStruct(people), salt),
  ]);
  if (before === undefined) throw foreignAccount();
  const own = new Set(before.signers.map(({ key }) => key.toLowerCase()));
  if (own.has(account.toLowerCase())) throw new Problem('ALREADY_DONE');
  if (people.signers.some(({ key }) => own.has(key)))
    throw invalid(
      '本企业的签名人不能同时是分支机构的签名人：他会以两个身份签名',
      'A signer of the firm’s own cannot sign for a branch too: one person would count twice',
    );
  const policy = withBranch(before, { key: account, dayLimit: limit });
  if (policy === undefined || policy.signers.some(({ weight }) => weight > MAX_WEIGHT))
    throw invalid(
      '本企业的签署规则没有给分支机构留下可单独办理的业务；请先变更规则',
      'The rules of the firm leave a branch nothing to do alone; change them first',
    );
  const fault = policyFault(people) ?? policyFault(policy);
  if (fault !== undefined) throw new Problem('REQUEST_INVALID', fault);
  return {
    calls: [calls.orgAccountFactory.create(policyStruct(people), salt), announcement(by.account, policy)],
    facts: () => ({ branch: branch.trim(), account, people, dayLimit: limit, policy, currency }),
  };
};

export const branchDrafters = { openBranch };
