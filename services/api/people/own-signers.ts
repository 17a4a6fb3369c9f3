/** A wallet or a UKey becomes a person's own: who adds it shows that he has it, by a signature over his name here and the time. */
import type { Static } from 'typebox';
import { isSm2Key } from '#chain/sm2.ts';
import { ownSignerDigest } from '#chain/own-signer.ts';
import { signerOf } from '#chain/typed-data.ts';
import { SYSTEM, transact } from '#db/access/access.ts';
import { recordAudit, type Origin } from '#db/audit/write.ts';
import { addOwnSigner, ownSignersOf, type OwnSigner } from '#db/people/own-signers.ts';
import { newId } from '#db/wire/ids.ts';
import { Problem } from '#domain/problems.ts';
import { checkKeySignature } from '../instructions/signers.ts';
import type { Services } from '../services.ts';
import type { OwnSignerInput } from './schema.ts';

/** A person finds a device and types a PIN; clocks differ (ms). */
const PROOF_LASTS = 5 * 60_000;
const MOST = 20;

const invalid = (zh: string, en: string): Problem => new Problem('REQUEST_INVALID', { zh, en });

/** Throws SIGNATURE_INVALID, SIGNATURE_FORM, ALREADY_DONE for what somebody has already, and REQUEST_INVALID. */
export async function addSigner(
  services: Services,
  person: string,
  { key, name, at, signature }: Static<typeof OwnSignerInput>,
  origin: Origin,
): Promise<OwnSigner> {
  const { db, deployment, site } = services;
  const signer = signerFor(services, key);
  if (Math.abs(Date.parse(at) - Date.now()) > PROOF_LASTS)
    throw invalid('证明已过期，请核对电脑时间后重试', 'The proof is too old: check the clock of the machine');
  const shown = { site: site.origin, person, signer, at: Math.floor(Date.parse(at) / 1_000) };
  const digest = ownSignerDigest(deployment.chainId, deployment.addresses.bills, shown);
  await checkKeySignature(services, digest, { signer, signature });
  const id = newId();
  const type = key.type === 'sm2' ? ('ukey' as const) : ('wallet' as const);
  await transact(db, SYSTEM, async (trx) => {
    if ((await ownSignersOf(trx, person)).length >= MOST)
      throw invalid('钱包与 UKey 最多 20 个', 'There are 20 wallets and UKeys already');
    if (!(await addOwnSigner(trx, { id, person, type, signer, name }))) throw new Problem('ALREADY_DONE');
    await recordAudit(trx, {
      ...origin,
      action: 'deviceAdded',
      subject: `device:${id}`,
      facts: { name, type, signer },
    });
  });
  return (await ownSignersOf(db, person)).find((each) => each.id === id)!;
}

function signerFor({ deployment }: Services, key: Static<typeof OwnSignerInput>['key']): string {
  if (key.type === 'ecdsa') return key.address.toLowerCase();
  const [x, y] = [hex(key.x), hex(key.y)];
  if (!isSm2Key({ x: BigInt(x), y: BigInt(y) }))
    throw invalid('公钥不在 SM2 曲线上', 'The public key is not a point of SM2');
  const signer = signerOf(deployment.addresses, { type: 'sm2', x, y });
  if (signer === undefined) throw invalid('本账本不支持 SM2 签名', 'This ledger has no verifier of SM2');
  return signer.toLowerCase();
}

const hex = (coordinate: string): string => `0x${coordinate.replace(/^0x/, '').toLowerCase()}`;
