/** Acts of the operator: signed by its key where the relayer keeps it, queued and followed like a firm's. */
import { p256 } from '@noble/curves/nist.js';
import { hexlify, id as hashOf, randomBytes, ZeroHash } from 'ethers';
import { interfaces } from '#chain/contracts.ts';
import { plainPolicy, policySigner, policyStruct } from '#chain/policies.ts';
import { isSm2Key } from '#chain/sm2.ts';
import { signerOf, type Call, type Verifiers } from '#chain/typed-data.ts';
import { findInstruction, insertInstruction, type InstructionRow } from '#db/instructions/own.ts';
import { keepWording } from '#db/cash/wording.ts';
import { recordAudit, type AuditEntry, type Origin } from '#db/audit/write.ts';
import { isTaxNumberTaken, keepIdentity } from '#db/members/identities.ts';
import { newId } from '#db/wire/ids.ts';
import { toBytes } from '#db/wire/bytes.ts';
import { SYSTEM, transact, type Trx } from '#db/access/access.ts';
import { findMember, memberOfAccount, type MemberRow } from '#db/members/read.ts';
import type { Static } from 'typebox';
import { policyFault, type Policy } from '#domain/accounts/policy.ts';
import { bitsOf, PRIVILEGED_ROLES, ROLE_BITS } from '#domain/codes.ts';
import { instantOf, parseLegalDate } from '#domain/dates.ts';
import { leiOf } from '#domain/members/lei.ts';
import { taxNumberOf } from '#domain/members/tax-number.ts';
import type { Meaning } from '#domain/instructions/instructions.ts';
import { PLATFORM } from '#domain/instructions/sentences.ts';
import { Problem, type Text } from '#domain/problems.ts';
import { canonicalJson } from '#domain/canonical-json.ts';
import { keepDemoKey, newDemoKey } from '../sessions/demo-keys.ts';
import type { memberRoutes, SignerInput } from './schema.ts';
import { nameOf } from './views.ts';
import type { Services } from '../services.ts';
import { follow } from '../instructions/follow.ts';
import { gasLimit, gasOf } from '../instructions/gas.ts';
import { throwFirst } from '../instructions/refusal.ts';
import { rehearseFrom } from '../instructions/rehearse.ts';
import { NOTHING_MADE } from '../instructions/draft.ts';

/** How long a request waits until the read model has what it did (ms). */
const PATIENCE_MS = 60_000;

type Admission = Static<typeof memberRoutes.admitMember.schema.body>;

type How = {
  /** Of the account: firms with the same signers have one each. */
  readonly salt?: string;
  /** In the same transaction, before the act is queued; throws where it may not be. */
  readonly before?: (trx: Trx, identityHash: string) => Promise<void>;
};

/** Makes the firm's account, admits it, and waits until the member can be read. */
export async function admit(
  services: Services,
  input: Admission,
  origin: Origin,
  { salt = ZeroHash, before: first }: How = {},
): Promise<MemberRow> {
  const { calls, contracts, db, deployment, demo, keysDir } = services;
  const madeKey = input.signers === undefined && demo ? newDemoKey() : undefined;
  const given = madeKey === undefined ? input.signers : [{ type: 'p256' as const, ...madeKey }];
  if (given === undefined) throw invalid('请给出签名人', 'Name who signs for the firm');
  const policy = firstPolicy(given, input, deployment.addresses);
  const account = await contracts.orgAccountFactory.addressOf(policyStruct(policy), salt);
  const taxId = taxNumber(input);
  const document = identityDocument({ account, name: input.name, taxId, ...leiIn(input) });
  const identityHash = hashOf(document);
  const { credentialExpiry } = input;
  const expiry = credentialExpiry === undefined ? 0 : expiryOf(credentialExpiry);
  const roles = bitsOf(ROLE_BITS, input.roles);
  const privileges = roles & PRIVILEGED_ROLES;
  if (privileges !== 0) await requirePrivileges(services);
  const admission = calls.bills.admit(account, roles & ~PRIVILEGED_ROLES, expiry, identityHash);
  const creation = calls.orgAccountFactory.create(policy, salt);
  throwFirst(await rehearseFrom(services, services.operator, admission));
  if (madeKey !== undefined) await keepDemoKey(keysDir, toBytes(account), madeKey);
  await keepIdentity(db, {
    identityHash,
    account,
    nameZh: input.name.zh,
    nameEn: input.name.en,
    taxId,
    document,
  });
  const known = taxId === null ? {} : { taxNumber: taxId };
  await carryOut(services, {
    meaning: { instruction: 'admit', member: input.name, ...known },
    input: { ...input, taxId },
    before: async (trx) => {
      await first?.(trx, identityHash);
      if (taxId !== null && (await isTaxNumberTaken(trx, taxId))) throw new Problem('TAX_NUMBER_TAKEN');
    },
    calls: [creation, admission],
    signers: policy.signers.length,
    audited: { ...origin, action: 'admitted', facts: { account, roles: input.roles.join(' ') } },
  });
  const member = await memberOfAccount(db, account);
  if (member === undefined) throw new Error('an admitted member is not in the read model');
  if (privileges === 0) return member;
  const { number } = member;
  await carryOut(services, {
    meaning: { instruction: 'setPrivileges', member: input.name },
    input: { number, roles: input.roles },
    calls: [
      calls.bills.setPrivileges(number, privileges),
      ...((privileges & ROLE_BITS.settlement_bank) === 0 ? [] : [calls.cash.setCap(number, CAP)]),
    ],
    audited: {
      ...origin,
      action: 'privilegesSet',
      subject: `member:${number}`,
      facts: { roles: input.roles.join(' ') },
    },
  });
  return (await findMember(db, number)) ?? member;
}

