/** Checks what the people who are the operator sign, against what they asked for. */
import { policyOfInput, type PolicyInput } from '../../domain/accounts/input.ts';
import { withSigner } from '../../domain/accounts/policy.ts';
import { canonicalJson } from '../../domain/canonical-json.ts';
import { bitsOf, KIND_NUMBERS, ROLE_BITS } from '../../domain/codes.ts';
import { instantOf, parseLegalDate } from '../../domain/dates.ts';
import type { FactsFor } from '../../domain/instructions/instructions.ts';
import { PLATFORM } from '../../domain/instructions/sentences.ts';
import { nameOfKey } from '../../domain/people/instructions.ts';
import type { Text } from '../../domain/problems.ts';
import { taxNumberOf } from '../../domain/members/tax-number.ts';
import type { Admission, RecoveryInput, Renewal, RulePackInput, SignatureFor } from '../generated/schema.ts';
import type { Given } from '../routes.ts';
import { keccakOfText } from './abi.ts';
import { accountOf, checksummed, firstPolicy, samePolicy, signerBytes } from './accounts.ts';
import { checkSentence } from './check.ts';
import { NAME, Reader, refused, same, sameWords, type Pin, type Shown } from './reader.ts';

type OfMember = { readonly member: number };

/** What the operator asks for; each by the route of its own. */
export type Decisions = {
  /** `application`: the id of the one that it follows from. */
  admit: Given<Admission> & { readonly application?: string };
  suspend: { readonly member: number; readonly reason: string };
  restore: { readonly member: number; readonly reason: string };
  publish: Given<RulePackInput>;
  renew: OfMember & Given<Renewal>;
  proposeRecoveryAsOperator: OfMember & Given<RecoveryInput>;
  withdrawRecoveryAsOperator: OfMember;
  /** Of a firm as well. `before`: the policy of the account as the signer knows it. */
  giveSignature: Given<SignatureFor> & { readonly before: PolicyInput };
};
type Name = keyof Decisions;
export type Decision = { [N in Name]: { readonly type: N } & Decisions[N] }[Name];

/** Who asks, as the platform writes its name, and the account that is asked for it: the operator's without it. */
export type Deciding = { readonly pin: Pin; readonly name?: Text | undefined; readonly account: string };

type Check<N extends Name> = (
  asked: Decisions[N],
  calls: Reader,
  deciding: Deciding,
) => readonly FactsFor<N>[];

/** The account that is made for these signers, and for nobody else. */
function madeFor(asked: Parameters<typeof firstPolicy>[0], calls: Reader, pin: Pin, own = 0n): bigint {
  const policy = firstPolicy(asked, pin);
  const [found, salt] = calls.next('orgAccountFactory', 'create');
  samePolicy(policy, found);
  same('salt', salt, own);
  return accountOf(pin.contracts.orgAccountFactory!, policy, own);
}

/** The hash of its names is the platform's own affair: they are what it says, and move nothing. */
const admit: Check<'admit'> = (asked, calls, { pin }) => {
  if (asked.signers === undefined) refused('没有签名人', 'nobody signs for the firm');
  const { application } = asked;
  const own = application === undefined ? 0n : BigInt(keccakOfText(`Tallystick application ${application}`));
  const made = madeFor(asked, calls, pin, own);
  const [account, roles, expiry] = calls.next('bills', 'admit');
  same('account', account, made);
  same('roles', roles, bitsOf(ROLE_BITS, asked.roles));
  const { credentialExpiry } = asked;
  same('expiry', expiry, credentialExpiry === undefined ? 0 : instantOf(parseLegalDate(credentialExpiry)));
  const { name, taxId } = asked;
  if (taxId === undefined) return [{ member: name }];
  const read = taxNumberOf(taxId, asked.taxKind);
  return [{ member: name, taxNumber: 'number' in read ? read.number : taxId }];
};

const order =
  (name: 'suspend' | 'restore'): Check<'suspend' | 'restore'> =>
  ({ member, reason }, calls) => {
    const [number, hash] = calls.next('bills', name);
    same('member', number, member);
    sameWords('reason', hash, reason);
    return [{ member: NAME, reason }];
  };

