/** What governance decides: named in words on the command line, made into the call of each stage, and said in a sentence. */
import { AbiCoder, getAddress, isAddress, keccak256, toBeHex, type Interface } from 'ethers';
import { callsOf } from '#chain/calls.ts';
import { interfaces } from '#chain/contracts.ts';
import type { Deployment } from '#chain/deployment.ts';
import { ACCESS_ROLES, GOVERNANCE_DELAY } from '#chain/governance.ts';
import type { Call } from '#chain/typed-data.ts';
import { bitsOf, namesOf, PRIVILEGED_ROLES, ROLE_BITS, type Role } from '#domain/codes.ts';
import { parseAmount } from '#domain/money.ts';
import { reason, StartError } from '../config.ts';

/** Announced first, performed after the delay; until then the guardian can stop it. */
export const STAGES = ['announce', 'perform', 'stop'] as const;
export type Stage = (typeof STAGES)[number];

export type Decision = {
  /** Who decides: DESKS at the access manager, ADMIN at its timelock. */
  readonly by: 'desks' | 'admin';
  readonly call: Call;
  /** What is so when it has been performed. */
  readonly sentence: string;
};

const USAGE = `one of
  privileges MEMBER ROLE,…|none   which of bank, regulator, settlement_bank the member is
  cap MEMBER AMOUNT               the most that a settlement bank may have issued
  desk ADDRESS                    a contract that acts for the banks that name it; no-desk ADDRESS
  operator ADDRESS                which account admits and suspends members; no-operator ADDRESS
  enrol ADDRESS                   a key that may make people the operator, once`;

/** Throws {@link StartError}. */
export function decisionOf(deployment: Deployment, words: readonly string[]): Decision {
  const { addresses, currency } = deployment;
  const [name = '', subject = '', value = ''] = words;
  const { bills, cash } = callsOf(deployment);
  const desk = (act: string, is: string): Decision => ({
    by: 'desks',
    call: callOf(addresses.bills, interfaces.bills, act, addressIn(subject)),
    sentence: `${addressIn(subject)} ${is} a desk of the network`,
  });
  const operator = (act: string, is: string, ...more: unknown[]): Decision => {
    const args = [ACCESS_ROLES.operator, addressIn(subject), ...more];
    return {
      by: 'admin',
      call: callOf(addresses.accessManager, interfaces.accessManager, act, ...args),
      sentence: `${addressIn(subject)} ${is} an operator of the network`,
    };
  };
  const decisions: Record<string, () => Decision> = {
    privileges: () => {
      const roles = rolesIn(value);
      return {
        by: 'desks',
        call: bills.setPrivileges(memberIn(subject), bitsOf(ROLE_BITS, roles)),
        sentence: `member ${subject} is ${roles.length === 0 ? 'none' : roles.join(' and ')} of ${PRIVILEGED.join(', ')}`,
      };
    },
    cap: () => ({
      by: 'desks',
      call: cash.setCap(memberIn(subject), amountIn(value, currency)),
      sentence: `settlement bank ${subject} may have issued ${currency} ${value} and no more`,
    }),
    desk: () => desk('admitDesk', 'is'),
    'no-desk': () => desk('dismissDesk', 'is no longer'),
    operator: () => operator('grantRole', 'is', 0),
    'no-operator': () => operator('revokeRole', 'is no longer'),
    enrol: () => ({
      by: 'admin',
      call: callOf(
        addresses.accessManager,
        interfaces.accessManager,
        'grantRole',
        ACCESS_ROLES.enrolment,
        addressIn(subject),
        0,
      ),
      sentence: `${addressIn(subject)} may make people the operator of the network`,
    }),
  };
  const length = name === 'privileges' || name === 'cap' ? 3 : 2;
  if (!Object.hasOwn(decisions, name) || words.length !== length)
    throw new StartError(`"${words.join(' ')}" is no decision; there are ${USAGE.slice('one of'.length)}`);
  return decisions[name]!();
}

/** Who takes a stage of a decision, and the call that their account makes. `turn` tells apart ADMIN's decisions that are alike. */
export function stageOf(
  { hands, addresses }: Deployment,
  stage: Stage,
  { by, call }: Decision,
  turn: number,
): { account: string; call: Call } {
  const operation = operationOf(call, turn);
  const manager = (name: string, ...args: unknown[]) =>
    callOf(addresses.accessManager, interfaces.accessManager, name, ...args);
  const timelock = (name: string, ...args: unknown[]) =>
    callOf(addresses.timelock, interfaces.timelock, name, ...args);
  const calls: Record<Decision['by'], Record<Stage, () => Call>> = {
    desks: {
      announce: () => manager('schedule', call.target, call.data, 0),
      perform: () => call,
      stop: () => manager('cancel', hands.desks, call.target, call.data),
    },
    admin: {
      announce: () => timelock('schedule', ...operation, GOVERNANCE_DELAY),
      perform: () => timelock('execute', ...operation),
      stop: () => timelock('cancel', operationId(call, turn)),
    },
  };
  return { account: stage === 'stop' ? hands.guardian : hands[by], call: calls[by][stage]() };
}

const operationOf = ({ target, data }: Call, turn: number): unknown[] => [
  target,
  0,
  data,
  toBeHex(0, 32),
  toBeHex(turn, 32),
];

/** Under which the timelock knows a decision of ADMIN. */
export const operationId = (call: Call, turn: number): string =>
  keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ['address', 'uint256', 'bytes', 'bytes32', 'bytes32'],
      operationOf(call, turn),
    ),
  );

const PRIVILEGED = namesOf(ROLE_BITS, PRIVILEGED_ROLES);

const callOf = (target: string, contract: Interface, name: string, ...args: unknown[]): Call => ({
  target,
  data: contract.encodeFunctionData(name, args),
});

function addressIn(text: string): string {
  if (!isAddress(text)) throw new StartError(`"${text}" is no address`);
  return getAddress(text);
}

function memberIn(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new StartError(`"${text}" is no number of a member`);
  return Number(text);
}

function rolesIn(text: string): Role[] {
  const names = text === 'none' ? [] : text.split(',');
  const other = names.find((name) => !PRIVILEGED.includes(name as Role));
  if (other !== undefined) throw new StartError(`"${other}" is none of ${PRIVILEGED.join(', ')}`);
  return names as Role[];
}

function amountIn(text: string, currency: Deployment['currency']): bigint {
  try {
    return parseAmount(text, currency);
  } catch (error) {
    throw new StartError(`"${text}" is no amount: ${reason(error)}`);
  }
}
