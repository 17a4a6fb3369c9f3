/** The ledger's members: who admits, suspends, moves and recovers whom. */
import { id, ZeroHash } from 'ethers';
import { ROLE_BITS } from '#domain/codes.ts';
import { REASON } from '../../../support/acts.ts';
import { networkHelpers } from '../../../support/chain.ts';
import { DAY, MEMBER_NAMES } from '../ground.ts';
import {
  byAnnouncement,
  byAnyMember,
  byMembers,
  byNobodyElse,
  byRole,
  DONE,
  sends,
  type Rows,
} from '../row.ts';

const ALL_BUT_BANK = MEMBER_NAMES.filter((name) => name !== 'bank');

export const MEMBERS: Rows = {
  admit: byRole(['operator'], {
    call: (g) => g.on('bills', 'admit', g.addressOf('stranger'), ROLE_BITS.supplier, 0, ZeroHash),
  }),
  suspend: byRole(['operator'], { call: (g) => g.on('bills', 'suspend', g.numberOf('bank'), REASON) }),
  restore: byRole(['operator'], {
    call: (g) => g.on('bills', 'restore', g.numberOf('bank'), REASON),
    before: (g) => sends(g, 'operator', g.on('bills', 'suspend', g.numberOf('bank'), REASON)),
  }),
  renew: byRole(['operator'], {
    call: (g) => g.on('bills', 'renew', g.numberOf('supplier'), ROLE_BITS.core_enterprise, 0, REASON),
  }),
  setPrivileges: byAnnouncement((g) =>
    g.on('bills', 'setPrivileges', g.numberOf('supplier'), ROLE_BITS.bank),
  ),
  setAuthority: byRole(['accessManager'], {
    call: (g) => g.on('bills', 'setAuthority', g.addressOf('accessManager')),
  }),
  admitDesk: byAnnouncement((g) => g.on('bills', 'admitDesk', g.addressOf('stranger'))),
  dismissDesk: byAnnouncement((g) => g.on('bills', 'dismissDesk', g.addressOf('desk'))),
  allowDesk: [
    byMembers(['bank', 'bank2'], 'BillsNotBank', {
      when: 'yes',
      call: (g) => g.on('bills', 'allowDesk', g.addressOf('desk'), true),
    }),
    byAnyMember({
      when: 'no',
      call: (g) => g.on('bills', 'allowDesk', g.addressOf('desk'), false),
      suspended: DONE,
    }),
  ],
  moveAccount: byAnyMember({ call: (g) => g.on('bills', 'moveAccount', g.addressOf('stranger')) }),
  acceptAccount: byNobodyElse(['newcomer'], 'ParticipantsMoveNotOffered', {
    call: (g) => g.on('bills', 'acceptAccount', g.numberOf('supplier')),
  }),
  setStandingAcceptance: byAnyMember({
    call: (g) => g.on('bills', 'setStandingAcceptance', true, 0, 0, 0, 0),
  }),
  nameHelper: byMembers(ALL_BUT_BANK, 'RecoveriesOwnHelper', {
    call: (g) => g.on('bills', 'nameHelper', g.numberOf('bank')),
  }),
  proposeRecovery: byMembers(['bank'], 'RecoveriesNotHelper', {
    call: (g) => g.on('bills', 'proposeRecovery', g.numberOf('guarantor'), g.addressOf('stranger')),
  }),
  withdrawRecovery: byMembers(['bank'], 'RecoveriesNotHelper', {
    call: (g) => g.on('bills', 'withdrawRecovery', g.numberOf('guarantor')),
    suspended: DONE,
  }),
  proposeRecoveryAsOperator: byRole(['operator'], {
    call: (g) =>
      g.on(
        'bills',
        'proposeRecoveryAsOperator',
        g.numberOf('guarantor'),
        g.addressOf('stranger'),
        id('lost'),
      ),
  }),
  withdrawRecoveryAsOperator: byRole(['operator'], {
    call: (g) => g.on('bills', 'withdrawRecoveryAsOperator', g.numberOf('guarantor')),
  }),
  stopRecovery: byNobodyElse(['guarantor'], 'RecoveriesNotMember', {
    call: (g) => g.on('bills', 'stopRecovery', g.numberOf('guarantor')),
    suspended: DONE,
  }),
  completeRecovery: byNobodyElse(['heir'], 'RecoveriesNotAgreed', {
    call: (g) => g.on('bills', 'completeRecovery', g.numberOf('guarantor')),
    before: () => networkHelpers.time.increase(7 * DAY),
  }),
};
