/** A firm's policy in the form that its account takes it. */
import { AbiCoder, keccak256, ParamType } from 'ethers';
import type { Policy, PolicySigner } from '#domain/accounts/policy.ts';
import { interfaces } from './contracts.ts';
import type { Call } from './typed-data.ts';

/** How long others of a firm can stop a change unless it says otherwise (seconds). */
export const CHANGE_DELAY = 86_400;

const NO_TERMS = { weight: 1, level: 0, validUntil: 0, dayLimit: 0n } as const;

export const policySigner = (key: string, terms: Partial<Omit<PolicySigner, 'key'>> = {}): PolicySigner => ({
  ...NO_TERMS,
  ...terms,
  key,
});

/** The ordinary case: signers, and how much weight it takes, for whatever it is. */
export const plainPolicy = (signers: readonly PolicySigner[], threshold: number): Policy => ({
  signers,
  rules: [],
  threshold,
  adminThreshold: threshold,
  changeDelay: CHANGE_DELAY,
});

/** For generated methods, which ask for arrays that could be changed. */
export const policyStruct = (policy: Policy) => ({
  ...policy,
  signers: policy.signers.map((signer) => ({ ...signer })),
  rules: policy.rules.map((rule) => ({ ...rule })),
});

const POLICY = ParamType.from(interfaces.orgAccount.getFunction('announceChange')!.inputs[0]!);

/** The hash under which an account knows the announcement `number` of this policy. */
export const changeHash = (number: number, policy: Policy): string =>
  keccak256(AbiCoder.defaultAbiCoder().encode(['uint32', POLICY], [number, policy]));

/** What an account calls on itself so that the policy becomes another one, once its time has come. */
export const announcement = (account: string, policy: Policy): Call => ({
  target: account,
  data: interfaces.orgAccount.encodeFunctionData('announceChange', [policyStruct(policy)]),
});

/** What anybody may have an account do with an announcement whose time has come: of an account of one signer that is at once. */
export const carryingOut = (account: string, number: number, policy: Policy): Call => ({
  target: account,
  data: interfaces.orgAccount.encodeFunctionData('carryOut', [number, policyStruct(policy)]),
});
