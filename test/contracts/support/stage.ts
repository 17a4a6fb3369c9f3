import { callsOf, type TestCalls } from '../../fixtures/calls.ts';
import { contractsOf, type Contracts } from '#chain/contracts.ts';
import { deploy } from '#chain/deploy.ts';
import { oneHand } from '#chain/governance.ts';
import type { Deployment } from '#chain/deployment.ts';
import type { Role } from '#domain/codes.ts';
import { admitted, firm, plainActor, type Actor } from './actors.ts';
import { ethers, networkHelpers } from './chain.ts';
import { ecdsaKey, p256Key } from './keys.ts';

const MEMBERS = {
  coreFirm: ['core_enterprise'],
  coreFirm2: ['core_enterprise'],
  supplier: ['supplier'],
  supplier2: ['supplier'],
  bank: ['bank'],
  bank2: ['bank'],
  guarantor: ['guarantor'],
  regulator: ['regulator'],
  settlementBank: ['settlement_bank'],
} as const satisfies Record<string, readonly Role[]>;

/** Not members. */
const OTHERS = ['stranger', 'relayer', 'operator', 'deployer'] as const;

export type MemberName = keyof typeof MEMBERS;
export type ActorName = MemberName | (typeof OTHERS)[number];

/** What every firm and bank has in deposits at the beginning, minor units. */
export const OPENING_CASH = 1_000_000_00n;

/**
 * The network as it is shipped, with its first members. `supplier2` is an OrgAccount with one P-256 key, `bank2` one with a
 * P-256 maker and an ECDSA checker; the others are ordinary accounts. Both banks name the desk and let it spend their
 * deposits, both core firms let the ledger of bills.
 */
export type Stage = Record<ActorName, Actor> & {
  readonly deployment: Deployment;
  /** Connected to the operator's key. */
  readonly contracts: Contracts;
  readonly calls: TestCalls;
  readonly members: readonly Actor[];
};

/** A fresh stage: what earlier tests did is undone. */
export const stage = (): Promise<Stage> => networkHelpers.loadFixture(openingStage);

async function openingStage(): Promise<Stage> {
  const signers = await ethers.getSigners();
  const names = [...Object.keys(MEMBERS), ...OTHERS] as ActorName[];
  const at = (name: ActorName): number => names.indexOf(name);
  const deployment = await deploy(signers[at('deployer')]!, oneHand(signers[at('operator')]!.address));
  const contracts = contractsOf(deployment, signers[at('operator')]!);
  const verifier = deployment.addresses.p256Verifier;
  const firms: Partial<Record<ActorName, Parameters<typeof firm>[3]>> = {
    supplier2: { name: 'supplier2', keys: [p256Key(verifier, 'supplier2')] },
    bank2: { name: 'bank2', keys: [p256Key(verifier, 'bank2 maker'), ecdsaKey('bank2 checker')] },
  };

  const actors = {} as Record<ActorName, Actor>;
  for (const name of names) {
    const founders = firms[name];
    const actor = founders
      ? await firm(deployment, contracts, signers[at('relayer')]!, founders)
      : await plainActor(deployment, name, at(name));
    const roles: readonly Role[] | undefined = MEMBERS[name as MemberName];
    actors[name] = roles ? await admitted(contracts, actor, roles) : actor;
  }
  const calls = callsOf(deployment);
  for (const name of ['coreFirm', 'coreFirm2', 'supplier', 'supplier2', 'bank', 'bank2'] as const) {
    await actors.settlementBank.does(calls.deposit(actors[name].number, OPENING_CASH, ethers.id(name)));
  }
  for (const name of ['bank', 'bank2'] as const) {
    await actors[name].does(calls.approveDesk());
    await actors[name].does(calls.allowDesk());
  }
  for (const name of ['coreFirm', 'coreFirm2'] as const) {
    await actors[name].does(calls.approveFunding(ethers.MaxUint256));
  }
  const members = (Object.keys(MEMBERS) as MemberName[]).map((name) => actors[name]);
  return { ...actors, deployment, contracts, calls, members };
}
