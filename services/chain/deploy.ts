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

/**
 * Roles of the access manager. Firms hold none: what they may do follows from their membership. `privileges` gives members the
 * roles that buy, make money or see all, and settlement banks their caps; `guardian` stops what `desks` and `privileges` announce.
 */
export const ACCESS_ROLES = { admin: 0n, operator: 1n, desks: 2n, privileges: 3n, guardian: 4n } as const;

/** How long a change of desks or of roles is announced before it can be carried out (seconds). */
export const GOVERNANCE_DELAY = 2 * 86_400;

const CURRENCY = 'CNY';

/** Whose accounts hold which power. */
export type Hands = {
  /** Admits and suspends members, publishes rule packs, at once. */
  readonly operator: string;
  /** Proposes at the timelock that is ADMIN: an account of several people. */
  readonly admin: string;
  /** Announces desks, privileged roles and caps of settlement banks. */
  readonly desks: string;
  /** Stops what the other two announced; held by others. */
  readonly guardian: string;
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

/**
 * Deploys all contracts and hands them over: the operator may admit and suspend members and publish rule packs at once;
 * desks, privileged roles and everything else change only after a delay in which the guardian can stop it; the deployer keeps
 * nothing.
 *
 * @param deployer Pays; its next transactions must all be these, as addresses are computed from its nonce.
 */
export async function deploy(deployer: Signer, hands: Hands): Promise<Deployment> {
  const provider = deployer.provider;
  if (provider === null) throw new Error('the deployer needs a provider');
  const from = await deployer.getAddress();
  const [network, genesis, startBlock, firstNonce] = await Promise.all([
    provider.getNetwork(),
    provider.getBlock(0),
    provider.getBlockNumber(),
    deployer.getNonce(),
  ]);
  if (genesis?.hash == null) throw new Error('the chain has no block 0');

  const addresses = await deployContracts(deployer, from, firstNonce, hands);
  const deployment: Deployment = {
    chainId: Number(network.chainId),
    startBlock: startBlock + 1,
    genesisHash: genesis.hash,
    currency: CURRENCY,
    operator: hands.operator,
    addresses,
  };
  const contracts = contractsOf(deployment, deployer);
  await contracts.bills.admitDesk(addresses.desk).then((tx) => tx.wait());
  await publishRules(contracts, provider);
  await handOver(contracts, from, hands);
  return deployment;
}

/** The order is a matter of addresses: contracts that trust the ledger are told where it is going to be. */
async function deployContracts(
  deployer: Signer,
  from: string,
  firstNonce: number,
  hands: Hands,
): Promise<Deployment['addresses']> {
  const order = [
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
  const addresses = Object.fromEntries(
    order.map((name, n) => [name, getCreateAddress({ from, nonce: firstNonce + n })]),
  ) as Deployment['addresses'];
  const { accessManager, rulebook, ribbon, lines, cash, bills, orgAccountFactory } = addresses;
  const currency = currencyNumber(CURRENCY);
  const parts: Record<(typeof order)[number], [Interface | readonly unknown[], string, unknown[]]> = {
    accessManager: [interfaces.accessManager, generated.governanceBytecode, [from]],
    rulebook: [interfaces.rulebook, generated.rulebookBytecode, [accessManager]],
    ribbon: [generated.ribbonAbi, generated.ribbonBytecode, []],
    orgAccountFactory: [interfaces.orgAccountFactory, generated.orgAccountFactoryBytecode, []],
    p256Verifier: [generated.eRC7913P256VerifierAbi, generated.eRC7913P256VerifierBytecode, []],
    lines: [interfaces.lines, generated.creditLinesBytecode, [bills]],
    cash: [
      interfaces.cash,
      generated.depositTokenBytecode,
      [accessManager, bills, currency, exponentOf(CURRENCY), 'Tallystick Deposit CNY', 'tCNY'],
    ],
    bills: [
      interfaces.bills,
      generated.billsBytecode,
      [accessManager, rulebook, lines, cash, currency, ribbon],
    ],
    desk: [interfaces.desk, generated.financingDeskBytecode, [cash, bills]],
    relay: [interfaces.relay, generated.relayBytecode, [orgAccountFactory]],
    timelock: [
      interfaces.timelock,
      generated.timelockControllerBytecode,
      [GOVERNANCE_DELAY, [hands.admin], [hands.admin], from],
    ],
  };
  for (const name of order) {
    const [abi, bytecode, args] = parts[name];
    const factory = new ContractFactory(abi as InterfaceAbi, bytecode, deployer);
    const contract = await factory.deploy(...args);
    await contract.waitForDeployment();
    const address = await contract.getAddress();
    if (address !== addresses[name]) throw new Error(`${name} was deployed at ${address}: the nonce moved`);
  }
  return addresses;
}

/** Publishes the newest pack of certificates. It is the first of its kind, so it may begin before today. */
async function publishRules({ rulebook }: Contracts, provider: Provider): Promise<void> {
  const pack = RULE_PACKS.findLast(({ kind }) => kind === 'CERTIFICATE');
  const head = await provider.getBlock('latest');
  if (pack === undefined || head === null) throw new Error('there is no rule pack for certificates');
  const tx = await rulebook.publish(
    KIND_NUMBERS.CERTIFICATE,
    Math.min(instantOf(pack.effectiveFrom), head.timestamp),
    pack.tenorMonths,
    pack.dayCount[CURRENCY] ?? 360,
    pack.maxSplits,
    id(canonicalJson(pack)),
  );
  await tx.wait();
}

async function handOver(
  { accessManager, timelock, rulebook, bills, cash }: Contracts,
  deployer: string,
  { operator, desks, guardian, privilegesDelay }: Hands,
): Promise<void> {
  const selectors = (contract: Interface, ...names: string[]): string[] =>
    names.map((name) => contract.getFunction(name)!.selector);
  const targets = [
    [bills, selectors(interfaces.bills, 'admit', 'suspend', 'restore', 'renew'), ACCESS_ROLES.operator],
    [rulebook, selectors(interfaces.rulebook, 'publish', 'withdraw'), ACCESS_ROLES.operator],
    [bills, selectors(interfaces.bills, 'admitDesk', 'dismissDesk'), ACCESS_ROLES.desks],
    [bills, selectors(interfaces.bills, 'setPrivileges'), ACCESS_ROLES.privileges],
    [cash, selectors(interfaces.cash, 'setCap'), ACCESS_ROLES.privileges],
  ] as const;
  const canceller = id('CANCELLER_ROLE');
  const steps = [
    ...targets.map(
      ([target, names, role]) =>
        () =>
          accessManager.setTargetFunctionRole(target, names, role),
    ),
    () => accessManager.setRoleGuardian(ACCESS_ROLES.desks, ACCESS_ROLES.guardian),
    () => accessManager.setRoleGuardian(ACCESS_ROLES.privileges, ACCESS_ROLES.guardian),
    () => accessManager.grantRole(ACCESS_ROLES.operator, operator, 0),
    () => accessManager.grantRole(ACCESS_ROLES.desks, desks, GOVERNANCE_DELAY),
    () => accessManager.grantRole(ACCESS_ROLES.privileges, desks, privilegesDelay),
    () => accessManager.grantRole(ACCESS_ROLES.guardian, guardian, 0),
    () => timelock.grantRole(canceller, guardian),
    () => timelock.renounceRole(ZeroHash, deployer),
    // The timelock has a delay of its own. The deployer is the last to lose its power, and by its own hand.
    () => accessManager.grantRole(ACCESS_ROLES.admin, timelock, 0),
    () => accessManager.revokeRole(ACCESS_ROLES.admin, deployer),
  ];
  for (const step of steps) await (await step()).wait();
}
