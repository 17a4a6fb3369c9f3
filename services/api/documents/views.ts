/** From rows of keys and documents to the JSON of the API. */
import type { Static } from 'typebox';
import { getAddress } from 'ethers';
import type { DocumentKeyRow, HolderRow } from '#db/documents/keys.ts';
import type { FileRow } from '#db/documents/files.ts';
import { toHex } from '#db/wire/bytes.ts';
import { formatId } from '#domain/bills/intervals.ts';
import type { Names } from '../members/names.ts';
import type { AttachedFile, DocumentKeyView, OwnKey } from './schema.ts';

type Ref = Awaited<ReturnType<Names['of']>>;

export const keyView = (row: DocumentKeyRow, ref: Ref): Static<typeof DocumentKeyView> => ({
  id: row.id,
  member: ref(row.member),
  account: getAddress(toHex(row.account)),
  publicKey: toHex(row.public_key),
  signer: toHex(row.signer),
  signature: toHex(row.signature),
  createdAt: row.created_at.toISOString(),
});

export const holderView = (row: HolderRow): Static<typeof OwnKey>['holders'][number] => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  person: row.person_id === null ? null : { id: row.person_id, name: row.person ?? '' },
  publicKey: toHex(row.public_key),
  wrapped: row.wrapped === null ? null : toHex(row.wrapped),
  createdAt: row.created_at.toISOString(),
});

export const fileView = (row: FileRow, ref: Ref, person: string | null): Static<typeof AttachedFile> => ({
  id: row.id,
  billNo: formatId(row.bill_no),
  billKey: row.bill_key_id,
  by: ref(row.member),
  person,
  facts: row.facts === null ? null : toHex(row.facts),
  size: row.size,
  contentHash: toHex(row.content_hash),
  createdAt: row.created_at.toISOString(),
  removedAt: row.removed_at?.toISOString() ?? null,
});
