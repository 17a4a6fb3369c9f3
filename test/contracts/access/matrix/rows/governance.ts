/** Who gives and takes the powers of the platform: the access manager and the timelock that is its ADMIN. */
import { id, ZeroAddress, ZeroHash } from 'ethers';
import { ACCESS_ROLES, GOVERNANCE_DELAY } from '#chain/governance.ts';
import { REASON } from '../../../support/acts.ts';
import { networkHelpers } from '../../../support/chain.ts';
import type { Caller, Ground } from '../ground.ts';
import { byAnybody, byNobodyElse, sends, type Rows } from '../row.ts';

const { operator, desks, enrolment } = ACCESS_ROLES;
const UNAUTHORIZED = 'AccessManagerUnauthorizedAccount';

const onManager =
  (name: string, ...args: readonly unknown[]) =>
  (g: Ground) =>
    g.on('accessManager', name, ...args);
const byAdmin = (call: (g: Ground) => ReturnType<Ground['on']>) =>
  byNobodyElse(['timelock'], UNAUTHORIZED, { call });
const gives = (role: bigint) => (g: Ground) =>
  g.on('accessManager', 'grantRole', role, g.addressOf('stranger'), 0);

const setsPrivileges = (g: Ground) => g.on('bills', 'setPrivileges', g.numberOf('supplier'), 4);
const privilegesAnnounced = (g: Ground) => {
  const { target, data } = setsPrivileges(g);
  return sends(g, 'desks', g.on('accessManager', 'schedule', target, data, 0));
};
const suspends = (g: Ground) => g.on('bills', 'suspend', g.numberOf('bank'), REASON);

export const MANAGER: Rows = {
  grantRole: [
    byNobodyElse(['operator', 'timelock'], UNAUTHORIZED, { when: 'of the operator', call: gives(operator) }),
    { ...byAdmin(gives(desks)), when: 'of desks' },
    { ...byAdmin(gives(enrolment)), when: 'of enrolment' },
    { ...byAdmin(gives(ACCESS_ROLES.admin)), when: 'of ADMIN' },
  ],
  revokeRole: [
    byNobodyElse(['operator', 'timelock'], UNAUTHORIZED, {
      when: 'of the operator',
      call: (g) => g.on('accessManager', 'revokeRole', operator, g.addressOf('operator')),
    }),
    {
      ...byAdmin((g) => g.on('accessManager', 'revokeRole', desks, g.addressOf('desks'))),
      when: 'of desks',
    },
  ],
  renounceRole: [
    byAnybody({
      when: 'enrolment, in its own name',
      call: (g: Ground, { address }: Caller) => g.on('accessManager', 'renounceRole', enrolment, address),
      changes: [],
    }),
    byNobodyElse([], 'GovernanceRenouncing', {
      when: 'another role',
      call: (g: Ground, { address }: Caller) => g.on('accessManager', 'renounceRole', operator, address),
    }),
    byNobodyElse(['operator'], 'AccessManagerBadConfirmation', {
      when: 'enrolment, in another’s name',
      call: (g) => g.on('accessManager', 'renounceRole', enrolment, g.addressOf('operator')),
    }),
  ],
  labelRole: byAdmin(onManager('labelRole', 9, 'nine')),
  setRoleAdmin: byAdmin(onManager('setRoleAdmin', operator, desks)),
  setRoleGuardian: byAdmin(onManager('setRoleGuardian', desks, operator)),
  setGrantDelay: byAdmin(onManager('setGrantDelay', operator, 5)),
  setTargetAdminDelay: byAdmin((g) => g.on('accessManager', 'setTargetAdminDelay', g.addressOf('ledger'), 5)),
  setTargetClosed: byAdmin((g) => g.on('accessManager', 'setTargetClosed', g.addressOf('ledger'), true)),
  setTargetFunctionRole: byAdmin((g) =>
    g.on('accessManager', 'setTargetFunctionRole', g.addressOf('ledger'), [suspends(g).data.slice(0, 10)], 9),
  ),
  updateAuthority: byAdmin((g) =>
    g.on('accessManager', 'updateAuthority', g.addressOf('ledger'), g.addressOf('accessManager')),
  ),
  multicall: { ...byAdmin((g) => g.on('accessManager', 'multicall', [gives(desks)(g).data])) },
  schedule: [
    byNobodyElse(['desks'], 'AccessManagerUnauthorizedCall', {
      when: 'what its caller may after a time',
      call: (g) => g.on('accessManager', 'schedule', g.addressOf('ledger'), setsPrivileges(g).data, 0),
    }),
    byNobodyElse([], 'AccessManagerUnauthorizedCall', {
      when: 'sooner than its time',
      call: async (g) => {
        const soon = (await networkHelpers.time.latest()) + GOVERNANCE_DELAY / 2;
        return g.on('accessManager', 'schedule', g.addressOf('ledger'), setsPrivileges(g).data, soon);
      },
    }),
  ],
  execute: [
    byNobodyElse(['operator'], 'AccessManagerUnauthorizedCall', {
      when: 'what its caller may at once',
      call: (g) => g.on('accessManager', 'execute', g.addressOf('ledger'), suspends(g).data),
    }),
    byNobodyElse(['desks'], 'AccessManagerUnauthorizedCall', {
      when: 'what was announced',
      call: (g) => g.on('accessManager', 'execute', g.addressOf('ledger'), setsPrivileges(g).data),
      before: async (g) => {
        await privilegesAnnounced(g);
        await networkHelpers.time.increase(GOVERNANCE_DELAY);
      },
    }),
  ],
  cancel: byNobodyElse(['desks', 'guardian', 'timelock'], 'AccessManagerUnauthorizedCancel', {
    call: (g) =>
      g.on('accessManager', 'cancel', g.addressOf('desks'), g.addressOf('ledger'), setsPrivileges(g).data),
    before: privilegesAnnounced,
  }),
  /** Of the contract whose function was announced, in the midst of it; a caller that is none does not even answer. */
  consumeScheduledOp: byNobodyElse([], 'no reason', {
    call: (g) => g.on('accessManager', 'consumeScheduledOp', g.addressOf('desks'), setsPrivileges(g).data),
    before: async (g) => {
      await privilegesAnnounced(g);
      await networkHelpers.time.increase(GOVERNANCE_DELAY);
    },
    but: Object.fromEntries(
      ['ledger', 'billsExtension', 'cash', 'rulebook'].map((name) => [
        name,
        'AccessManagerUnauthorizedConsume',
      ]),
    ),
  }),
};

