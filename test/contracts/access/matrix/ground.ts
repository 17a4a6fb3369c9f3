/** The network with everybody on it who could call something, and with something to call for each function. */
import { id, ZeroHash } from 'ethers';
import { interfaces } from '#chain/contracts.ts';
import { ACCESS_ROLES, GOVERNANCE_DELAY } from '#chain/governance.ts';
import type { Call } from '#chain/typed-data.ts';
import { accountOf } from '../../support/accounts.ts';
import { DUE, issued, REASON, seen, taken, type Issued } from '../../support/acts.ts';
import type { OfferSeen } from '../../../fixtures/calls.ts';
import { ethers, networkHelpers, provider } from '../../support/chain.ts';
import { p256Key, type Key } from '../../support/keys.ts';
import { stage, type MemberName, type Stage } from '../../support/stage.ts';

export const DAY = 86_400;

export const MEMBER_NAMES = [
  'coreFirm',
  'coreFirm2',
  'supplier',
  'supplier2',
  'bank',
  'bank2',
  'guarantor',
  'regulator',
  'settlementBank',
] as const satisfies readonly MemberName[];

/** Keys of no member: some of nobody, some with a power of the platform; and an account that is no member (yet). */
const KEY_NAMES = [
  ...['stranger', 'relayer', 'deployer', 'heir', 'newcomer'],
  ...['operator', 'admin', 'desks', 'guardian'],
] as const;

const HANDS = { admin: 13, desks: 14, guardian: 15, heir: 16, newcomer: 17 } as const;

/** By its name in the deployment; `implementation` and `house` are accounts, `ledger` is `bills`. */
export type CallerName = string;
export type Caller = { readonly name: CallerName; readonly address: string; readonly isMember: boolean };

export type Ground = {
  readonly s: Stage;
  readonly callers: readonly Caller[];
  readonly addressOf: (name: CallerName) => string;
  readonly numberOf: (name: MemberName) => number;
  /** A call of a function by its name. */
  readonly on: (contract: ContractName, name: string, ...args: readonly unknown[]) => Call;
  /** Signed for by `supplier`, with 10.00 paid in; part of it is on offer to `supplier2` until `offerUntil`. */
  readonly bill: Issued;
  readonly offered: bigint;
  readonly offerSeen: OfferSeen;
  readonly offerUntil: number;
  /** Issued to `supplier`, who has not signed for it. */
  readonly waiting: Issued;
  /** Keys of `house`, an account of two signers, either of whom is enough, and of `supplier2`. */
  readonly houseKeys: readonly [Key, Key];
  readonly supplierKey: Key;
};

type ContractName = keyof typeof interfaces;

/** Any account signs, contracts too; what is sent costs nothing that matters. */
async function unlock(address: string): Promise<void> {
  await provider.request({ method: 'hardhat_impersonateAccount', params: [address] });
  await provider.request({ method: 'hardhat_setBalance', params: [address, '0x3635c9adc5dea00000'] });
}

export const ground = (): Promise<Ground> => networkHelpers.loadFixture(openingGround);

async function openingGround(): Promise<Ground> {
  const s = await stage();
  const signers = await ethers.getSigners();
  const { addresses } = s.deployment;
  const hand = (name: keyof typeof HANDS) => signers[HANDS[name]]!.address;
  const houseKeys = [
    p256Key(addresses.p256Verifier, 'house one'),
    p256Key(addresses.p256Verifier, 'house two'),
  ] as const;
  const house = await (await accountOf(s, { keys: houseKeys, threshold: 1 })).getAddress();
  const keyAddress = (name: string): string =>
    name in HANDS ? hand(name as keyof typeof HANDS) : s[name as 'stranger'].account;

  const callers: Caller[] = [
    ...MEMBER_NAMES.map((name) => ({ name, address: s[name].account, isMember: true })),
    ...KEY_NAMES.map((name) => ({ name, address: keyAddress(name), isMember: false })),
    { name: 'house', address: house, isMember: false },
    {
      name: 'implementation',
      address: await s.contracts.orgAccountFactory.implementation(),
      isMember: false,
    },
    ...Object.entries(addresses).map(([name, address]) => ({
      name: name === 'bills' ? 'ledger' : name,
      address: address!,
      isMember: false,
    })),
  ];
  for (const { address } of callers) await unlock(address);
  const addressOf = (name: CallerName): string => callers.find((each) => each.name === name)!.address;
  const on: Ground['on'] = (contract, name, ...args) => ({
    target: contract === 'orgAccount' ? house : addresses[contract]!,
    data: interfaces[contract].encodeFunctionData(name, args as unknown[]),
  });

  await handToOthers(s, on, { admin: hand('admin'), desks: hand('desks'), guardian: hand('guardian') });
  const facts = await scene(s, on, addressOf);
  return {
    ...facts,
    ...{ s, callers, addressOf, on, houseKeys },
    numberOf: (name) => s[name].number,
    supplierKey: p256Key(addresses.p256Verifier, 'supplier2'),
  };
}

