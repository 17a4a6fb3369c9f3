/** Our contracts as they are shipped, with members who have money, lines and standing acceptances. */
import { getBytes, id, ZeroHash } from 'ethers';
import { callsOf, UNLIMITED, type Calls } from '#chain/calls.ts';
import { interfaces } from '#chain/contracts.ts';
import { deploy } from '#chain/deploy.ts';
import { oneHand } from '#chain/governance.ts';
import type { Deployment } from '#chain/deployment.ts';
import { plainPolicy, policySigner } from '#chain/policies.ts';
import { ALL_KINDS, type Policy } from '#domain/accounts/policy.ts';
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
  /** Accounts of firms: one P-256 key, … */
  firm: 'supplier',
  /** … two of them, … */
  pair: 'supplier',
  /** … one passkey, … */
  passkey: 'supplier',
  /** … one SM2 key, … */
  sm2: 'supplier',
  /** … a P-256 key under rules by amount, … */
  ruled: 'supplier',
  /** … and one with a limit a day. */
  limited: 'supplier',
  bank: 'bank',
  bank2: 'bank',
  settlement: 'settlement_bank',
} as const satisfies Record<string, Role>;

export type MemberName = keyof typeof ROLES;
/** Who sends, to which contract, what. */
export type Sending = { readonly from: Account; readonly to: string; readonly data: string };

export type Ledger = {
  readonly deployment: Deployment;
  readonly calls: Calls;
  numberOf(member: MemberName): number;
  /** The member's own transaction; a firm's is signed with its keys and sent by somebody else. */
  sending(member: MemberName, call: Call): Sending;
  /** The signature of a bank, an ordinary account. */
  signs(bank: MemberName, quote: Quote): string;
};

type Signer = { readonly signer: string; readonly sign: (digest: string) => string };
type Firm = { readonly account: string; readonly signers: readonly Signer[]; nonce: bigint };

const VALID_UNTIL = 2 ** 40 - 1;
const OPENING_CASH = 1_000_000_000_00n;

export async function openLedger(chain: GasChain): Promise<Ledger> {
  const operator = chain.account('operator');
  const deployment = await deploy(chain.account('deployer').signer, oneHand(operator.address));
  const { addresses, chainId } = deployment;
  const calls = callsOf(deployment);
  const numbers = new Map<MemberName, number>();
  const firms = await makeFirms(chain, deployment);

  const sending = (member: MemberName, call: Call): Sending => {
    const firm = firms.get(member);
    if (firm === undefined) return { from: chain.account(member), to: call.target, data: call.data };
    const { account, signers } = firm;
    const instruction = { account, calls: [call], nonce: firm.nonce++, validUntil: VALID_UNTIL };
    const digest = executeDigest(chainId, instruction);
    const signature = encodeSignature(
      signers.map(({ signer, sign }) => ({ signer, signature: sign(digest) })),
    );
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
    const address = firms.get(name)?.account ?? chain.account(name).address;
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
  for (const name of ['trusting', ...firms.keys()] as const)
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

/** Makes the accounts of the firms, each with the policy that is to be measured. */
async function makeFirms(chain: GasChain, { addresses }: Deployment): Promise<Map<MemberName, Firm>> {
  const p256 = (name: string): Signer => {
    const key = Key.fromSeed(`tallystick gas: ${name}`);
    return {
      signer: p256Signer(addresses.p256Verifier, key.x, key.y),
      sign: (digest) => key.sign(digest),
    };
  };
  const passkey = (): Signer => {
    const device = new Authenticator('tallystick gas: passkey');
    return {
      signer: webAuthnSigner(addresses.webAuthnVerifier!, device.x, device.y),
      sign: (digest) => encodeWebAuthn(device.get(challengeOf(digest)).response),
    };
  };
  const sm2 = (): Signer => {
    const key = Sm2Key.fromSeed('tallystick gas: sm2');
    return {
      signer: sm2Signer(addresses.sm2Verifier!, key.x, key.y),
      sign: (digest) => key.signMessage(getBytes(digest), new Uint8Array(32)),
    };
  };
  const one = (signers: readonly Signer[], terms = {}): Policy =>
    plainPolicy(
      signers.map(({ signer }) => policySigner(signer, terms)),
      signers.length,
    );
  const rule = (from: bigint) => ({ kinds: ALL_KINDS, from, threshold: 1, levels: 0 });
  const signersOf: [MemberName, readonly Signer[], (signers: readonly Signer[]) => Policy][] = [
    ['firm', [p256('firm')], one],
    ['pair', [p256('maker'), p256('checker')], one],
    ['passkey', [passkey()], one],
    ['sm2', [sm2()], one],
    ['ruled', [p256('ruled')], (signers) => ({ ...one(signers), rules: [rule(0n), rule(1n)] })],
    ['limited', [p256('limited')], (signers) => one(signers, { dayLimit: OPENING_CASH })],
  ];
  const firms = new Map<MemberName, Firm>();
  const factory = interfaces.orgAccountFactory;
  for (const [name, signers, policyOf] of signersOf) {
    const founders = [policyOf(signers), ZeroHash];
    const to = addresses.orgAccountFactory;
    await chain.send(chain.account('relayer'), to, factory.encodeFunctionData('create', founders));
    const answer = await chain.provider.call({ to, data: factory.encodeFunctionData('addressOf', founders) });
    const account = factory.decodeFunctionResult('addressOf', answer)[0] as string;
    firms.set(name, { account, signers, nonce: 0n });
  }
  return firms;
}
