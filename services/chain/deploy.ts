import {
  ContractFactory,
  getCreateAddress,
  id,
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

/** Roles of the access manager. Firms hold none: what they may do follows from their membership. */
export const ACCESS_ROLES = { operator: 1n, desks: 2n } as const;

/** How long a change of desks or of roles is announced before it can be carried out (seconds). */
export const GOVERNANCE_DELAY = 2 * 86_400;

const CURRENCY = 'CNY';

/**
 * Deploys all contracts and hands them over: the operator may admit and suspend members and publish rule packs at once;
 * desks and roles change only through {@link GOVERNANCE_DELAY}; the deployer keeps nothing.
 *
 * @param deployer Pays; its next transactions must all be these, as addresses are computed from its nonce.
 * @param operator Address of the operator's key.
 */
export async function deploy(deployer: Signer, operator: string): Promise<Deployment> {
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

  const addresses = await deployContracts(deployer, from, firstNonce);
  const deployment: Deployment = {
    chainId: Number(network.chainId),
    startBlock: startBlock + 1,
    genesisHash: genesis.hash,
    currency: CURRENCY,
    operator,
    addresses,
  };
  const contracts = contractsOf(deployment, deployer);
  await contracts.bills.admitDesk(addresses.desk).then((tx) => tx.wait());
  await publishRules(contracts, provider);
  await handOver(contracts, from, operator);
  return deployment;
}

/** The order is a matter of addresses: contracts that trust the ledger are told where it is going to be. */
async function deployContracts(
  deployer: Signer,
  from: string,
  firstNonce: number,
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
  ] as const satisfies readonly ContractName[];
  const addresses = Object.fromEntries(
    order.map((name, n) => [name, getCreateAddress({ from, nonce: firstNonce + n })]),
  ) as Deployment['addresses'];
  const { accessManager, rulebook, ribbon, lines, cash, bills, orgAccountFactory } = addresses;
  const currency = currencyNumber(CURRENCY);
  const parts: Record<(typeof order)[number], [Interface | readonly unknown[], string, unknown[]]> = {
    accessManager: [interfaces.accessManager, generated.accessManagerBytecode, [from]],
    rulebook: [interfaces.rulebook, generated.rulebookBytecode, [accessManager]],
    ribbon: [generated.ribbonAbi, generated.ribbonBytecode, []],
    orgAccountFactory: [interfaces.orgAccountFactory, generated.orgAccountFactoryBytecode, []],
    p256Verifier: [generated.eRC7913P256VerifierAbi, generated.eRC7913P256VerifierBytecode, []],
    lines: [interfaces.lines, generated.creditLinesBytecode, [bills]],
    cash: [
      interfaces.cash,
      generated.depositTokenBytecode,
      [bills, currency, exponentOf(CURRENCY), 'Tallystick Deposit CNY', 'tCNY'],
    ],
    bills: [
      interfaces.bills,
      generated.billsBytecode,
      [accessManager, rulebook, lines, cash, currency, ribbon],
    ],
    desk: [interfaces.desk, generated.financingDeskBytecode, [cash, bills]],
    relay: [interfaces.relay, generated.relayBytecode, [orgAccountFactory]],
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
  { accessManager, rulebook, bills }: Contracts,
  deployer: string,
  operator: string,
): Promise<void> {
  const selectors = (contract: Interface, ...names: string[]): string[] =>
    names.map((name) => contract.getFunction(name)!.selector);
  const steps = [
    () =>
      accessManager.setTargetFunctionRole(
        bills,
        selectors(interfaces.bills, 'admit', 'suspend', 'restore', 'renew'),
        ACCESS_ROLES.operator,
      ),
    () =>
      accessManager.setTargetFunctionRole(
        rulebook,
        selectors(interfaces.rulebook, 'publish'),
        ACCESS_ROLES.operator,
      ),
    () =>
      accessManager.setTargetFunctionRole(
        bills,
        selectors(interfaces.bills, 'admitDesk', 'dismissDesk'),
        ACCESS_ROLES.desks,
      ),
    () => accessManager.grantRole(ACCESS_ROLES.operator, operator, 0),
    () => accessManager.grantRole(ACCESS_ROLES.desks, operator, GOVERNANCE_DELAY),
    () => accessManager.grantRole(0n, operator, GOVERNANCE_DELAY),
    () => accessManager.renounceRole(0n, deployer),
  ];
  for (const step of steps) await (await step()).wait();
}
