/** Who holds which power over the contracts, and how it is handed to them. */
import { id, ZeroHash, type Interface } from 'ethers';
import { interfaces, type Contracts } from './contracts.ts';
import { plainPolicy, policySigner, policyStruct } from './policies.ts';
import { partsOfSigner, signerOf, type Verifiers } from './typed-data.ts';

/**
 * Roles of the access manager. Firms hold none: what they may do follows from their membership. `privileges` gives members the
 * roles that buy, make money or see all, and settlement banks their caps; `guardian` stops what `desks` and `privileges` announce.
 * `enrolment` gives and takes the operator's role: the operator's key has it until people are the operator, the timelock for good.
 */
export const ACCESS_ROLES = {
  admin: 0n,
  operator: 1n,
  desks: 2n,
  privileges: 3n,
  guardian: 4n,
  enrolment: 5n,
} as const;

/** How long a change of desks or of roles is announced before it can be carried out (seconds). */
export const GOVERNANCE_DELAY = 2 * 86_400;

/**
 * A hand: an account that exists, or the signers of one of our accounts, which is made with the contracts. A signer is the address
 * of a key (`0x…`, 40 digits), a P-256 key (128 digits of hex, x and y) or that of a passkey (`webauthn:` before them); `threshold` of
 * them must sign.
 */
export type Hand = string | { readonly signers: readonly string[]; readonly threshold: number };

/** Whose accounts hold which power. */
export type Hands = {
  /** Address of a key. Admits and suspends members, publishes rule packs, at once, until it makes people the operator. */
  readonly operator: string;
  /** Proposes at the timelock that is ADMIN: an account of several people. */
  readonly admin: Hand;
  /** Announces desks, privileged roles and caps of settlement banks. */
  readonly desks: Hand;
  /** Stops what the other two announced; held by others. */
  readonly guardian: Hand;
  /** Seconds between announcing a privileged role or a cap and giving it. */
  readonly privilegesDelay: number;
};

/** All in one hand, and privileged roles without delay: for the demonstration, scenarios and tests alone. */
export const oneHand = (address: string): Hands => ({
  operator: address,
  admin: address,
  desks: address,
  guardian: address,
  privilegesDelay: 0,
});

/** One transaction. */
export type Step = { readonly what: string; readonly send: () => Promise<{ wait(): Promise<unknown> }> };

export type Accounts = {
  readonly addressOf: (name: HandName) => Promise<string>;
  readonly steps: readonly Step[];
};
type HandName = 'operator' | 'admin' | 'desks' | 'guardian';

const PASSKEY = 'webauthn:';

/** The bytes under which an account knows a signer that is named as settings name it. */
function signerNamed(verifiers: Verifiers, name: string): string {
  if (name.startsWith('0x')) return name;
  const type = name.startsWith(PASSKEY) ? 'webauthn' : 'p256';
  const point = name.replace(PASSKEY, '');
  const signer = signerOf(verifiers, { type, x: `0x${point.slice(0, 64)}`, y: `0x${point.slice(64)}` });
  if (signer === undefined) throw new Error('these contracts have no verifier of passkeys');
  return signer;
}

/** The other way round. */
export function nameOfSigner(verifiers: Verifiers, signer: string): string {
  const parts = partsOfSigner(verifiers, signer);
  if (parts === undefined || parts.type === 'ecdsa') return signer;
  return `${parts.type === 'webauthn' ? PASSKEY : ''}${parts.x.slice(2)}${parts.y.slice(2)}`;
}

/** The accounts of hands that are given by their signers: each is one of its own, even where two hands name the same people. */
export function accountsOf({ orgAccountFactory }: Contracts, verifiers: Verifiers, hands: Hands): Accounts {
  type Founders = [policy: ReturnType<typeof policyStruct>, salt: string];
  const founders = (name: string, { signers, threshold }: Exclude<Hand, string>): Founders => [
    policyStruct(
      plainPolicy(
        signers.map((signer) => policySigner(signerNamed(verifiers, signer))),
        threshold,
      ),
    ),
    id(name),
  ];
  const toMake = (['admin', 'desks', 'guardian'] as const).flatMap((name) => {
    const hand = hands[name];
    return typeof hand === 'string' ? [] : [{ name, founders: founders(name, hand) }];
  });
  return {
    addressOf: async (name) => {
      const hand = hands[name];
      return typeof hand === 'string' ? hand : orgAccountFactory.addressOf(...founders(name, hand));
    },
    steps: toMake.map((each) => ({
      what: `makes the account of ${each.name.toUpperCase()}`,
      send: () => orgAccountFactory.create(...each.founders),
    })),
  };
}

