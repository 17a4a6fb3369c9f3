import { ZeroHash, type ContractTransactionResponse } from 'ethers';
import type { OrgAccount } from '../../../types/contracts/participants/OrgAccount.ts';
import { orgAccountAt } from '#chain/contracts.ts';
import { plainPolicy, policySigner, policyStruct } from '#chain/policies.ts';
import type { Policy, PolicySigner } from '#domain/accounts/policy.ts';
import { executeDigest, type Call } from '#chain/typed-data.ts';
import { FAR } from './actors.ts';
import { ethers } from './chain.ts';
import { signAll, type Key } from './keys.ts';
import type { Stage } from './stage.ts';

/** `terms` of each key, where it has others than weight 1; `policy` what else is not as ordinary. */
export type Founders = {
  keys: readonly Key[];
  terms?: readonly Partial<PolicySigner>[];
  threshold: number;
  policy?: Partial<Policy>;
  salt?: string;
};

export const policyOf = ({ keys, terms, threshold, policy }: Founders): Policy => ({
  ...plainPolicy(
    keys.map(({ signer }, n) => policySigner(signer, terms?.[n])),
    threshold,
  ),
  ...policy,
});

const argsOf = (founders: Founders) => [policyStruct(policyOf(founders)), founders.salt ?? ZeroHash] as const;

/** An account as the factory makes it, connected to somebody who has nothing to do with it. */
export async function accountOf(s: Stage, founders: Founders): Promise<OrgAccount> {
  const factory = s.contracts.orgAccountFactory;
  await factory.create(...argsOf(founders));
  const stranger = await ethers.getSigner(s.stranger.account);
  return orgAccountAt(await factory.addressOf(...argsOf(founders)), stranger);
}

/** A policy as the chain tells it. */
export const asEvent = ({ signers, rules, threshold, adminThreshold, changeDelay }: Policy) => [
  signers.map(({ key, weight, level, validUntil, dayLimit }) => [
    key,
    BigInt(weight),
    BigInt(level),
    BigInt(validUntil),
    dayLimit,
  ]),
  rules.map(({ kinds, from, threshold: needed, levels }) => [
    BigInt(kinds),
    from,
    BigInt(needed),
    BigInt(levels),
  ]),
  BigInt(threshold),
  BigInt(adminThreshold),
  BigInt(changeDelay),
];

export const creates = (s: Stage, founders: Founders): Promise<ContractTransactionResponse> =>
  s.contracts.orgAccountFactory.create(...argsOf(founders)) as Promise<ContractTransactionResponse>;
export const addressOf = (s: Stage, founders: Founders): Promise<string> =>
  s.contracts.orgAccountFactory.addressOf(...argsOf(founders));

export type Batch = { calls: readonly Call[]; nonce?: bigint; validUntil?: number; chainId?: number };

/** What the services would have a firm's keys sign. */
export async function signed(
  s: Stage,
  account: OrgAccount,
  batch: Batch,
  keys: readonly Key[],
): Promise<string> {
  const { calls, nonce = 0n, validUntil = FAR, chainId = s.deployment.chainId } = batch;
  const instruction = { account: await account.getAddress(), calls, nonce, validUntil };
  return signAll(executeDigest(chainId, instruction), keys);
}

export const executes = (account: OrgAccount, batch: Batch, signature: string) =>
  account.execute(
    batch.calls.map((call) => ({ ...call })),
    batch.nonce ?? 0n,
    batch.validUntil ?? FAR,
    signature,
  );

/** A call of the account's own affairs. */
export const ownCall = async (
  account: OrgAccount,
  name: 'announceChange' | 'callOff' | 'cancelNonces' | 'carryOut',
  ...args: readonly unknown[]
): Promise<Call> => ({
  target: await account.getAddress(),
  data: account.interface.encodeFunctionData(name as 'callOff', args as [string]),
});

/** Signs as the services do, and relays. */
export const carries = async (s: Stage, account: OrgAccount, batch: Batch, keys: readonly Key[]) =>
  executes(account, batch, await signed(s, account, batch, keys));
