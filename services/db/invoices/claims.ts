import { sql, type Kysely } from 'kysely';
import { toBytes } from '../wire/bytes.ts';
import { ask, type Query, type Viewer } from '../access/access.ts';
import { seesBill } from '../access/sees.ts';
import type { DB } from '../types.ts';
import { oneMore, paged, type Page, type PageOf } from '../wire/page.ts';

export type Claim = {
  readonly bill_no: bigint;
  readonly acceptor: number;
  readonly status: 'offered' | 'active';
  readonly amount_minor: bigint;
  /** Whether the viewer may see the bill itself. */
  readonly seen: boolean;
};
/** `used` and `bills`: of all claims, not only of those that are named. */
export type Claims = { readonly used: bigint; readonly bills: number; readonly largest: readonly Claim[] };

/** So many claims of one invoice are named, the largest. */
const NAMED = 20;

/** What bills lay claim to invoices of a payee, by their ids in hex; nothing of those to which the viewer is a stranger. */
export async function claimsOn(
  db: Kysely<DB>,
  viewer: Viewer,
  payee: number,
  invoiceIds: readonly string[],
): Promise<ReadonlyMap<string, Claims>> {
  if (invoiceIds.length === 0) return new Map();
  type Row = Claim & { invoice_id: Buffer; used: bigint; bills: bigint };
  const query: Query<Row[]> = {
    statement: sql`
      select c.*, ${seesBill(viewer, sql`c.bill_no`)} as seen from (
        select invoice_id, bill_no, acceptor, status, amount_minor,
          (sum(amount_minor) over every)::numeric as used, count(*) over every as bills,
          row_number() over (partition by invoice_id order by amount_minor desc, bill_no) as place
        from ledger.invoice_claim
        where payee = ${payee} and invoice_id = any(${sql.val(invoiceIds.map(toBytes))}::bytea[])
        window every as (partition by invoice_id)) c
      where c.place <= ${NAMED}
      order by c.invoice_id, c.place`,
    answer: (rows: Row[]) => rows,
  };
  const [rows] = await ask(db, viewer, query);
  return new Map(
    [...Map.groupBy(rows, ({ invoice_id }) => `0x${invoice_id.toString('hex')}`)].map(([id, largest]) => [
      id,
      { used: largest[0]!.used, bills: Number(largest[0]!.bills), largest },
    ]),
  );
}

export type ClaimedInvoice = {
  readonly number: string;
  readonly invoice_id: Buffer;
  /** Of a bill that it backs: says the rest. */
  readonly canonical: string;
};

/** Invoices of the viewer that back bills, taken or not, by number. */
export async function listClaimedInvoices(
  db: Kysely<DB>,
  viewer: Viewer,
  page: PageOf,
): Promise<Page<ClaimedInvoice>> {
  const [number, id] = page.after ?? [];
  const query: Query<Page<ClaimedInvoice>> = {
    statement: sql`
      select distinct on (i.number, i.invoice_id) i.number, i.invoice_id, d.canonical
      from ledger.bill b
        join ledger.invoice_use u on u.bill_no = b.bill_no and u.to_block is null and not u.freed
        join app.bill_invoice i on i.bill_no = b.bill_no and i.invoice_id = u.invoice_id
        join app.bill_document d on d.bill_no = b.bill_no
      where b.payee = ${viewer.member} and b.to_block is null
        ${id === undefined ? sql`` : sql`and (i.number, i.invoice_id) > (${number}::text, ${toBytes(id)}::bytea)`}
      order by i.number, i.invoice_id limit ${oneMore(page)}`,
    answer: (rows: ClaimedInvoice[]) =>
      paged(rows, page.limit, ({ number, invoice_id }) => [number, `0x${invoice_id.toString('hex')}`]),
  };
  return (await ask(db, viewer, query))[0];
}
