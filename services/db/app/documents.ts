import { sql, type Kysely } from 'kysely';
import { toBytes } from '../bytes.ts';
import { readAs, type Viewer } from '../read/access.ts';
import type { DB } from '../types.ts';

export type BillDocument = {
  readonly billNo: bigint;
  readonly documentHash: string;
  readonly acceptor: number;
  /** Canonical JSON of terms, invoices and note. */
  readonly canonical: string;
  readonly named: readonly number[];
};

/** Within a transaction of the acceptor's: kept before the bill is issued, so that no bill is without. */
export async function keepDocuments(trx: Kysely<DB>, documents: readonly BillDocument[]): Promise<void> {
  if (documents.length === 0) return;
  await trx
    .insertInto('app.bill_document')
    .values(
      documents.map(({ billNo, documentHash, acceptor, canonical, named }) => ({
        bill_no: billNo,
        document_hash: toBytes(documentHash),
        acceptor,
        canonical,
        named: [...named],
      })),
    )
    .execute();
}

/** Undefined when the viewer may not see it or the bill was issued without us. */
export function findDocument(
  db: Kysely<DB>,
  viewer: Viewer,
  billNo: bigint,
): Promise<{ document_hash: Buffer; canonical: string; named: number[] } | undefined> {
  return readAs(db, viewer, (trx) =>
    trx
      .selectFrom('app.bill_document as d')
      .innerJoin('ledger.bill as b', (join) =>
        join.onRef('b.bill_no', '=', 'd.bill_no').onRef('b.document_hash', '=', 'd.document_hash'),
      )
      .select(['d.document_hash', 'd.canonical', 'd.named'])
      .where('d.bill_no', '=', billNo)
      .where('b.to_block', 'is', null)
      .executeTakeFirst(),
  );
}

/** Members that may hold the bills besides their payees; only bills that name any. */
export async function namedOf(db: Kysely<DB>, viewer: Viewer, billNos: readonly bigint[]) {
  const rows = await readAs(db, viewer, (trx) =>
    trx
      .selectFrom('app.bill_document')
      .select(['bill_no', 'named'])
      .where(sql<boolean>`bill_no = any(${sql.val(billNos)}::bigint[]) and named <> '{}'`)
      .execute(),
  );
  return new Map(rows.map(({ bill_no, named }) => [bill_no, named]));
}
