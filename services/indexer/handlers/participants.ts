import { noteAccount } from '#db/accounts/write.ts';
import { announceMove } from '#db/cash/write.ts';
import {
  completeRecovery,
  endRecovery,
  instantOfBlock,
  nameHelper,
  proposeRecovery,
} from '#db/members/write-recoveries.ts';
import type { Handlers } from './handlers.ts';

/** What is 0 on the chain where it is open. */
const orOpen = <T extends number | bigint>(value: T): T | null => (value ? value : null);
const NOBODY = Buffer.alloc(20);

export const participants = {
  MemberAdmitted: async (ledger, { number, account, roles, credentialExpiry, identityHash }) => {
    ledger.members.add({
      number,
      account,
      roles,
      suspended: false,
      suspended_at: null,
      suspension_hash: null,
      standing: false,
      standing_acceptor: null,
      standing_counterparty: null,
      standing_least: null,
      standing_until: null,
      moving_to: null,
      helper: null,
      next_helper: null,
      next_helper_from: null,
      unsettled_at: null,
      credential_expiry: orOpen(credentialExpiry),
      identity_hash: identityHash,
      admitted_at: ledger.moment.at,
    });
    await noteAccount(ledger, account);
  },
  MemberSuspended: (ledger, { number, reasonHash }) =>
    ledger.members.change(
      { number },
      {
        suspended: true,
        suspended_at: ledger.moment.at,
        suspension_hash: reasonHash,
        unsettled_at: instantOfBlock(ledger),
      },
    ),
  MemberRestored: (ledger, { number }) =>
    ledger.members.change({ number }, { suspended: false, suspended_at: null, suspension_hash: null }),
  MemberRenewed: (ledger, { number, roles, credentialExpiry }) =>
    ledger.members.change({ number }, { roles, credential_expiry: orOpen(credentialExpiry) }),
  AccountMoveOffered: (ledger, { number, to }) =>
    ledger.members.change({ number }, { moving_to: to.equals(NOBODY) ? null : to }),
  AccountMoved: async (ledger, { number, from, to }) => {
    await ledger.members.change(
      { number },
      { account: to, moving_to: null, unsettled_at: instantOfBlock(ledger) },
    );
    await endRecovery(ledger, number);
    await noteAccount(ledger, to);
    await announceMove(ledger, from);
  },
  StandingAcceptanceSet: (ledger, { number, standing, acceptor, counterparty, least, until }) =>
    ledger.members.change(
      { number },
      {
        standing,
        standing_acceptor: orOpen(acceptor),
        standing_counterparty: orOpen(counterparty),
        standing_least: orOpen(least),
        standing_until: orOpen(until),
      },
    ),
  HelperNamed: (ledger, { number, helper, from }) => nameHelper(ledger, number, helper, from),
  RecoveryProposed: (ledger, { number, by, to }) => proposeRecovery(ledger, number, by, to),
  RecoveryWithdrawn: (ledger, { number, by }) => proposeRecovery(ledger, number, by, null),
  RecoveryStopped: (ledger, { number }) => endRecovery(ledger, number),
  RecoveryCompleted: (ledger, { number }) => completeRecovery(ledger, number),
} satisfies Partial<Handlers<'bills'>>;
