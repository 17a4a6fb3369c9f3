import { noteAccount } from '#db/ledger/accounts.ts';
import type { Handlers } from './handlers.ts';

const expiry = (seconds: bigint): bigint | null => (seconds === 0n ? null : seconds);

export const participants = {
  MemberAdmitted: async (ledger, { number, account, roles, credentialExpiry, identityHash }) => {
    ledger.members.add({
      number,
      account,
      roles,
      suspended: false,
      standing: false,
      credential_expiry: expiry(credentialExpiry),
      identity_hash: identityHash,
      admitted_at: ledger.moment.at,
    });
    await noteAccount(ledger, account);
  },
  MemberSuspended: (ledger, { number }) => ledger.members.change({ number }, { suspended: true }),
  MemberRestored: (ledger, { number }) => ledger.members.change({ number }, { suspended: false }),
  MemberRenewed: (ledger, { number, roles, credentialExpiry }) =>
    ledger.members.change({ number }, { roles, credential_expiry: expiry(credentialExpiry) }),
  AccountMoved: async (ledger, { number, to }) => {
    await ledger.members.change({ number }, { account: to });
    await noteAccount(ledger, to);
  },
  StandingAcceptanceSet: (ledger, { number, standing }) => ledger.members.change({ number }, { standing }),
} satisfies Partial<Handlers<'bills'>>;
