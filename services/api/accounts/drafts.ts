/** What a firm asks for about its own account. */
import { interfaces } from '#chain/contracts.ts';
import { announcement } from '#chain/policies.ts';
import { policyFault } from '#domain/accounts/policy.ts';
import { policyOfInput } from '#domain/accounts/input.ts';
import { Problem } from '#domain/problems.ts';
import type { Drafter } from '../instructions/draft.ts';
import { readMoney } from '../schemas/money.ts';

const changePolicy: Drafter<'changePolicy'> = async ({ deployment }, by, { policy: asked }) => {
  const { currency } = deployment;
  const policy = policyOfInput(asked, (money) => readMoney(money, currency));
  const fault = policyFault(policy);
  if (fault !== undefined) throw new Problem('REQUEST_INVALID', fault);
  return { calls: [announcement(by.account, policy)], facts: () => ({ policy, currency }) };
};

const callOffChange: Drafter<'callOffChange'> = async (_services, by, { change }) => {
  const data = interfaces.orgAccount.encodeFunctionData('callOff', [change]);
  return { calls: [{ target: by.account, data }], facts: () => ({ change }) };
};

export const accountDrafters = { changePolicy, callOffChange };
