/** What a member asks for itself, and for another that it helps. */
import { requireMembers, requireOthers, type Drafter } from '../instructions/draft.ts';

const moveAccount: Drafter<'moveAccount'> = async (services, _by, { account }) => ({
  calls: [services.calls.bills.moveAccount(account)],
  facts: () => ({ account }),
});

const nameHelper: Drafter<'nameHelper'> = async (services, by, { helper }) => {
  if (helper !== undefined) await requireOthers(services, by.number, [helper]);
  return {
    calls: [services.calls.bills.nameHelper(helper ?? 0)],
    facts: async () =>
      helper === undefined ? {} : { helper: (await services.names.of([helper]))(helper).name },
  };
};

const proposeRecovery: Drafter<'proposeRecovery'> = async (services, _by, { member, account }) => {
  await requireMembers(services, [member]);
  return {
    calls: [services.calls.bills.proposeRecovery(member, account)],
    facts: async () => ({ member: (await services.names.of([member]))(member).name, account }),
  };
};

const withdrawRecovery: Drafter<'withdrawRecovery'> = async (services, _by, { member }) => {
  await requireMembers(services, [member]);
  return {
    calls: [services.calls.bills.withdrawRecovery(member)],
    facts: async () => ({ member: (await services.names.of([member]))(member).name }),
  };
};

const stopRecovery: Drafter<'stopRecovery'> = async (services, by) => ({
  calls: [services.calls.bills.stopRecovery(by.number)],
  facts: () => ({}),
});

export const memberDrafters = { moveAccount, nameHelper, proposeRecovery, withdrawRecovery, stopRecovery };
