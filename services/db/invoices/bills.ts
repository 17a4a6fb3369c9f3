import { sql, type Kysely } from 'kysely';
import type { DB } from '../types.ts';
import { transact, type Viewer } from '../access/access.ts';
import { seesBill } from '../access/sees.ts';

export type InvoiceUseRow = { readonly bill_no: bigint; readonly canonical: string };

/** So many bills of one invoice number are shown. */
const MAX_BILLS = 200;

/** Bills that the viewer may see and that an invoice of this number backs, oldest first. */
export function billsOfInvoice(db: Kysely<DB>, viewer: Viewer, number: string): Promise<InvoiceUseRow[]> {
  return transact(db, viewer, async (trx) => {
    const { rows } = await sql<InvoiceUseRow>`
      select distinct d.bill_no, d.canonical from app.bill_invoice i join app.bill_document d on d.bill_no = i.bill_no
      where i.number = ${number}
        and ${seesBill(viewer, sql`d.bill_no`)}
        and exists (select from ledger.bill b where b.bill_no = d.bill_no and b.to_block is null)
      order by d.bill_no limit ${MAX_BILLS}`.execute(trx);
    return rows;
  });
}
