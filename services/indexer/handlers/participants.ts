import { toBytes } from '#db/bytes.ts';
import { noteAccount } from '#db/ledger/accounts.ts';
import { ignore, type Handlers } from './handlers.ts';

const expiry = (seconds: bigint): bigint | null => (seconds === 0n ? null : seconds);

export const participants: Handlers<'participants'> = {
  MemberAdmitted: async (ledger, { number, account, roles, credentialExpiry, identityHash }) => {
    ledger.members.add({
      number: Number(number),
      account: toBytes(account),
      roles: Number(roles),
      suspended: false,
      standing: false,
      credential_expiry: expiry(credentialExpiry),
      identity_hash: toBytes(identityHash),
      admitted_at: ledger.moment.at,
    });
    await noteAccount(ledger, toBytes(account));
  },
  MemberSuspended: (ledger, { number }) =>
    ledger.members.change({ number: Number(number) }, { suspended: true }),
  MemberRestored: (ledger, { number }) =>
    ledger.members.change({ number: Number(number) }, { suspended: false }),
  MemberRenewed: (ledger, { number, roles, credentialExpiry }) =>
    ledger.members.change(
      { number: Number(number) },
      { roles: Number(roles), credential_expiry: expiry(credentialExpiry) },
    ),
  AccountMoved: async (ledger, { number, to }) => {
    await ledger.members.change({ number: Number(number) }, { account: toBytes(to) });
    await noteAccount(ledger, toBytes(to));
  },
  StandingAcceptanceSet: (ledger, { number, standing }) =>
    ledger.members.change({ number: Number(number) }, { standing }),
  AuthorityUpdated: ignore('who operates is the access manager’s affair'),
};
