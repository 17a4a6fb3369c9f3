import type { ContractTransactionResponse, Signer, TransactionResponse } from 'ethers';
import { HDNodeWallet, Mnemonic, SigningKey, ZeroHash } from 'ethers';
import { orgAccountAt, type Contracts } from '#chain/contracts.ts';
import type { Deployment } from '#chain/deployment.ts';
import { plainPolicy, policySigner, policyStruct } from '#chain/policies.ts';
import type { Policy } from '#domain/accounts/policy.ts';
import {
  executeDigest,
  plainQuoteDigest,
  quoteDigest,
  quoteSignature,
  type Call,
  type Quote,
} from '#chain/typed-data.ts';
import { bitsOf, PRIVILEGED_ROLES, ROLE_BITS, type Role } from '#domain/codes.ts';
import { ethers } from './chain.ts';
import { signAll, type Key } from './keys.ts';

export type Sent = Promise<TransactionResponse>;

/** Somebody who acts on the chain: a member under its number, or nobody's (number 0). */
export type Actor = {
  readonly name: string;
  readonly number: number;
  readonly account: string;
  readonly does: (call: Call) => Sent;
  /** The signature under which the financing desk takes a quote for this actor's. */
  readonly signs: (quote: Quote) => string;
};

/** Keys of the chain's unlocked accounts, in their order. */
export const keyOf = (index: number): SigningKey => {
  const mnemonic = Mnemonic.fromPhrase('test test test test test test test test test test test junk');
  return new SigningKey(HDNodeWallet.fromMnemonic(mnemonic, `m/44'/60'/0'/0/${index}`).privateKey);
};

/** An ordinary account: it sends its calls itself. */
export async function plainActor(deployment: Deployment, name: string, index: number): Promise<Actor> {
  const signer = (await ethers.getSigners())[index]!;
  return {
    name,
    number: 0,
    account: signer.address,
    does: ({ target, data }) => signer.sendTransaction({ to: target, data }),
    signs: (quote) => keyOf(index).sign(plainQuoteDigest(deployment, quote)).serialized,
  };
}

/** A firm's OrgAccount: its keys sign each call, the relayer sends it. */
export async function firm(
  deployment: Deployment,
  contracts: Contracts,
  relayer: Signer,
  { name, keys, policy }: { name: string; keys: readonly Key[]; policy?: Policy },
): Promise<Actor> {
  const plain = plainPolicy(
    keys.map(({ signer }) => policySigner(signer)),
    keys.length,
  );
  const founders = [policyStruct(policy ?? plain), ZeroHash] as const;
  const account = await contracts.orgAccountFactory.addressOf(...founders);
  await contracts.orgAccountFactory.create(...founders);
  let nonce = 0n;
  return {
    name,
    number: 0,
    account,
    does: (call) => {
      const instruction = { account, calls: [call], nonce: nonce++, validUntil: FAR };
      const signature = signAll(executeDigest(deployment.chainId, instruction), keys);
      return orgAccountAt(account, relayer).execute(
        [call],
        instruction.nonce,
        FAR,
        signature,
      ) as Promise<ContractTransactionResponse>;
    },
    signs: (quote) =>
      quoteSignature(deployment, quote, signAll(quoteDigest(deployment, account, quote), keys)),
  };
}

/** An instant that no test reaches. */
export const FAR = 2 ** 40 - 1;

/** The most that a settlement bank of the tests may issue. */
export const CAP = 2n ** 62n;

/** The operator admits the actor, who is a member from then on; governance gives it what only governance gives. */
export async function admitted(contracts: Contracts, actor: Actor, roles: readonly Role[]): Promise<Actor> {
  const { bills, cash } = contracts;
  const bits = bitsOf(ROLE_BITS, roles);
  await bills.admit(actor.account, bits & ~PRIVILEGED_ROLES, 0, ethers.id(actor.name));
  const number = Number(await bills.numberOf(actor.account));
  if (bits & PRIVILEGED_ROLES) await bills.setPrivileges(number, bits & PRIVILEGED_ROLES);
  if (roles.includes('settlement_bank')) await cash.setCap(number, CAP);
  return { ...actor, number };
}
