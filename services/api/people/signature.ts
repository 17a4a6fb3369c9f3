/** Gives a colleague's device a signature for the account that the seat is at: a firm's, or that of the people who are the operator. */
import type { Static } from 'typebox';
import { announcement, carryingOut } from '#chain/policies.ts';
import { signerOf } from '#chain/typed-data.ts';
import { PLATFORM_NUMBER } from '#db/access/access.ts';
import { announcementsOf, findPolicy } from '#db/accounts/read.ts';
import { passkeysAt } from '#db/people/passkeys.ts';
import { colleagues } from '#db/people/persons.ts';
import { toBytes, toHex } from '#db/wire/bytes.ts';
import { policyFault, withSigner } from '#domain/accounts/policy.ts';
import { nameOfKey } from '#domain/people/instructions.ts';
import { Problem } from '#domain/problems.ts';
import type { MemberPerson } from '../app-types.ts';
import type { Draft } from '../instructions/draft.ts';
import { foreignAccount } from '../instructions/refusal.ts';
import type { Services } from '../services.ts';
import type { SignatureFor } from './schema.ts';

type Asked = Static<typeof SignatureFor>;
type Point = { readonly x: string; readonly y: string };

const invalid = (zh: string, en: string): Problem => new Problem('REQUEST_INVALID', { zh, en });

/** Throws NOT_FOUND for nobody's device, ALREADY_DONE for one that signs already, REQUEST_INVALID for what no account should be. */
export async function draftSignature(
  services: Services,
  by: MemberPerson,
  person: string,
  { device, instead, threshold }: Asked,
): Promise<Draft<'giveSignature'>> {
  const { db, deployment } = services;
  const place = by.number === PLATFORM_NUMBER ? null : by.number;
  const [people, devices, before, announced] = await Promise.all([
    colleagues(db, place),
    passkeysAt(db, place),
    findPolicy(db, toBytes(by.account)),
    announcementsOf(db, toBytes(by.account)),
  ]);
  if (before === undefined) throw foreignAccount();
  const who = people.find(({ id }) => id === person);
  const own = devices.filter((each) => each.person === person).map(({ x, y }) => signerFor(x, y));
  function signerFor(x: Buffer | string, y: Buffer | string): string {
    const point = [x, y].map((each) => (typeof each === 'string' ? each : toHex(each)));
    const signer = signerOf(deployment.addresses, { type: 'webauthn', x: point[0]!, y: point[1]! });
    if (signer === undefined)
      throw invalid('本账本不支持通行密钥', 'This ledger has no verifier of passkeys');
    return signer.toLowerCase();
  }
  const signerIn = ({ x, y }: Point): string => signerFor(hex(x), hex(y));
  const added = signerIn(device);
  if (who === undefined || !own.includes(added)) throw new Problem('NOT_FOUND');
  if (!who.rights.includes('sign')) throw invalid('此人无签名权限', 'The person has no right to sign');
  const current = before.signers.map(({ key }) => key.toLowerCase());
  if (current.includes(added)) throw new Problem('ALREADY_DONE');
  const replacedKey = instead === undefined ? undefined : signerIn(instead);
  if (replacedKey !== undefined && !current.includes(replacedKey)) throw new Problem('NOT_FOUND');
  const left = current.filter((each) => each !== replacedKey);
  if (left.some((each) => own.includes(each)))
    throw invalid(
      '此人已有设备参与签名：一人一台，请指明取代哪一台',
      'Another device of this person signs already: one for each, so say which it replaces',
    );
  if (place === null && threshold < Math.min(2, left.length + 1))
    throw invalid('运营方有两人以上时，每项须两人签名', 'Two people sign where the operator is several');
  const policy = withSigner(before, { key: added, instead: replacedKey, threshold });
  const fault = policyFault(policy);
  if (fault !== undefined) throw new Problem('REQUEST_INVALID', fault);
  const isAtOnce = current.length === 1;
  const replaced = instead === undefined ? {} : { instead: nameOfKey(instead.x, instead.y) };
  const { currency } = deployment;
  return {
    calls: [
      announcement(by.account, policy),
      ...(isAtOnce ? [carryingOut(by.account, announced + 1, policy)] : []),
    ],
    facts: () => ({
      person: who.name,
      device: nameOfKey(device.x, device.y),
      ...replaced,
      policy,
      currency,
      isAtOnce,
    }),
  };
}

const hex = (coordinate: string): string => `0x${coordinate.replace(/^0x/, '').toLowerCase()}`;
