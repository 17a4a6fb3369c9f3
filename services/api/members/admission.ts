/** What the operator decides about members, as drafts: who signs for a firm, in which roles it comes in, whether it may act. */
import { p256 } from '@noble/curves/nist.js';
import { hexlify, id as hashOf, randomBytes, ZeroHash } from 'ethers';
import type { Static } from 'typebox';
import { interfaces } from '#chain/contracts.ts';
import { plainPolicy, policySigner, policyStruct } from '#chain/policies.ts';
import { isSm2Key } from '#chain/sm2.ts';
import { keepWording } from '#db/cash/wording.ts';
import { signerOf, type Verifiers } from '#chain/typed-data.ts';
import { isTaxNumberTaken, keepIdentity } from '#db/members/identities.ts';
import type { Trx } from '#db/access/access.ts';
import { toBytes } from '#db/wire/bytes.ts';
import { findMember } from '#db/members/read.ts';
import { policyFault, type Policy } from '#domain/accounts/policy.ts';
import { bitsOf, PRIVILEGED_ROLES, ROLE_BITS } from '#domain/codes.ts';
import { instantOf, parseLegalDate } from '#domain/dates.ts';
import { leiOf } from '#domain/members/lei.ts';
import { taxNumberOf } from '#domain/members/tax-number.ts';
import { Problem, type Text } from '#domain/problems.ts';
import { canonicalJson } from '#domain/canonical-json.ts';
import { keepDemoKey, newDemoKey } from '../sessions/demo-keys.ts';
import { gasOf } from '../instructions/gas.ts';
import type { OperatorAsked, OperatorDraft, OperatorDrafter } from '../operator/drafters.ts';
import { operatorAccount } from '../operator/party.ts';
import type { Services } from '../services.ts';
import type { SignerInput } from './schema.ts';
import { nameOf } from './views.ts';

type Admission = OperatorAsked<'admit'>;

type How = {
  /** Of the account: firms with the same signers have one each. */
  readonly salt?: string;
  /** In the same transaction, before the act is queued; throws where it may not be. */
  readonly before?: (trx: Trx, identityHash: string, instructionId: string) => Promise<void>;
};

/** Makes the firm's account and admits it. Its names stay with the platform, their hash goes on chain. */
export async function draftAdmission(
  services: Services,
  asked: Admission,
  { salt = ZeroHash, before }: How = {},
): Promise<OperatorDraft<'admit'>> {
  const { calls, clock, contracts, demo, deployment, keysDir } = services;
  const madeKey = asked.signers === undefined && demo ? newDemoKey() : undefined;
  const given = madeKey === undefined ? asked.signers : [{ type: 'p256' as const, ...madeKey }];
  if (given === undefined) throw invalid('请给出签名人', 'Name who signs for the firm');
  const policy = firstPolicy(given, asked, deployment.addresses);
  const account = await contracts.orgAccountFactory.addressOf(policyStruct(policy), salt);
  const taxId = taxNumber(asked);
  const document = identityDocument({ account, name: asked.name, taxId, ...leiIn(asked) });
  const identityHash = hashOf(document);
  const { credentialExpiry } = asked;
  const expiry = credentialExpiry === undefined ? 0 : expiryOf(credentialExpiry);
  const roles = bitsOf(ROLE_BITS, asked.roles);
  if ((roles & PRIVILEGED_ROLES) !== 0) await requirePrivileges(services);
  const known = taxId === null ? {} : { taxNumber: taxId };
  const now = await clock.now();
  return {
    calls: [
      calls.orgAccountFactory.create(policy, salt),
      calls.bills.admit(account, roles & ~PRIVILEGED_ROLES, expiry, identityHash),
    ],
    gas: gasOf('simple', 2 + policy.signers.length),
    facts: () => ({ member: asked.name, ...known }),
    keep: async (trx, id) => {
      await before?.(trx, identityHash, id);
      if (taxId !== null && (await isTaxNumberTaken(trx, taxId, now))) throw new Problem('TAX_NUMBER_TAKEN');
      if (madeKey !== undefined) await keepDemoKey(keysDir, toBytes(account), madeKey);
      const { zh: nameZh, en: nameEn } = asked.name;
      await keepIdentity(trx, { identityHash, account, nameZh, nameEn, taxId, document });
    },
    audited: { action: 'admitted', facts: { account, roles: asked.roles.join(' ') } },
  };
}

const admit: OperatorDrafter<'admit'> = (services, asked) => draftAdmission(services, asked);

/** By reasoned order, which stays with the platform; its hash goes on chain. */
const order =
  (name: 'suspend' | 'restore'): OperatorDrafter<'suspend' | 'restore'> =>
  async ({ db, calls }, { member: number, reason }) => {
    const member = await findMember(db, number);
    if (member === undefined) throw new Problem('MEMBER_UNKNOWN');
    const action = name === 'suspend' ? 'suspended' : 'restored';
    const reasonHash = hashOf(reason);
    return {
      calls: [calls.bills[name](number, reasonHash)],
      facts: () => ({ member: nameOf(member), reason }),
      keep: (trx) => keepWording(trx, reasonHash, reason),
      audited: { action, subject: `member:${number}`, facts: { reason } },
    };
  };

/** Roles and expiry after a new check. */
const renew: OperatorDrafter<'renew'> = async ({ db, calls }, asked) => {
  const { member: number, roles, credentialExpiry, reason } = asked;
  const member = await findMember(db, number);
  if (member === undefined) throw new Problem('MEMBER_UNKNOWN');
  const expiry = credentialExpiry === null ? 0 : expiryOf(credentialExpiry);
  const until = credentialExpiry === null ? {} : { until: credentialExpiry };
  return {
    calls: [calls.bills.renew(number, bitsOf(ROLE_BITS, roles), expiry, hashOf(reason))],
    facts: () => ({ member: nameOf(member), reason, ...until }),
    audited: { action: 'renewed', subject: `member:${number}`, facts: { reason } },
  };
};

/** The instant at which a date begins. 0 would be no expiry at all. */
export function expiryOf(date: string): number {
  const instant = instantOf(parseLegalDate(date));
  if (instant <= 0) throw invalid('有效期不成立', 'The expiry is not possible');
  return instant;
}

/**
 * What the hash on chain is the hash of. Without the salt whoever knows all names and tax numbers could try them, and the hash would
 * say for ever which firm a member is; with it, to erase the salt is to erase that.
 */
export const identityDocument = (
  identity: { readonly account: string; readonly name: Text; readonly taxId: string | null },
  salt = hexlify(randomBytes(32)),
): string => canonicalJson({ ...identity, salt });

export const memberDecisions = { admit, suspend: order('suspend'), restore: order('restore'), renew };

/** Only where the operator holds governance too, as in the demonstration, are these roles given with the admission. */
async function requirePrivileges({ contracts, db, deployment }: Services): Promise<void> {
  const { selector } = interfaces.bills.getFunction('setPrivileges')!;
  const operator = (await operatorAccount(db)) ?? deployment.operator;
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
