/**
 * What a member does with the documents of a bill, worked out of what the API lists: which keys it opens, for whom it wraps, under which
 * key it encrypts. Nothing here talks to anybody. Whether a public key is a member's is for the one who asks to judge.
 */
import type { AttachedDocuments, DocumentKey } from '../generated/schema.ts';
import { commitmentOf, makeBillKey, openBillKey, wrapBillKey, type BillKey } from './bill-key.ts';
import type { FirmKey } from './firm-key.ts';
import { bytesOf, hexOf } from './stated-key.ts';
import type { Bytes } from './suite.ts';

/** The public key, if it is taken for its member's; undefined: it is not used. */
export type Judge = (stated: DocumentKey) => Bytes | undefined;

export type Place = { readonly chainId: number; readonly billNo: string };
export type NewWrap = { readonly billKey: string; readonly key: string; readonly wrapped: string };
type Listed = Pick<AttachedDocuments, 'keys' | 'readers'>;

/** Keys of the bill that this firm opens, oldest first. What another than a member has wrapped opens nothing. */
export async function openBillKeys(
  { keys }: Listed,
  place: Place,
  firm: FirmKey,
  judge: Judge,
): Promise<Map<string, BillKey>> {
  const opened = new Map<string, BillKey>();
  for (const { id, commitment, wraps } of keys) {
    for (const { wrapped, sender } of wraps) {
      const publicKey = judge(sender);
      if (publicKey === undefined || opened.has(id)) continue;
      const known = { ...place, id, commitment: bytesOf(commitment) };
      const by = { member: sender.member.number, publicKey };
      const key = await openBillKey(known, bytesOf(wrapped), firm, by).catch(() => undefined);
      if (key !== undefined) opened.set(id, key);
    }
  }
  return opened;
}

/** For each reader that this firm has not wrapped an open key for. */
export async function wrapsWanted(
  { readers }: Listed,
  keys: readonly BillKey[],
  firm: FirmKey,
  judge: Judge,
): Promise<NewWrap[]> {
  const wanted: NewWrap[] = [];
  for (const { member, key, wrapped } of readers) {
    const publicKey = key === null ? undefined : judge(key);
    if (key === null || publicKey === undefined) continue;
    for (const each of keys) {
      if (wrapped.includes(each.id)) continue;
      const reader = { member: member.number, publicKey };
      wanted.push({ billKey: each.id, key: key.id, wrapped: hexOf(await wrapBillKey(each, reader, firm)) });
    }
  }
  return wanted;
}

/** The newest under which something new may be encrypted; undefined: one is to be made. */
export const keyToUse = ({ keys }: Listed, opened: ReadonlyMap<string, BillKey>): BillKey | undefined =>
  keys
    .filter(({ isRetired }) => !isRetired)
    .map(({ id }) => opened.get(id))
    .findLast((key) => key !== undefined);

/** A key for the bill, and what the API takes of it: wrapped for all readers that there are, this firm among them. */
export async function newBillKey(
  { readers }: Listed,
  place: Place,
  firm: FirmKey,
  judge: Judge,
): Promise<{ key: BillKey; toPublish: { id: string; commitment: string; wraps: NewWrap[] } }> {
  const key = makeBillKey({ ...place, id: crypto.randomUUID() });
  const forAll = { keys: [], readers: readers.map((reader) => ({ ...reader, wrapped: [] })) };
  const wraps = await wrapsWanted(forAll, [key], firm, judge);
  return { key, toPublish: { id: key.id, commitment: hexOf(await commitmentOf(key)), wraps } };
}
