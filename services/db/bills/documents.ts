import { sql, type Kysely } from 'kysely';
import { toBytes } from '../wire/bytes.ts';
import { ask, type Query, type Viewer } from '../access/access.ts';
import type { DB } from '../types.ts';

export type BillDocument = {
  readonly billNo: bigint;
  readonly documentHash: string;
  readonly acceptor: number;
  /** Canonical JSON of terms, invoices and note. */
  readonly canonical: string;
  readonly named: readonly number[];
  /** Numbers and ids of what backs it, in canonical form. */
  readonly invoices: readonly { readonly number: string; readonly invoiceId: string }[];
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
  const invoices = documents.flatMap(({ billNo, invoices }) =>
    invoices.map((invoice) => ({ billNo, ...invoice })),
  );
  // An invoice with two totals stands twice in a bill that the chain will refuse; two of one number are found by one.
  await sql`
    insert into app.bill_invoice (number, bill_no, invoice_id)
    select * from unnest(${sql.val(invoices.map(({ number }) => number))}::text[],
      ${sql.val(invoices.map(({ billNo }) => billNo))}::bigint[],
      ${sql.val(invoices.map(({ invoiceId }) => toBytes(invoiceId)))}::bytea[])
    on conflict do nothing`.execute(trx);
}

/** What is kept for bills before they are issued, by number. */
export const keptDocuments = async (
  db: Kysely<DB>,
  viewer: Viewer,
  billNos: readonly bigint[],
): Promise<ReadonlyMap<bigint, string>> => {
  const query: Query<{ bill_no: bigint; canonical: string }[]> = {
    statement: sql`select bill_no, canonical from app.bill_document
      where bill_no = any(${sql.val(billNos)}::bigint[])`,
    answer: (rows) => rows,
  };
  const [rows] = await ask(db, viewer, query);
  return new Map(rows.map(({ bill_no, canonical }) => [bill_no, canonical]));
};

type Found = { readonly document_hash: Buffer; readonly canonical: string; readonly named: number[] };

/** Undefined when the viewer may not see it or the bill was issued without us. */
export const documentQuery = (billNo: bigint): Query<Found | undefined> => ({
  statement: sql`
    select d.document_hash, d.canonical, d.named from app.bill_document d
    join ledger.bill b on b.bill_no = d.bill_no and b.document_hash = d.document_hash and b.to_block is null
    where d.bill_no = ${billNo}`,
  answer: ([row]: Found[]) => row,
});

export const findDocument = async (
  db: Kysely<DB>,
  viewer: Viewer,
  billNo: bigint,
): Promise<Found | undefined> => (await ask(db, viewer, documentQuery(billNo)))[0];
