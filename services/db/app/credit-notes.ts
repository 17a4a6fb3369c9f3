/** Credit notes that a firm has imported: each counts once, and reduces what its invoice can back. */
import { sql, type Kysely } from 'kysely';
import { readAs, type Trx, type Viewer } from '../read/access.ts';
import type { DB } from '../types.ts';

/** `key`: what tells an invoice or credit note from every other of its supplier. */
export type InvoiceOfSupplier = { readonly supplier: number; readonly key: string };
export type NewCredit = InvoiceOfSupplier & {
  readonly row: number;
  readonly correctsKey: string;
  readonly amount: bigint;
};

/** Records what is new and tells which rows are: the others came in before. */
export async function addCredits(
  trx: Trx,
  member: number,
  importId: string,
  credits: readonly NewCredit[],
): Promise<ReadonlySet<number>> {
  if (credits.length === 0) return new Set();
  const rows = await trx
    .insertInto('app.credit_note')
    .values(
      credits.map(({ supplier, key, correctsKey, amount, row }) => ({
        member,
        supplier,
        number: key,
        invoice_number: correctsKey,
        amount_minor: amount,
        import_id: importId,
        row,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning('row')
    .execute();
  return new Set(rows.map(({ row }) => row));
}

/** What was credited of each of these invoices, in their order, minor units. */
export async function creditsOf(
  trx: Trx,
  member: number,
  invoices: readonly InvoiceOfSupplier[],
): Promise<bigint[]> {
  const found = await sql<{ n: bigint; amount: bigint }>`
    select i.n, sum(c.amount_minor)::numeric as amount
    from unnest(${sql.val(invoices.map(({ supplier }) => supplier))}::integer[],
      ${sql.val(invoices.map(({ key }) => key))}::text[]) with ordinality as i (supplier, number, n)
    join app.credit_note c on c.member = ${member} and c.supplier = i.supplier and c.invoice_number = i.number
    group by i.n`.execute(trx);
  const amounts = new Map(found.rows.map(({ n, amount }) => [Number(n), amount]));
  return invoices.map((_, n) => amounts.get(n + 1) ?? 0n);
}

export const creditsNow = (
  db: Kysely<DB>,
  viewer: Viewer,
  invoices: readonly InvoiceOfSupplier[],
): Promise<bigint[]> => readAs(db, viewer, (trx) => creditsOf(trx, viewer.member, invoices));

/** Payables of an import whose credit notes stood further down in its file. */
export async function rowsToReduce<Payable>(
  trx: Trx,
  importId: string,
): Promise<{ row: number; payable: Payable }[]> {
  const found = await sql<{ row: number; payable: Payable }>`
    select distinct on (r.row) r.row, r.payable
    from app.credit_note c join app.import_row r on r.import_id = c.import_id and r.act_id is null
      and (r.payable ->> 'supplier')::integer = c.supplier and r.payable ->> 'invoiceKey' = c.invoice_number
    where c.import_id = ${importId}
    order by r.row`.execute(trx);
  return found.rows;
}

/** Writes rows anew that credit notes have changed. */
export async function replaceRows(
  trx: Trx,
  importId: string,
  rows: readonly { row: number; payable: unknown; amount: bigint | null; errors: readonly unknown[] }[],
): Promise<void> {
  const text = JSON.stringify(rows, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  await sql`
    update app.import_row r set payable = nullif(e -> 'payable', 'null'::jsonb), errors = e -> 'errors',
      amount_minor = (e ->> 'amount')::bigint
    from jsonb_array_elements(${text}::jsonb) e
    where r.import_id = ${importId} and r.row = (e ->> 'row')::integer`.execute(trx);
}
