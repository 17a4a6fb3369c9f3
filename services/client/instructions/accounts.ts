/** Checks what a firm asks for about its own account. */
import { policyOfInput } from '../../domain/accounts/input.ts';
import type { Policy } from '../../domain/accounts/policy.ts';
import type { Value } from './abi.ts';
import { big, refused, same, type Check } from './reader.ts';

const changePolicy: Check<'changePolicy'> = ({ policy: asked }, calls, _signing, { account }) => {
  const [given] = calls.nextOwn(account, 'announceChange');
  const policy = policyOfInput(asked);
  if (!isSame(wordsOf(policy), given)) refused('签署规则不同', 'another policy');
  return [[{ policy, currency: 'CNY' }]];
};

const callOffChange: Check<'callOffChange'> = ({ change }, calls, _signing, { account }) => {
  const [given] = calls.nextOwn(account, 'callOff');
  same('change', given, BigInt(change));
  return [[{ change }]];
};

/** As the call has it. */
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

export const accountChecks = { changePolicy, callOffChange };