/** The stage begins with all powers in one hand, which gives them by the timelock to those who have them in a real network. */
async function handToOthers(
  s: Stage,
  on: Ground['on'],
  hands: Record<'admin' | 'desks' | 'guardian', string>,
): Promise<void> {
  const { desks, privileges, guardian } = ACCESS_ROLES;
  const operator = s.operator.account;
  const [proposer, executor, canceller] = ['PROPOSER_ROLE', 'EXECUTOR_ROLE', 'CANCELLER_ROLE'].map(id);
  const calls = [
    on('accessManager', 'grantRole', desks, hands.desks, GOVERNANCE_DELAY),
    on('accessManager', 'grantRole', privileges, hands.desks, GOVERNANCE_DELAY),
    on('accessManager', 'grantRole', guardian, hands.guardian, 0),
    ...[desks, privileges, guardian].map((role) => on('accessManager', 'revokeRole', role, operator)),
    ...[proposer, executor, canceller].map((role) => on('timelock', 'grantRole', role, hands.admin)),
    on('timelock', 'grantRole', canceller, hands.guardian),
    ...[proposer, executor, canceller].map((role) => on('timelock', 'revokeRole', role, operator)),
  ];
  const batch = [
    calls.map(({ target }) => target),
    calls.map(() => 0),
    calls.map(({ data }) => data),
    ZeroHash,
    ZeroHash,
  ];
  await s.operator.does(on('timelock', 'scheduleBatch', ...batch, GOVERNANCE_DELAY));
  await networkHelpers.time.increase(GOVERNANCE_DELAY);
  await s.operator.does(on('timelock', 'executeBatch', ...batch));
}

async function scene(s: Stage, on: Ground['on'], addressOf: Ground['addressOf']) {
  const { calls } = s;
  for (const name of ['guarantor', 'regulator', 'settlementBank'] as const) {
    await s.settlementBank.does(calls.deposit(s[name].number, 1_000_00n, REASON));
  }
  for (const name of MEMBER_NAMES) await s[name].does(calls.approveFunding(1_000_00n));
  const bill = await taken(s);
  const waiting = await issued(s, {
    serial: 2,
    invoices: [{ invoiceId: id('invoice'), total: 500_00n, amount: 100_00n }],
  });
  for (const name of ['guarantor', 'supplier2'] as const) {
    await s[name].does(calls.nameHelper(s.bank.number));
  }
  await networkHelpers.time.increase(7 * DAY);
  for (const name of ['guarantor', 'supplier2'] as const) {
    await s.bank.does(calls.proposeRecovery(s[name].number, addressOf('heir')));
    await s.operator.does(
      on('bills', 'proposeRecoveryAsOperator', s[name].number, addressOf('heir'), REASON),
    );
  }
  const offerUntil = (await networkHelpers.time.latest()) + 40 * DAY;
  await s.supplier.does(calls.offer(bill.root, 20_00n, s.supplier2.number, offerUntil));
  const offered = bill.root + 80_00n;
  await s.coreFirm.does(calls.fund(bill.bill, 10_00n));
  for (const name of ['bank', 'bank2'] as const) {
    await s[name].does(calls.setLine(s.coreFirm.number, 1_000_00n, 0));
    await s[name].does(calls.reserve(s.coreFirm.number, 10_00n));
  }
  await s.supplier.does(calls.requestRedemption(s.settlementBank.number, 5_00n));
  await s.supplier.does(calls.moveAccount(addressOf('newcomer')));
  await s.operator.does(on('rulebook', 'publish', 1, DUE, 6, 360, 9, ZeroHash));
  return { bill, waiting, offered, offerUntil, offerSeen: await seen(s, offered) };
}
