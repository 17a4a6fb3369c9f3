/**
 * The key of a bill's documents: 32 random bytes, wrapped for each member that may read them, by a member that has it. Who opens one knows
 * who wrapped it, so that nobody else, and no server, can slip a key in that it knows.
 */
import { sameBytes, type FirmKey } from './firm-key.ts';
import { publicKeyOf, randomBytes, unwrap, utf8, wrap, type Bytes } from './suite.ts';

/** Where a key belongs. */
export type BillKeyId = { readonly chainId: number; readonly billNo: string; readonly id: string };
export type BillKey = BillKeyId & { readonly key: Bytes };

export const makeBillKey = (id: BillKeyId): BillKey => ({ ...id, key: randomBytes(32) });

const nameOf = ({ chainId, billNo, id }: BillKeyId): string =>
  `key ${id} of bill ${billNo} on chain ${chainId}`;

/** By which everybody who opens it knows that it is the same for all. It says nothing of the key. */
export async function commitmentOf(key: BillKey): Promise<Bytes> {
  const name = utf8(`tallystick ${nameOf(key)} `);
  const bytes = new Uint8Array(name.length + key.key.length);
  bytes.set(name);
  bytes.set(key.key, name.length);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** @param reader The checked public key of the member that it is for. */
export const wrapBillKey = async (
  key: BillKey,
  reader: { readonly member: number; readonly publicKey: Bytes },
  sender: FirmKey,
): Promise<Bytes> =>
  wrap(key.key, await publicKeyOf(reader.publicKey), {
    place: `${nameOf(key)} for member ${reader.member} by member ${sender.member}`,
    sender: sender.pair,
  });

/** @param sender The checked public key of the member that wrapped it. Throws where it is not what all others have. */
export async function openBillKey(
  id: BillKeyId & { readonly commitment: Bytes },
  wrapped: Bytes,
  reader: FirmKey,
  sender: { readonly member: number; readonly publicKey: Bytes },
): Promise<BillKey> {
  const { chainId, billNo, id: own } = id;
  const key = await unwrap(wrapped, reader.pair, {
    place: `${nameOf(id)} for member ${reader.member} by member ${sender.member}`,
    sender: await publicKeyOf(sender.publicKey),
  });
  const opened = { chainId, billNo, id: own, key };
  if (!sameBytes(await commitmentOf(opened), id.commitment))
    throw new TypeError('this is not the key that others have');
  return opened;
}