/**
 * What the hash on chain is the hash of. Without the salt whoever knows all names and tax numbers could try them, and the hash would
 * say for ever which firm a member is; with it, to erase the salt is to erase that.
 */
export const identityDocument = (
  identity: { readonly account: string; readonly name: Text; readonly taxId: string | null },
  salt = hexlify(randomBytes(32)),
): string => canonicalJson({ ...identity, salt });

/** What a settlement bank of the demonstration may have issued at once: as much as there is room for. */
const CAP = 2n ** 64n - 1n;

/** Only where the operator's key holds governance too, as in the demonstration, are these roles given with the admission. */
async function requirePrivileges({ contracts, deployment, operator }: Services): Promise<void> {
  const { selector } = interfaces.bills.getFunction('setPrivileges')!;
  const [isImmediate] = await contracts.accessManager.canCall(operator, deployment.addresses.bills, selector);
  if (isImmediate) return;
  throw new Problem('ROLE_REQUIRED', {
    zh: '银行、监管与清算银行资格由治理机构公示后授予；请先以其他资格接纳',
    en: 'The roles bank, regulator and settlement bank are given by governance after their notice; admit without them first',
  });
}

/** Throws TAX_NUMBER_INVALID. */
function taxNumber({ taxId, taxKind }: Admission): string | null {
  if (taxId === undefined) return null;
  const read = taxNumberOf(taxId, taxKind);
  if ('fault' in read) throw new Problem('TAX_NUMBER_INVALID', read.fault);
  return read.number;
}

/** Throws LEI_INVALID. */
function leiIn({ lei }: Admission): { lei?: string } {
  if (lei === undefined) return {};
  const read = leiOf(lei);
  if ('fault' in read) throw new Problem('LEI_INVALID', read.fault);
  return read;
}

type Founding = Pick<Admission, 'weights' | 'threshold'>;

/** Throws REQUEST_INVALID for signers that no account can have. */
export function firstPolicy(
  given: readonly Static<typeof SignerInput>[],
  input: Founding,
  verifiers: Verifiers,
): Policy {
  const keys = given.map((signer) => {
    if (signer.type === 'ecdsa') return signer.address.toLowerCase();
    const [x, y] = [hex(signer.x), hex(signer.y)];
    const curve = signer.type === 'sm2' ? 'SM2' : 'P-256';
    const isKey = signer.type === 'sm2' ? isSm2Key({ x: BigInt(x), y: BigInt(y) }) : isOnCurve(x, y);
    if (!isKey) throw invalid(`公钥不在 ${curve} 曲线上`, `The public key is not a point of ${curve}`);
    const key = signerOf(verifiers, { type: signer.type, x, y });
    if (key === undefined)
      throw invalid('本账本不支持此类签名人', 'This ledger has no verifier for such signers');
    return key;
  });
  const weights = input.weights ?? keys.map(() => 1);
  if (weights.length !== keys.length) throw invalid('每个签名人一个权重', 'Give each signer one weight');
  const policy = plainPolicy(
    keys.map((key, n) => policySigner(key, { weight: weights[n]! })),
    input.threshold ?? 1,
  );
  const fault = policyFault(policy);
  if (fault !== undefined) throw new Problem('REQUEST_INVALID', fault);
  return policy;
}

function isOnCurve(x: string, y: string): boolean {
  try {
    p256.Point.fromHex(`04${x.slice(2)}${y.slice(2)}`).assertValidity();
    return true;
  } catch {
    return false;
  }
}

