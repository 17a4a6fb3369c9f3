/** Accounts by their policies: what a firm asks for about its own, and where the factory makes one for a first policy. */
import { policyOfInput, type PolicyInput } from '../../domain/accounts/input.ts';
import type { Policy } from '../../domain/accounts/policy.ts';
import { OWN_FUNCTIONS } from '../../chain/functions.ts';
import type { SignerInput } from '../generated/schema.ts';
import type { Given } from '../routes.ts';
import { callData, keccak, keccakOfText, type Value } from './abi.ts';
import { big, refused, same, type Check, type Pin } from './reader.ts';

const changePolicy: Check<'changePolicy'> = ({ policy: asked }, calls, _signing, { account }) => {
  const [given] = calls.nextOwn(account, 'announceChange');
  const policy = policyOfInput(asked);
  samePolicy(policy, given);
  return [[{ policy, currency: 'CNY' }]];
};

const callOffChange: Check<'callOffChange'> = ({ change }, calls, _signing, { account }) => {
  const [given] = calls.nextOwn(account, 'callOff');
  same('change', given, BigInt(change));
  return [[{ change }]];
};

export function samePolicy(policy: Policy, given: Value | undefined): void {
  if (!isSame(wordsOf(policy), given)) refused('签署规则不同', 'another policy');
}

/** As a call has it. */
const wordsOf = ({ signers, rules, threshold, adminThreshold, changeDelay }: Policy): Value => [
  signers.map(({ key, weight, level, validUntil, dayLimit }) => [
    key.toLowerCase(),
    ...[weight, level, validUntil, dayLimit].map(BigInt),
  ]),
  rules.map(({ kinds, from, threshold: needed, levels }) => [kinds, from, needed, levels].map(BigInt)),
  ...[threshold, adminThreshold, changeDelay].map(BigInt),
];

function isSame(one: Value, other: Value | undefined): boolean {
  if (typeof one === 'bigint') return one === big(other);
  if (typeof one === 'string') return typeof other === 'string' && one === other.toLowerCase();
  return (
    Array.isArray(other) &&
    one.length === other.length &&
    one.every((value, n) => isSame(value, other[n] as Value))
  );
}

const POLICY_TYPE = OWN_FUNCTIONS.announceChange.slice('announceChange('.length, -1);

/** The hash under which an account knows the announcement `number` of a policy. */
export const changeHash = (number: number, policy: PolicyInput): string =>
  keccak(
    `0x${callData(`f(uint32,${POLICY_TYPE})`, [BigInt(number), wordsOf(policyOfInput(policy))]).slice(10)}`,
  );

export const accountChecks = { changePolicy, callOffChange };

// --- Accounts that are made ---------------------------------------------------------------------------------------------

type Founding = {
  readonly signers?: readonly Given<SignerInput>[] | undefined;
  readonly weights?: readonly number[] | undefined;
  readonly threshold?: number | undefined;
};

/** Seconds; what a firm's first policy says. */
const FIRST_DELAY = 86_400;

const digits = (hex: string): string => hex.replace(/^0x/, '').toLowerCase();

const VERIFIERS = { p256: 'p256Verifier', webauthn: 'webAuthnVerifier', sm2: 'sm2Verifier' } as const;

/** The bytes under which an account knows a signer. */
export function signerBytes(signer: Given<SignerInput>, { contracts }: Pin): string {
  if (signer.type === 'ecdsa') return `0x${digits(signer.address)}`;
  const verifier = contracts[VERIFIERS[signer.type]];
  if (verifier === undefined) refused('不知道签名核验合约', 'the verifier of its signers is not known');
  return `0x${digits(verifier)}${digits(signer.x)}${digits(signer.y)}`;
}

/** The policy of an account that is made for these signers. */
export function firstPolicy({ signers = [], weights, threshold = 1 }: Founding, pin: Pin): Policy {
  return {
    signers: signers.map((signer, n) => ({
      key: signerBytes(signer, pin),
      weight: weights?.[n] ?? 1,
      level: 0,
      validUntil: 0,
      dayLimit: 0n,
    })),
    rules: [],
    threshold,
    adminThreshold: threshold,
    changeDelay: FIRST_DELAY,
  };
}

/** A minimal proxy (ERC-1167) of the implementation that the factory made first of all, as OpenZeppelin's Clones writes it. */
const clone = (implementation: string): string =>
  `0x3d602d80600a3d3981f3363d3d373d3d3d363d73${implementation}5af43d82803e903d91602b57fd5bf3`;

/** Where the factory makes the account of this policy. */
export function accountOf(factory: string, policy: Policy, own = 0n): bigint {
  const maker = digits(factory);
  const implementation = keccak(`0xd694${maker}01`).slice(-40); // of the maker's first nonce
  const founding = callData(`f(${POLICY_TYPE},bytes32)`, [wordsOf(policy), own]);
  const salt = keccak(`0x${founding.slice(10)}`);
  const hash = keccak(`0xff${maker}${digits(salt)}${digits(keccak(clone(implementation)))}`);
  return BigInt(`0x${hash.slice(-40)}`);
}

/** An address as people and the platform write it (ERC-55). */
export function checksummed(address: bigint): string {
  const text = address.toString(16).padStart(40, '0');
  const hash = keccakOfText(text).slice(2);
  const letters = [...text].map((letter, n) => (hash[n]! >= '8' ? letter.toUpperCase() : letter));
  return `0x${letters.join('')}`;
}