const NO_ROLE = 'AccessControlUnauthorizedAccount';
/** ADMIN would make the stranger the operator. */
const operation = (g: Ground) => {
  const { target, data } = gives(operator)(g);
  return { one: [target, 0, data, ZeroHash, ZeroHash], many: [[target], [0], [data], ZeroHash, ZeroHash] };
};
const isAnnounced = (form: 'one' | 'many') => async (g: Ground) => {
  const name = form === 'one' ? 'schedule' : 'scheduleBatch';
  await sends(g, 'admin', g.on('timelock', name, ...operation(g)[form], GOVERNANCE_DELAY));
};
const isRipe = (form: 'one' | 'many') => async (g: Ground) => {
  await isAnnounced(form)(g);
  await networkHelpers.time.increase(GOVERNANCE_DELAY);
};
const received = (name: string, ...args: readonly unknown[]) =>
  byAnybody({ call: (g) => g.on('timelock', name, ZeroAddress, ZeroAddress, ...args, '0x'), changes: [] });

export const TIMELOCK: Rows = {
  schedule: byNobodyElse(['admin'], NO_ROLE, {
    call: (g) => g.on('timelock', 'schedule', ...operation(g).one, GOVERNANCE_DELAY),
  }),
  scheduleBatch: byNobodyElse(['admin'], NO_ROLE, {
    call: (g) => g.on('timelock', 'scheduleBatch', ...operation(g).many, GOVERNANCE_DELAY),
  }),
  execute: [
    byNobodyElse(['admin'], NO_ROLE, {
      when: 'its time has come',
      call: (g) => g.on('timelock', 'execute', ...operation(g).one),
      before: isRipe('one'),
    }),
    byNobodyElse([], NO_ROLE, {
      when: 'its time has not come',
      call: (g) => g.on('timelock', 'execute', ...operation(g).one),
      before: isAnnounced('one'),
      but: { admin: 'TimelockUnexpectedOperationState' },
    }),
  ],
  executeBatch: byNobodyElse(['admin'], NO_ROLE, {
    call: (g) => g.on('timelock', 'executeBatch', ...operation(g).many),
    before: isRipe('many'),
  }),
  cancel: byNobodyElse(['admin', 'guardian'], NO_ROLE, {
    call: async (g) =>
      g.on(
        'timelock',
        'cancel',
        await g.s.contracts.timelock.hashOperation(
          ...(operation(g).one as [string, 0, string, string, string]),
        ),
      ),
    before: isAnnounced('one'),
  }),
  grantRole: byNobodyElse(['timelock'], NO_ROLE, {
    call: (g) => g.on('timelock', 'grantRole', id('PROPOSER_ROLE'), g.addressOf('stranger')),
  }),
  revokeRole: byNobodyElse(['timelock'], NO_ROLE, {
    call: (g) => g.on('timelock', 'revokeRole', id('CANCELLER_ROLE'), g.addressOf('guardian')),
  }),
  renounceRole: [
    byAnybody({
      when: 'in its own name',
      call: (g: Ground, { address }: Caller) =>
        g.on('timelock', 'renounceRole', id('CANCELLER_ROLE'), address),
      changes: [],
    }),
    byNobodyElse(['guardian'], 'AccessControlBadConfirmation', {
      when: 'in another’s name',
      call: (g) => g.on('timelock', 'renounceRole', id('CANCELLER_ROLE'), g.addressOf('guardian')),
    }),
  ],
  updateDelay: byNobodyElse(['timelock'], 'TimelockUnauthorizedCaller', {
    call: (g) => g.on('timelock', 'updateDelay', 0),
  }),
  onERC721Received: received('onERC721Received', 1),
  onERC1155Received: received('onERC1155Received', 1, 1),
  onERC1155BatchReceived: received('onERC1155BatchReceived', [], []),
};
