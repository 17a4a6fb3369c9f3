/** Checks what the people who are the operator sign, against what they asked for. */
import { canonicalJson } from '../../domain/canonical-json.ts';
import { bitsOf, KIND_NUMBERS, ROLE_BITS } from '../../domain/codes.ts';
import { instantOf, parseLegalDate } from '../../domain/dates.ts';
import type { FactsFor } from '../../domain/instructions/instructions.ts';
import { PLATFORM } from '../../domain/instructions/sentences.ts';
import { nameOfKey } from '../../domain/people/instructions.ts';
import type { Text } from '../../domain/problems.ts';
import { taxNumberOf } from '../../domain/members/tax-number.ts';
import type { Admission, RulePackInput, SignatureFor } from '../generated/schema.ts';
import type { Given } from '../routes.ts';
import { accountOf, signerBytes } from './accounts.ts';
import { checkSentence } from './check.ts';
import { NAME, Reader, refused, same, sameWords, type Pin, type Shown } from './reader.ts';

/** What the operator asks for; each by the route of its own. */
export type Decisions = {
  admit: Given<Admission>;
  suspend: { readonly member: number; readonly reason: string };
  restore: { readonly member: number; readonly reason: string };
  publish: Given<RulePackInput>;
  /** Of a firm as well. */
  giveSignature: Given<SignatureFor>;
};
type Name = keyof Decisions;
export type Decision = { [N in Name]: { readonly type: N } & Decisions[N] }[Name];

/** Who asks, as the platform writes its name, and the account that is asked for it: the operator's without it. */
export type Deciding = { readonly pin: Pin; readonly name?: Text | undefined; readonly account: string };

type Check<N extends Name> = (asked: Decisions[N], calls: Reader, pin: Pin) => readonly FactsFor<N>[];

/** The hash of its names is the platform's own affair: they are what it says, and move nothing. */
const admit: Check<'admit'> = (asked, calls, pin) => {
  if (asked.signers === undefined) refused('没有签名人', 'nobody signs for the firm');
  const signers = asked.signers.map((each) => signerBytes(each, pin));
  const weights = (asked.weights ?? signers.map(() => 1)).map(BigInt);
  const threshold = BigInt(asked.threshold ?? 1);
  const [found, weighing, needed, salt] = calls.next('orgAccountFactory', 'create');
  if (String(found) !== String(signers)) refused('签名人不同', 'other signers');
  if (String(weighing) !== String(weights)) refused('签名权重不同', 'other weights');
  same('threshold', needed, threshold);
  same('salt', salt, 0n);
  const [account, roles, expiry] = calls.next('bills', 'admit');
  same('account', account, accountOf(pin.contracts.orgAccountFactory!, { signers, weights, threshold }));
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
const giveSignature: Check<'giveSignature'> = ({ device, instead, threshold }, calls, pin) => {
  const signer = (key: typeof device) => signerBytes({ type: 'webauthn', ...key }, pin);
  const [removed, added, weights, needed] = calls.next('orgAccount', 'changeSigners');
  if (String(removed) !== String(instead === undefined ? [] : [signer(instead)]))
    refused('取代的设备不同', 'another device to be replaced');
  if (String(added) !== signer(device)) refused('设备不同', 'another device');
  if (String(weights) !== '1') refused('权重不同', 'another weight');
  same('threshold', needed, threshold);
  const replaced = instead === undefined ? {} : { instead: nameOfKey(instead.x, instead.y) };
  return [{ person: NAME, device: nameOfKey(device.x, device.y), ...replaced, threshold }];
};

const CHECKS: { readonly [N in Name]: Check<N> } = {
  admit,
  suspend: order('suspend'),
  restore: order('restore'),
  publish,
  giveSignature,
};

/** Throws INSTRUCTION_ALTERED, with what is different, unless the calls and the sentence are what was asked for. */
export function checkDecision(asked: Decision, shown: Shown, { pin: known, name, account }: Deciding): void {
  const pin = { ...known, contracts: { ...known.contracts, orgAccount: account } };
  const calls = new Reader(shown.calls, pin);
  const check = CHECKS[asked.type] as (asked: Decision, calls: Reader, pin: Pin) => readonly FactsFor<Name>[];
  const facts = check(asked, calls, pin);
  calls.end();
  checkSentence(asked.type, [facts], shown.meaning, { name: name ?? PLATFORM });
}