export function handOver(
  { accessManager, timelock, rulebook, bills, cash }: Contracts,
  deployer: string,
  privilegesDelay: number,
  { addressOf }: Accounts,
): Step[] {
  const {
    operator: OPERATOR,
    desks: DESKS,
    privileges: PRIVILEGES,
    guardian: GUARDIAN,
    admin: ADMIN,
    enrolment: ENROLMENT,
  } = ACCESS_ROLES;
  const selectors = (contract: Interface, ...names: string[]): string[] =>
    names.map((name) => contract.getFunction(name)!.selector);
  const targets = [
    [bills, selectors(interfaces.bills, 'admit', 'suspend', 'restore', 'renew'), OPERATOR],
    [bills, selectors(interfaces.bills, 'proposeRecoveryAsOperator', 'withdrawRecoveryAsOperator'), OPERATOR],
    [rulebook, selectors(interfaces.rulebook, 'publish', 'withdraw'), OPERATOR],
    [bills, selectors(interfaces.bills, 'admitDesk', 'dismissDesk'), DESKS],
    [bills, selectors(interfaces.bills, 'setPrivileges'), PRIVILEGES],
    [cash, selectors(interfaces.cash, 'setCap'), PRIVILEGES],
  ] as const;
  const grant = async (role: bigint, hand: HandName, delay: number) =>
    accessManager.grantRole(role, await addressOf(hand), delay);
  return [
    ...targets.map(([target, names, role]) => ({
      what: `gives role ${role} the functions ${names.length === 1 ? '' : `(${names.length}) `}of its part`,
      send: () => accessManager.setTargetFunctionRole(target, names, role),
    })),
    {
      what: 'sets the guardian of DESKS',
      send: () => accessManager.setRoleGuardian(DESKS, GUARDIAN),
    },
    {
      what: 'sets the guardian of privileged roles',
      send: () => accessManager.setRoleGuardian(PRIVILEGES, GUARDIAN),
    },
    { what: 'gives the operator its role', send: () => grant(OPERATOR, 'operator', 0) },
    {
      what: 'leaves the operator’s role to who enrols it',
      send: () => accessManager.setRoleAdmin(OPERATOR, ENROLMENT),
    },
    { what: 'lets the operator’s key enrol people', send: () => grant(ENROLMENT, 'operator', 0) },
    {
      what: 'lets the timelock enrol an operator',
      send: () => accessManager.grantRole(ENROLMENT, timelock, 0),
    },
    { what: 'gives DESKS its role, with delay', send: () => grant(DESKS, 'desks', GOVERNANCE_DELAY) },
    { what: 'gives DESKS privileged roles to give', send: () => grant(PRIVILEGES, 'desks', privilegesDelay) },
    { what: 'gives the guardian its role', send: () => grant(GUARDIAN, 'guardian', 0) },
    {
      what: 'lets the guardian cancel at the timelock',
      send: async () => timelock.grantRole(id('CANCELLER_ROLE'), await addressOf('guardian')),
    },
    { what: 'leaves the timelock to itself', send: () => timelock.renounceRole(ZeroHash, deployer) },
    // The timelock has a delay of its own. The deployer is the last to lose its power, and by its own hand.
    { what: 'makes the timelock ADMIN', send: () => accessManager.grantRole(ADMIN, timelock, 0) },
    { what: 'takes ADMIN from the deployer', send: () => accessManager.revokeRole(ADMIN, deployer) },
  ];
}

/** A step that was in a block and failed there would be passed over by who goes on: nobody uses contracts that somebody else governs. */
export async function expectHandedOver(
  { accessManager, timelock, bills, desk }: Contracts,
  deployer: string,
  { addressOf }: Accounts,
): Promise<void> {
  const { admin, operator, desks, privileges, guardian, enrolment } = ACCESS_ROLES;
  const has = async (role: bigint, account: Promise<string> | string) =>
    (await accessManager.hasRole(role, await account)).isMember;
  const held = await Promise.all([
    has(admin, deployer).then((isHeld) => !isHeld),
    has(admin, timelock.getAddress()),
    has(operator, addressOf('operator')),
    has(desks, addressOf('desks')),
    has(privileges, addressOf('desks')),
    has(guardian, addressOf('guardian')),
    has(enrolment, timelock.getAddress()),
    has(enrolment, addressOf('operator')),
    accessManager.getRoleAdmin(operator).then((role) => role === enrolment),
    timelock.hasRole(id('PROPOSER_ROLE'), await addressOf('admin')),
    timelock.hasRole(id('CANCELLER_ROLE'), await addressOf('guardian')),
    timelock.hasRole(ZeroHash, deployer).then((isHeld) => !isHeld),
    bills.isDesk(await desk.getAddress()),
  ]);
  if (held.includes(false))
    throw new Error(`the contracts deployed by ${deployer} are not handed over as asked: deploy others`);
}
