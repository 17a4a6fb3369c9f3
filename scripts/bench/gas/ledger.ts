/** Our contracts as they are shipped, with members who have money, lines and standing acceptances. */
import { getBytes, id, ZeroHash } from 'ethers';
import { callsOf, UNLIMITED, type Calls } from '#chain/calls.ts';
import { interfaces } from '#chain/contracts.ts';
import { deploy } from '#chain/deploy.ts';
import { oneHand } from '#chain/governance.ts';
import type { Deployment } from '#chain/deployment.ts';
import {
  encodeSignature,
  executeDigest,
  p256Signer,
  plainQuoteDigest,
  sm2Signer,
  webAuthnSigner,
  type Call,
  type Quote,
} from '#chain/typed-data.ts';
import { bitsOf, PRIVILEGED_ROLES, ROLE_BITS, type Role } from '#domain/codes.ts';
import { Key } from '#client/key.ts';
import { Sm2Key } from '#client/signers/sm2.ts';
import { challengeOf, encodeWebAuthn } from '#client/signers/webauthn.ts';
import { Authenticator } from '../../../test/fixtures/authenticator.ts';
import type { Account, GasChain } from './chain.ts';

const ROLES = {
  core: 'core_enterprise',
  supplier: 'supplier',
  /** Signs for each parcel. */
  careful: 'supplier',
  /** These have given a standing acceptance. */
  trusting: 'supplier',
  firm: 'supplier',
  bank: 'bank',
  bank2: 'bank',
  settlement: 'settlement_bank',
} as const satisfies Record<string, Role>;

/** What a signer of the firm signs with; any one is enough. */
export type SignsWith = 'P-256' | 'passkey' | 'SM2';
export type MemberName = keyof typeof ROLES;
/** Who sends, to which contract, what. */
export type Sending = { readonly from: Account; readonly to: string; readonly data: string };

export type Ledger = {
  readonly deployment: Deployment;
  readonly calls: Calls;
  numberOf(member: MemberName): number;
  /** The member's own transaction; the firm's is signed by one of its signers and sent by somebody else. */
  sending(member: MemberName, call: Call, by?: SignsWith): Sending;
  /** The signature of a bank, an ordinary account. */
  signs(bank: MemberName, quote: Quote): string;
};

const VALID_UNTIL = 2 ** 40 - 1;
const OPENING_CASH = 1_000_000_000_00n;

export async function openLedger(chain: GasChain): Promise<Ledger> {
  const operator = chain.account('operator');
  const deployment = await deploy(chain.account('deployer').signer, oneHand(operator.address));
  const { addresses, chainId } = deployment;
  const calls = callsOf(deployment);
  const numbers = new Map<MemberName, number>();
  const { signers, account } = await makeFirm(chain, deployment);
  let nonce = 0n;

  const sending = (member: MemberName, call: Call, by: SignsWith = 'P-256'): Sending => {
    if (member !== 'firm') return { from: chain.account(member), to: call.target, data: call.data };
    const instruction = { account, calls: [call], nonce: nonce++, validUntil: VALID_UNTIL };
    const { signer, sign } = signers[by];
    const signature = encodeSignature([{ signer, signature: sign(executeDigest(chainId, instruction)) }]);
    const data = interfaces.orgAccount.encodeFunctionData('execute', [
      [call],
      instruction.nonce,
      VALID_UNTIL,
      signature,
    ]);
    return { from: chain.account('relayer'), to: account, data };
  };
  const does = async (member: MemberName, call: Call): Promise<void> => {
    const { from, to, data } = sending(member, call);
    await chain.send(from, to, data);
  };

  for (const [n, name] of (Object.keys(ROLES) as MemberName[]).entries()) {
    const address = name === 'firm' ? account : chain.account(name).address;
    const roles = bitsOf(ROLE_BITS, [ROLES[name]]);
    const gives = [
      calls.bills.admit(address, roles & ~PRIVILEGED_ROLES, 0, id(name)),
      ...((roles & PRIVILEGED_ROLES) === 0
        ? []
        : [calls.bills.setPrivileges(n + 1, roles & PRIVILEGED_ROLES)]),
      ...(name === 'settlement' ? [calls.cash.setCap(n + 1, 2n ** 64n - 1n)] : []),
    ];
    for (const { target, data } of gives) await chain.send(operator, target, data);
    numbers.set(name, n + 1);
  }
  for (const [name, number] of numbers)
    await does('settlement', calls.cash.deposit(number, OPENING_CASH, id(name)));
  for (const name of ['trusting', 'firm'] as const)
    await does(name, calls.bills.setStandingAcceptance(true, 0, 0, 0n, 0));
  for (const name of ['bank', 'bank2'] as const) {
    await does(name, calls.cash.approve(addresses.desk, UNLIMITED));
    await does(name, calls.bills.allowDesk(addresses.desk, true));
    await does(name, calls.lines.setLine(numbers.get('core')!, OPENING_CASH, 0));
  }
  await does('core', calls.cash.approve(addresses.bills, UNLIMITED));

  return {
    deployment,
    calls,
    numberOf: (member) => numbers.get(member)!,
    sending,
    signs: (bank, quote) =>
      chain.account(bank).wallet.signingKey.sign(plainQuoteDigest(deployment, quote)).serialized,
  };
}

type Signer = { readonly signer: string; readonly sign: (digest: string) => string };

/** The same signatures in each run. */
function signersOf({ addresses }: Deployment): Record<SignsWith, Signer> {
  const seed = 'tallystick gas: firm';
  const [key, passkey, sm2] = [Key.fromSeed(seed), new Authenticator(seed), Sm2Key.fromSeed(seed)];
  return {
    'P-256': { signer: p256Signer(addresses.p256Verifier, key.x, key.y), sign: (digest) => key.sign(digest) },
    passkey: {
      signer: webAuthnSigner(addresses.webAuthnVerifier!, passkey.x, passkey.y),
      sign: (digest) => encodeWebAuthn(passkey.get(challengeOf(digest)).response),
    },
    SM2: {
      signer: sm2Signer(addresses.sm2Verifier!, sm2.x, sm2.y),
      sign: (digest) => sm2.signMessage(getBytes(digest), new Uint8Array(32)),
    },
  };
}

async function makeFirm(chain: GasChain, deployment: Deployment) {
  const { orgAccountFactory } = deployment.addresses;
  const signers = signersOf(deployment);
  const ids = Object.values(signers).map(({ signer }) => signer);
  const factory = interfaces.orgAccountFactory;
  const founders = [ids, ids.map(() => 1n), 1n, ZeroHash];
  await chain.send(
    chain.account('relayer'),
    orgAccountFactory,
    factory.encodeFunctionData('create', founders),
  );
  const answer = await chain.provider.call({
    to: orgAccountFactory,
    data: factory.encodeFunctionData('addressOf', founders),
  });
  return { signers, account: factory.decodeFunctionResult('addressOf', answer)[0] as string };
}