const renew: Check<'renew'> = ({ member, roles: asked, credentialExpiry, reason }, calls) => {
  const [number, roles, expiry, hash] = calls.next('bills', 'renew');
  same('member', number, member);
  same('roles', roles, bitsOf(ROLE_BITS, asked));
  same('expiry', expiry, credentialExpiry === null ? 0 : instantOf(parseLegalDate(credentialExpiry)));
  sameWords('reason', hash, reason);
  return [{ member: NAME, reason, ...(credentialExpiry === null ? {} : { until: credentialExpiry }) }];
};

const proposeRecovery: Check<'proposeRecoveryAsOperator'> = (asked, calls, { pin }) => {
  const { member, reason } = asked;
  const to = asked.signers === undefined ? asked.account! : checksummed(madeFor(asked, calls, pin));
  const [number, account, hash] = calls.next('bills', 'proposeRecoveryAsOperator');
  same('member', number, member);
  same('account', account, BigInt(to));
  sameWords('reason', hash, reason);
  return [{ member: NAME, account: to, reason }];
};

const withdrawRecovery: Check<'withdrawRecoveryAsOperator'> = ({ member }, calls) => {
  const [number] = calls.next('bills', 'withdrawRecoveryAsOperator');
  same('member', number, member);
  return [{ member: NAME }];
};

const publish: Check<'publish'> = (asked, calls) => {
  const { kind, effectiveFrom, tenorMonths, basis, maxSplits, citation } = asked;
  const [number, start, tenor, days, splits, hash] = calls.next('rulebook', 'publish');
  same('kind', number, KIND_NUMBERS[kind]);
  same('day', start, instantOf(parseLegalDate(effectiveFrom)));
  same('tenor', tenor, tenorMonths);
  same('basis', days, basis);
  same('splits', splits, maxSplits);
  const document = { kind, effectiveFrom, tenorMonths, basis, maxSplits, citation };
  sameWords('text', hash, canonicalJson(document));
  return [{ effectiveFrom: parseLegalDate(effectiveFrom), tenorMonths }];
};

/** The person's name is what the platform says; whose key it is, people compare. */
const giveSignature: Check<'giveSignature'> = (
  { device, instead, threshold, before },
  calls,
  { pin, account },
) => {
  const key = (point: typeof device) => signerBytes({ type: 'webauthn', ...point }, pin);
  const known = policyOfInput(before);
  const replaced = instead === undefined ? undefined : key(instead);
  if (replaced !== undefined && !known.signers.some((each) => each.key === replaced))
    refused('取代的设备不同', 'another device to be replaced');
  const policy = withSigner(known, { key: key(device), instead: replaced, threshold });
  samePolicy(policy, calls.nextOwn(account, 'announceChange')[0]);
  const isAtOnce = known.signers.length === 1;
  if (isAtOnce) samePolicy(policy, calls.nextOwn(account, 'carryOut')[1]);
  const named = instead === undefined ? {} : { instead: nameOfKey(instead.x, instead.y) };
  return [
    { person: NAME, device: nameOfKey(device.x, device.y), ...named, policy, currency: 'CNY', isAtOnce },
  ];
};

const CHECKS: { readonly [N in Name]: Check<N> } = {
  admit,
  suspend: order('suspend'),
  restore: order('restore'),
  renew,
  proposeRecoveryAsOperator: proposeRecovery,
  withdrawRecoveryAsOperator: withdrawRecovery,
  publish,
  giveSignature,
};

/** Throws INSTRUCTION_ALTERED, with what is different, unless the calls and the sentence are what was asked for. */
export function checkDecision(asked: Decision, shown: Shown, deciding: Deciding): void {
  const { pin, name } = deciding;
  const calls = new Reader(shown.calls, pin);
  const check = CHECKS[asked.type] as (
    asked: Decision,
    calls: Reader,
    deciding: Deciding,
  ) => readonly FactsFor<Name>[];
  const facts = check(asked, calls, deciding);
  calls.end();
  checkSentence(asked.type, [facts], shown.meaning, { name: name ?? PLATFORM });
}