const hex = (coordinate: string): string => `0x${coordinate.replace(/^0x/, '').toLowerCase()}`;

export const invalid = (zh: string, en: string): Problem => new Problem('REQUEST_INVALID', { zh, en });

/** Suspends a member or restores it, by reasoned order, and waits until the read model has it. */
export async function setSuspended(
  services: Services,
  number: number,
  type: 'suspend' | 'restore',
  reason: string,
  origin: Origin,
): Promise<MemberRow> {
  const { db, calls } = services;
  const member = await findMember(db, number);
  if (member === undefined) throw new Problem('MEMBER_UNKNOWN');
  const reasonHash = hashOf(reason);
  const call = calls.bills[type](number, reasonHash);
  throwFirst(await rehearseFrom(services, services.operator, call));
  await keepWording(db, reasonHash, reason);
  const meaning = { instruction: type, member: nameOf(member), reason };
  const action = type === 'suspend' ? 'suspended' : 'restored';
  await carryOut(services, {
    input: { number, reason },
    meaning,
    calls: [call],
    audited: { ...origin, action, subject: `member:${number}`, facts: { reason } },
  });
  return (await findMember(db, number)) ?? member;
}

type Renewal = Static<typeof memberRoutes.renewMember.schema.body>;

/** Sets roles and expiry after a new check, and waits until the read model has them. */
export async function renew(
  services: Services,
  number: number,
  input: Renewal,
  origin: Origin,
): Promise<MemberRow> {
  const { db, calls } = services;
  const { roles, credentialExpiry, reason } = input;
  const member = await findMember(db, number);
  if (member === undefined) throw new Problem('MEMBER_UNKNOWN');
  const expiry = credentialExpiry === null ? 0 : expiryOf(credentialExpiry);
  const call = calls.bills.renew(number, bitsOf(ROLE_BITS, roles), expiry, hashOf(reason));
  throwFirst(await rehearseFrom(services, services.operator, call));
  const until = credentialExpiry === null ? {} : { until: credentialExpiry };
  await carryOut(services, {
    meaning: { instruction: 'renew', member: nameOf(member), reason, ...until },
    input: { number, ...input },
    calls: [call],
    audited: { ...origin, action: 'renewed', subject: `member:${number}`, facts: { reason } },
  });
  return (await findMember(db, number)) ?? member;
}

/** The instant at which a date begins. 0 would be no expiry at all. */
function expiryOf(date: string): number {
  const instant = instantOf(parseLegalDate(date));
  if (instant <= 0) throw invalid('有效期不成立', 'The expiry is not possible');
  return instant;
}

type OperatorAct = {
  /** How many signers an account is made for. */
  readonly signers?: number;
  readonly input: unknown;
  readonly meaning: Meaning;
  readonly calls: readonly Call[];
  readonly audited: AuditEntry;
  /** In the same transaction, before the act is queued; throws where it may not be. */
  readonly before?: (trx: Trx, id: string) => Promise<void>;
};

/** Queues an act of the operator and waits until the read model has it. */
export async function carryOut(services: Services, act: OperatorAct): Promise<void> {
  const { input, meaning, calls, audited, signers = 0, before } = act;
  const type = meaning.instruction;
  const maxGas = await services.maxGas();
  const { db } = services;
  const id = newId();
  await transact(db, SYSTEM, async (trx) => {
    await before?.(trx, id);
    await insertInstruction(trx, {
      id,
      signedBy: 'operator',
      member: null,
      type,
      input,
      facts: { by: PLATFORM, does: [meaning] },
      calls,
      gasLimit: gasLimit(gasOf('simple', 2 + signers), maxGas),
      makes: NOTHING_MADE,
      state: 'submitted',
      ...(audited.requestId === undefined ? {} : { requestId: audited.requestId }),
    });
    await recordAudit(trx, { ...audited, facts: { ...audited.facts, instruction: id } });
  });
  requireDone(await follow(services, id, () => findInstruction(db, SYSTEM, id), PATIENCE_MS));
}

/** Throws why it failed, or UNAVAILABLE if it is not over yet. */
export function requireDone(act: InstructionRow | undefined): void {
  if (act?.state === 'done') return;
  if (act?.state === 'failed') throw new Problem(act.code ?? 'INTERNAL', act.detail ?? undefined);
  throw new Problem('UNAVAILABLE', {
    zh: '已受理，但账本尚未记下，请稍后查看',
    en: 'It is under way, but not in the ledger yet; look again later',
  });
}
