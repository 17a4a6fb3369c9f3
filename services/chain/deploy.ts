import {
  ContractFactory,
  getCreateAddress,
  id,
  ZeroHash,
  type Interface,
  type InterfaceAbi,
  type Provider,
  type Signer,
} from 'ethers';
import { KIND_NUMBERS } from '#domain/codes.ts';
import { instantOf } from '#domain/dates.ts';
import { currencyNumber, exponentOf } from '#domain/money.ts';
import { canonicalJson, RULE_PACKS } from '#domain/rule-packs.ts';
import { contractsOf, interfaces, type Contracts } from './contracts.ts';
import type { ContractName, Deployment } from './deployment.ts';
import * as generated from './generated/index.ts';
import { p256Signer } from './typed-data.ts';

/**
 * Roles of the access manager. Firms hold none: what they may do follows from their membership. `privileges` gives members the
 * roles that buy, make money or see all, and settlement banks their caps; `guardian` stops what `desks` and `privileges` announce.
 */
export const ACCESS_ROLES = { admin: 0n, operator: 1n, desks: 2n, privileges: 3n, guardian: 4n } as const;

/** How long a change of desks or of roles is announced before it can be carried out (seconds). */
export const GOVERNANCE_DELAY = 2 * 86_400;

const CURRENCY = 'CNY';

/**
 * A hand: an account that exists, or the signers of one of our accounts, which is made with the contracts. A signer is the address
 * of a key (`0x…`, 40 digits) or a P-256 key (128 digits of hex, x and y); `threshold` of them must sign.
 */
export type Hand = string | { readonly signers: readonly string[]; readonly threshold: number };

