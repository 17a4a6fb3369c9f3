/** What a member asks for itself. */
import type { Drafter } from '../instructions/draft.ts';

const moveAccount: Drafter<'moveAccount'> = async (services, _by, { account }) => ({
  calls: [services.calls.bills.moveAccount(account)],
  facts: () => ({ account }),
});

export const memberDrafters = { moveAccount };
