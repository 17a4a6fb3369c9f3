/** What the operator decides about members, as drafts: who signs for a firm, in which roles it comes in, whether it may act. */
import { p256 } from '@noble/curves/nist.js';
import { id as hashOf, ZeroHash } from 'ethers';
import type { Static } from 'typebox';
import { interfaces } from '#chain/contracts.ts';
import { signerOf, type Verifiers } from '#chain/typed-data.ts';
import { isTaxNumberTaken, keepIdentity } from '#db/members/identities.ts';
import { toBytes } from '#db/wire/bytes.ts';
import { findMember } from '#db/members/read.ts';
import { bitsOf, PRIVILEGED_ROLES, ROLE_BITS } from '#domain/codes.ts';
import { instantOf, parseLegalDate } from '#domain/dates.ts';
import { taxNumberOf } from '#domain/members/tax-number.ts';
import { Problem } from '#domain/problems.ts';
import { canonicalJson } from '#domain/canonical-json.ts';
import { keepDemoKey, newDemoKey } from '../sessions/demo-keys.ts';
import { gasOf } from '../instructions/gas.ts';
import type { OperatorAsked, OperatorDrafter } from '../operator/drafters.ts';
import { operatorAccount } from '../operator/party.ts';
import type { Services } from '../services.ts';
import type { SignerInput } from './schema.ts';
import { nameOf } from './views.ts';

type Admission = OperatorAsked<'admit'>;

/** Makes the firm's account and admits it. Its names stay with the platform, their hash goes on chain. */
const admit: OperatorDrafter<'admit'> = async (services, asked) => {
  const { calls, clock, contracts, demo, deployment, keysDir } = services;
  const madeKey = asked.signers === undefined && demo ? newDemoKey() : undefined;
  const given = madeKey === undefined ? asked.signers : [{ type: 'p256' as const, ...madeKey }];
  if (given === undefined) throw invalid('请给出签名人', 'Name who signs for the firm');
  const { signers, weights, threshold } = signersOf(given, asked, deployment.addresses);
  const account = await contracts.orgAccountFactory.addressOf(signers, weights, threshold, ZeroHash);
  const taxId = taxNumber(asked);
  const document = canonicalJson({ account, name: asked.name, taxId });
  const identityHash = hashOf(document);
  const { credentialExpiry } = asked;
  const expiry = credentialExpiry === undefined ? 0 : instantOf(parseLegalDate(credentialExpiry));
  const roles = bitsOf(ROLE_BITS, asked.roles);
  if ((roles & PRIVILEGED_ROLES) !== 0) await requirePrivileges(services);
  const known = taxId === null ? {} : { taxNumber: taxId };
  const now = await clock.now();
  return {
    calls: [
      calls.orgAccountFactory.create(signers, weights, threshold, ZeroHash),
      calls.bills.admit(account, roles & ~PRIVILEGED_ROLES, expiry, identityHash),
    ],
    gas: gasOf('simple', 2 + signers.length),
    facts: () => ({ member: asked.name, ...known }),
    keep: async (trx) => {
      if (taxId !== null && (await isTaxNumberTaken(trx, taxId, now))) throw new Problem('TAX_NUMBER_TAKEN');
      if (madeKey !== undefined) await keepDemoKey(keysDir, toBytes(account), madeKey);
      const { zh: nameZh, en: nameEn } = asked.name;
      await keepIdentity(trx, { identityHash, account, nameZh, nameEn, taxId, document });
    },
  };
};

/** By reasoned order, which stays with the platform; its hash goes on chain. */
const order =
  (name: 'suspend' | 'restore'): OperatorDrafter<'suspend' | 'restore'> =>
  async ({ db, calls }, { member: number, reason }) => {
    const member = await findMember(db, number);
    if (member === undefined) throw new Problem('MEMBER_UNKNOWN');
    return {
      calls: [calls.bills[name](number, hashOf(reason))],
      facts: () => ({ member: nameOf(member), reason }),
    };
  };

export const memberDecisions = { admit, suspend: order('suspend'), restore: order('restore') };

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

function signersOf(given: readonly Static<typeof SignerInput>[], input: Admission, verifiers: Verifiers) {
  const signers = given.map((signer) => {
    if (signer.type === 'ecdsa') return signer.address.toLowerCase();
    const [x, y] = [hex(signer.x), hex(signer.y)];
    if (!isOnCurve(x, y)) throw invalid('公钥不在 P-256 曲线上', 'The public key is not a point of P-256');
    const key = signerOf(verifiers, { type: signer.type, x, y });
    if (key === undefined)
      throw invalid('本账本不支持此类签名人', 'This ledger has no verifier for such signers');
    return key;
  });
  const weights = (input.weights ?? signers.map(() => 1)).map(BigInt);
  if (weights.length !== signers.length) throw invalid('每个签名人一个权重', 'Give each signer one weight');
  if (new Set(signers).size !== signers.length) throw invalid('签名人重复', 'A signer is named twice');
  const reachable = weights.reduce((sum, weight) => sum + weight, 0n);
  const threshold = BigInt(input.threshold ?? 1);
  if (threshold > reachable) {
    throw invalid(`门槛 ${threshold} 无法达到`, `A threshold of ${threshold} cannot be reached`);
  }
  return { signers, weights, threshold };
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