/** Whose accounts hold which power. */
export type Hands = {
  /** Address of a key. Admits and suspends members, publishes rule packs, at once. */
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

/** Where a deployment stands: it is begun once, and goes on from its next transaction after whatever stopped it. */
export type Begun = {
  /** The deployer's nonce before the first transaction: addresses follow from it, and how far it got. */
  readonly firstNonce: number;
  readonly startBlock: number;
};

export type Deploying = {
  /** Told before each step, in words for the operator. */
  readonly say?: (step: string) => void;
  /** Of a deployment that was stopped; told by `begin` before its first transaction. */
  readonly begun?: Begun | undefined;
  readonly begin?: (begun: Begun) => void;
};

type Step = { readonly what: string; readonly send: () => Promise<{ wait(): Promise<unknown> }> };

/**
 * Deploys all contracts and hands them over: the operator may admit and suspend members and publish rule packs at once;
 * desks, privileged roles and everything else change only after a delay in which the guardian can stop it; the deployer keeps
 * nothing. Each step is one transaction, so the deployer's nonce says which are done.
 *
 * @param deployer Pays; its next transactions must all be these, as addresses are computed from its nonce.
 */
export async function deploy(
  deployer: Signer,
  hands: Hands,
  { say, begun, begin }: Deploying = {},
): Promise<Deployment> {
  const provider = deployer.provider;
  if (provider === null) throw new Error('the deployer needs a provider');
  const from = await deployer.getAddress();
  const [network, genesis, head, nonce] = await Promise.all([
    provider.getNetwork(),
    provider.getBlock(0),
    provider.getBlockNumber(),
    provider.getTransactionCount(from, 'latest'),
  ]);
  if (genesis?.hash == null) throw new Error('the chain has no block 0');
  const { firstNonce, startBlock } = begun ?? { firstNonce: nonce, startBlock: head + 1 };
  if (begun === undefined) begin?.({ firstNonce, startBlock });

  const addresses = addressesOf(from, firstNonce);
  const deployment: Deployment = {
    chainId: Number(network.chainId),
    startBlock,
    genesisHash: genesis.hash,
    currency: CURRENCY,
    operator: hands.operator,
    addresses,
  };
  const contracts = contractsOf(deployment, deployer);
  const made = accountsOf(contracts, addresses.p256Verifier, hands);
  const steps = [
    ...deploymentSteps(deployer, addresses, from, made, hands),
    ...made.steps,
    {
      what: 'admits the financing desk',
      send: () => contracts.bills.admitDesk(addresses.desk),
    },
    { what: 'publishes the rules of certificates', send: () => publishRules(contracts, provider) },
    ...handOver(contracts, from, hands, made),
  ];
  for (const [n, { what, send }] of steps.entries()) {
    if (n < nonce - firstNonce) continue;
    say?.(`${n + 1} of ${steps.length}: ${what}`);
    await (await send()).wait();
  }
  return deployment;
}

/** The order is a matter of addresses: contracts that trust the ledger are told where it is going to be. */
const ORDER = [
  'accessManager',
  'rulebook',
  'ribbon',
  'orgAccountFactory',
  'p256Verifier',
  'lines',
  'cash',
  'bills',
  'desk',
  'relay',
  'timelock',
] as const satisfies readonly ContractName[];

const addressesOf = (from: string, firstNonce: number): Deployment['addresses'] =>
  Object.fromEntries(
    ORDER.map((name, n) => [name, getCreateAddress({ from, nonce: firstNonce + n })]),
  ) as Deployment['addresses'];

type Made = {
  readonly addressOf: (hand: Hand) => Promise<string>;
  readonly steps: readonly Step[];
};

/** The accounts of hands that are given by their signers; each is made once, and its address follows from them. */
function accountsOf(
  { orgAccountFactory }: Contracts,
  verifier: string,
  { admin, desks, guardian }: Hands,
): Made {
  type Founders = [signers: string[], weights: bigint[], threshold: bigint, salt: string];
  const founders = ({ signers, threshold }: Exclude<Hand, string>): Founders => [
    signers.map((signer) =>
      signer.startsWith('0x')
        ? signer
        : p256Signer(verifier, `0x${signer.slice(0, 64)}`, `0x${signer.slice(64)}`),
    ),
    signers.map(() => 1n),
    BigInt(threshold),
    ZeroHash,
  ];
  const named = { admin, desks, guardian };
  return {
    addressOf: (hand) =>
      typeof hand === 'string' ? Promise.resolve(hand) : orgAccountFactory.addressOf(...founders(hand)),
    steps: Object.entries(named).flatMap(([name, hand]) =>
      typeof hand === 'string'
        ? []
        : [
            {
              what: `makes the account of ${name.toUpperCase()}`,
              send: () => orgAccountFactory.create(...founders(hand)),
            },
          ],
    ),
  };
}

/** The timelock comes last: its proposer may be an account that the factory has yet to make. */
function deploymentSteps(
  deployer: Signer,
  addresses: Deployment['addresses'],
  from: string,
  { addressOf }: Made,
  hands: Hands,
): Step[] {
  const { accessManager, rulebook, ribbon, lines, cash, bills, orgAccountFactory } = addresses;
  const currency = currencyNumber(CURRENCY);
  type Part = readonly [Interface | readonly unknown[], string, () => Promise<unknown[]> | unknown[]];
  const parts: Record<(typeof ORDER)[number], Part> = {
    accessManager: [interfaces.accessManager, generated.governanceBytecode, () => [from]],
    rulebook: [interfaces.rulebook, generated.rulebookBytecode, () => [accessManager]],
    ribbon: [generated.ribbonAbi, generated.ribbonBytecode, () => []],
    orgAccountFactory: [interfaces.orgAccountFactory, generated.orgAccountFactoryBytecode, () => []],
    p256Verifier: [generated.eRC7913P256VerifierAbi, generated.eRC7913P256VerifierBytecode, () => []],
    lines: [interfaces.lines, generated.creditLinesBytecode, () => [bills]],
    cash: [
      interfaces.cash,
      generated.depositTokenBytecode,
      () => [accessManager, bills, currency, exponentOf(CURRENCY), 'Tallystick Deposit CNY', 'tCNY'],
    ],
    bills: [
      interfaces.bills,
      generated.billsBytecode,
      () => [accessManager, rulebook, lines, cash, currency, ribbon],
    ],
    desk: [interfaces.desk, generated.financingDeskBytecode, () => [cash, bills]],
    relay: [interfaces.relay, generated.relayBytecode, () => [orgAccountFactory]],
    timelock: [
      interfaces.timelock,
      generated.timelockControllerBytecode,
      async () => {
        const admin = await addressOf(hands.admin);
        return [GOVERNANCE_DELAY, [admin], [admin], from];
      },
    ],
  };
  return ORDER.map((name) => ({
    what: `deploys ${name} at ${addresses[name]}`,
    send: async () => {
      const [abi, bytecode, args] = parts[name];
      const contract = await new ContractFactory(abi as InterfaceAbi, bytecode, deployer).deploy(
        ...(await args()),
      );
      const address = await contract.getAddress();
      if (address !== addresses[name]) throw new Error(`${name} was deployed at ${address}: the nonce moved`);
      return { wait: () => contract.waitForDeployment() };
    },
  }));
}

/** Publishes the newest pack of certificates. It is the first of its kind, so it may begin before today. */
async function publishRules({ rulebook }: Contracts, provider: Provider) {
  const pack = RULE_PACKS.findLast(({ kind }) => kind === 'CERTIFICATE');
  const head = await provider.getBlock('latest');
  if (pack === undefined || head === null) throw new Error('there is no rule pack for certificates');
  return rulebook.publish(
    KIND_NUMBERS.CERTIFICATE,
    Math.min(instantOf(pack.effectiveFrom), head.timestamp),
    pack.tenorMonths,
    pack.dayCount[CURRENCY] ?? 360,
    pack.maxSplits,
    id(canonicalJson(pack)),
  );
}

function handOver(
  { accessManager, timelock, rulebook, bills, cash }: Contracts,
  deployer: string,
  { operator, desks, guardian, privilegesDelay }: Hands,
  { addressOf }: Made,
): Step[] {
  const {
    operator: OPERATOR,
    desks: DESKS,
    privileges: PRIVILEGES,
    guardian: GUARDIAN,
    admin: ADMIN,
  } = ACCESS_ROLES;
  const selectors = (contract: Interface, ...names: string[]): string[] =>
    names.map((name) => contract.getFunction(name)!.selector);
  const targets = [
    [bills, selectors(interfaces.bills, 'admit', 'suspend', 'restore', 'renew'), OPERATOR],
    [rulebook, selectors(interfaces.rulebook, 'publish', 'withdraw'), OPERATOR],
    [bills, selectors(interfaces.bills, 'admitDesk', 'dismissDesk'), DESKS],
    [bills, selectors(interfaces.bills, 'setPrivileges'), PRIVILEGES],
    [cash, selectors(interfaces.cash, 'setCap'), PRIVILEGES],
  ] as const;
  const grant = async (role: bigint, hand: Hand, delay: number) =>
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
    { what: 'gives the operator its role', send: () => grant(OPERATOR, operator, 0) },
    { what: 'gives DESKS its role, with delay', send: () => grant(DESKS, desks, GOVERNANCE_DELAY) },
    { what: 'gives DESKS privileged roles to give', send: () => grant(PRIVILEGES, desks, privilegesDelay) },
    { what: 'gives the guardian its role', send: () => grant(GUARDIAN, guardian, 0) },
    {
      what: 'lets the guardian cancel at the timelock',
      send: async () => timelock.grantRole(id('CANCELLER_ROLE'), await addressOf(guardian)),
    },
    { what: 'leaves the timelock to itself', send: () => timelock.renounceRole(ZeroHash, deployer) },
    // The timelock has a delay of its own. The deployer is the last to lose its power, and by its own hand.
    { what: 'makes the timelock ADMIN', send: () => accessManager.grantRole(ADMIN, timelock, 0) },
    { what: 'takes ADMIN from the deployer', send: () => accessManager.revokeRole(ADMIN, deployer) },
  ];
}
