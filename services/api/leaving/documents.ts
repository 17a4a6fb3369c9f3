/** The documents of a bill that go with it: what was confirmed, and as ciphertext what members attached to it. */
import { keccak256 } from 'ethers';
import { contentOf, documentsOf as attachedDocuments } from '#db/documents/files.ts';
import { currentKeys, holdersOf } from '#db/documents/keys.ts';
import type { PartyBill } from '#db/leaving/bills.ts';
import { toHex } from '#db/wire/bytes.ts';
import {
  FILES,
  type AttachedExport,
  type BillExport,
  type DocumentKeyExport,
} from '#domain/leaving/format.ts';
import type { Hex } from '#domain/leaving/hex.ts';
import type { Taking } from './bills.ts';

type Taken = BillExport['documents'][number] & { readonly content: Uint8Array };
type Source = (bill: PartyBill) => readonly Omit<Taken, 'keccak256'>[];

const SOURCES: readonly Source[] = [
  // What the acceptor confirmed, word for word: its hash is on chain.
  ({ bill_no, document }) =>
    document === null
      ? []
      : [{ file: FILES.terms(String(bill_no)), kind: 'terms', content: Buffer.from(document) }],
];

export const documentsOf = (bill: PartyBill): Taken[] =>
  SOURCES.flatMap((source) => source(bill)).map((document) => ({
    ...document,
    keccak256: keccak256(document.content) as Hex,
  }));

const hex = (bytes: Buffer): Hex => toHex(bytes) as Hex;

/** What was attached, and the ciphertexts one by one; undefined where there is nothing. */
export async function attachedTo(
  { db, viewer }: Taking,
  billNo: bigint,
): Promise<{ listed: AttachedExport; contents: AsyncIterable<readonly [string, Buffer]> } | undefined> {
  const no = String(billNo);
  const { files, keys, wraps } = await attachedDocuments(db, viewer, billNo);
  if (files.length === 0) return undefined;
  const listed: AttachedExport = {
    billNo: no,
    files: files.map((file) => ({
      id: file.id,
      file: file.removed_at === null ? FILES.sealed(no, file.id) : null,
      sha256: file.content_hash.toString('hex'),
      billKey: file.bill_key_id,
      by: file.member,
      facts: file.facts === null ? null : hex(file.facts),
      createdAt: file.created_at.toISOString(),
      removedAt: file.removed_at?.toISOString() ?? null,
    })),
    keys: keys.map((key) => ({
      id: key.id,
      commitment: hex(key.commitment),
      wraps: wraps
        .filter((wrap) => wrap.bill_key_id === key.id)
        .map((wrap) => ({
          key: wrap.document_key_id,
          wrapped: hex(wrap.wrapped),
          by: wrap.wrapped_by,
          sender: hex(wrap.sender),
        })),
    })),
  };
  const contents = async function* () {
    for (const { id, file } of listed.files) {
      if (file === null) continue;
      const content = await contentOf(db, viewer, id);
      if (content === undefined) throw new Error(`document ${id} was removed while it was taken along`);
      yield [file, content] as const;
    }
  };
  return { listed, contents: contents() };
}

/** Undefined for a firm that has none. */
export async function documentKeyOf({ db, viewer }: Taking): Promise<DocumentKeyExport | undefined> {
  const [key] = await currentKeys(db, [viewer.member]);
  if (key === undefined) return undefined;
  const holders = await holdersOf(db, viewer, key.id);
  const onPaper = holders.find(({ kind, wrapped }) => kind === 'recovery' && wrapped !== null);
  return {
    id: key.id,
    publicKey: hex(key.public_key),
    recovery:
      onPaper === undefined ? null : { publicKey: hex(onPaper.public_key), wrapped: hex(onPaper.wrapped!) },
  };
}
