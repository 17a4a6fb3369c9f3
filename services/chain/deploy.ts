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
import { canonicalJson } from '#domain/canonical-json.ts';
import { RULE_PACKS } from '#domain/rules/rule-packs.ts';
import { contractsOf, interfaces, type Contracts } from './contracts.ts';
import type { ContractName, Deployment } from './deployment.ts';
import * as generated from './generated/index.ts';
import {
  accountsOf,
  expectHandedOver,
  handOver,
  GOVERNANCE_DELAY,
  type Accounts,
  type Hands,
  type Step,
} from './governance.ts';

const CURRENCY = 'CNY';

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
  const [network, genesis, head, nonce, next] = await Promise.all([
    provider.getNetwork(),
    provider.getBlock(0),
    provider.getBlockNumber(),
    provider.getTransactionCount(from, 'latest'),
    provider.getTransactionCount(from, 'pending'),
  ]);
  if (next > nonce) throw new Error(`a transaction of ${from} is in no block yet: try again when it is`);
  if (genesis?.hash == null) throw new Error('the chain has no block 0');
  const { firstNonce, startBlock } = begun ?? { firstNonce: nonce, startBlock: head + 1 };
  if (begun === undefined) begin?.({ firstNonce, startBlock });

  const addresses = addressesOf(from, firstNonce);
  const contracts = contractsOf({ addresses }, deployer);
  const accounts = accountsOf(contracts, addresses, hands);
  const steps = [
    ...deploymentSteps(deployer, addresses, from, accounts),
    ...accounts.steps,
    {
      what: 'admits the financing desk',
      send: () => contracts.bills.admitDesk(addresses.desk),
    },
    { what: 'publishes the rules of certificates', send: () => publishRules(contracts, provider) },
    ...handOver(contracts, from, hands.privilegesDelay, accounts),
  ];
  for (const [n, { what, send }] of steps.entries()) {
    if (n < nonce - firstNonce) continue;
    say?.(`${n + 1} of ${steps.length}: ${what}`);
    await (await send()).wait();
  }
  await expectHandedOver(contracts, from, accounts);
  const [admin, desks, guardian] = await Promise.all(
    (['admin', 'desks', 'guardian'] as const).map(accounts.addressOf),
  );
  return {
    chainId: Number(network.chainId),
    startBlock,
    genesisHash: genesis.hash,
    currency: CURRENCY,
    operator: hands.operator,
    hands: { admin: admin!, desks: desks!, guardian: guardian! },
    addresses,
  };
}

/** The order is a matter of addresses: contracts that trust the ledger are told where it is going to be. */
const ORDER = [
  'accessManager',
  'rulebook',
  'ribbon',
  'callReader',
  'orgAccountFactory',
  'p256Verifier',
  'webAuthnVerifier',
  'sm2Verifier',
  'lines',
  'cash',
  'billsExtension',
  'bills',
  'desk',
  'relay',
  'auditAnchor',
  'timelock',
] as const satisfies readonly ContractName[];

const addressesOf = (from: string, firstNonce: number): Deployment['addresses'] =>
  Object.fromEntries(
    ORDER.map((name, n) => [name, getCreateAddress({ from, nonce: firstNonce + n })]),
  ) as Deployment['addresses'];

/** The timelock comes last: its proposer may be an account that the factory has yet to make. */
function deploymentSteps(
  deployer: Signer,
  addresses: Deployment['addresses'],
  from: string,
  { addressOf }: Accounts,
): Step[] {
  const { accessManager, rulebook, ribbon, lines, cash, billsExtension, bills, desk } = addresses;
  const { callReader, orgAccountFactory, relay, timelock } = addresses;
  const currency = currencyNumber(CURRENCY);
  type Part = readonly [Interface | readonly unknown[], string, () => Promise<unknown[]> | unknown[]];
  const parts: Record<(typeof ORDER)[number], Part> = {
    accessManager: [interfaces.accessManager, generated.governanceBytecode, () => [from]],
    rulebook: [interfaces.rulebook, generated.rulebookBytecode, () => [accessManager]],
    ribbon: [generated.ribbonAbi, generated.ribbonBytecode, () => []],
    callReader: [generated.callReaderAbi, generated.callReaderBytecode, () => [bills, cash, desk, lines]],
    orgAccountFactory: [
      interfaces.orgAccountFactory,
      generated.orgAccountFactoryBytecode,
      () => [callReader],
    ],
    p256Verifier: [generated.eRC7913P256VerifierAbi, generated.eRC7913P256VerifierBytecode, () => []],
    webAuthnVerifier: [
      generated.eRC7913WebAuthnVerifierAbi,
      generated.eRC7913WebAuthnVerifierBytecode,
      () => [],
    ],
    sm2Verifier: [generated.sM2VerifierAbi, generated.sM2VerifierBytecode, () => []],
    lines: [interfaces.lines, generated.creditLinesBytecode, () => [bills]],
    cash: [
      interfaces.cash,
      generated.depositTokenBytecode,
      () => [accessManager, bills, currency, exponentOf(CURRENCY), 'Tallystick Deposit CNY', 'tCNY'],
    ],
    billsExtension: [
      generated.billsExtensionAbi,
      generated.billsExtensionBytecode,
      () => [{ accessManager, rulebook, lines, cash, ribbon, currency }, relay, timelock, orgAccountFactory],
    ],
    bills: [interfaces.bills, generated.billsBytecode, () => [billsExtension]],
    desk: [interfaces.desk, generated.financingDeskBytecode, () => [cash, bills]],
    relay: [interfaces.relay, generated.relayBytecode, () => [orgAccountFactory]],
    auditAnchor: [interfaces.auditAnchor, generated.auditAnchorBytecode, () => []],
    timelock: [
      interfaces.timelock,
      generated.timelockControllerBytecode,
      async () => {
        const admin = await addressOf('admin');
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
