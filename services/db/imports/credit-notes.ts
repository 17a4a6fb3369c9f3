/** Credit notes that a firm has confirmed: each counts once, and reduces what its invoice can back, until it is taken back. */
import { sql, type Kysely } from 'kysely';
import { transact, type Trx, type Viewer } from '../access/access.ts';
import type { DB } from '../types.ts';

/** `key`: what tells an invoice or credit note from every other of its supplier. */
export type InvoiceOfSupplier = { readonly supplier: number; readonly key: string };
export type NewCredit = InvoiceOfSupplier & {
  readonly row: number;
  readonly correctsKey: string;
  readonly amount: bigint;
};

/** Which of these credit notes count already, by other rows. */
export async function countedElsewhere(
  trx: Trx,
  member: number,
  importId: string,
  credits: readonly (InvoiceOfSupplier & { readonly row: number })[],
): Promise<ReadonlySet<number>> {
  if (credits.length === 0) return new Set();
  const found = await sql<{ row: number }>`
    select i.row
    from unnest(${sql.val(credits.map(({ supplier }) => supplier))}::integer[],
      ${sql.val(credits.map(({ key }) => key))}::text[],
      ${sql.val(credits.map(({ row }) => row))}::integer[]) as i (supplier, number, row)
    join app.credit_note c on c.member = ${member} and c.supplier = i.supplier and c.number = i.number
    where c.import_id <> ${importId} or c.row <> i.row`.execute(trx);
  return new Set(found.rows.map(({ row }) => row));
}

/** A credit note of an import that waits to be confirmed. */
export type WaitingCredit = NewCredit;

/** Those of an import that wait, all or some, in order. */
export async function waitingCredits(
  trx: Trx,
  importId: string,
  rows: readonly number[] | 'all',
): Promise<WaitingCredit[]> {
  const found = await sql<{
    row: number;
    credit: { supplier: number; key: string; correctsKey: string; amount: string };
  }>`
    select r.row, r.credit from app.import_row r
    where r.import_id = ${importId} and r.credit is not null and jsonb_array_length(r.errors) = 0
      and (${rows === 'all'} or r.row = any(${sql.val(rows === 'all' ? [] : rows)}::integer[]))
      and not exists (select from app.credit_note c where c.import_id = r.import_id and c.row = r.row)
    order by r.row`.execute(trx);
  return found.rows.map(({ row, credit }) => ({ ...credit, row, amount: BigInt(credit.amount) }));
}

/** What the firm's own files say that an invoice came to, before any credit; undefined where none of them names it. */
export async function totalOf(
  trx: Trx,
  member: number,
  { supplier, key }: InvoiceOfSupplier,
): Promise<bigint | undefined> {
  const found = await sql<{ total: bigint | null }>`
    select max((payable ->> 'invoiceTotal')::bigint + coalesce((payable ->> 'credited')::bigint, 0)) as total
    from app.import_row
    where member = ${member} and (payable ->> 'supplier')::integer = ${supplier}
      and payable ->> 'invoiceKey' = ${key}`.execute(trx);
  return found.rows[0]?.total ?? undefined;
}

/** From now on it counts; false when another of its number does. */
export async function countCredit(
  trx: Trx,
  member: number,
  importId: string,
  { supplier, key, correctsKey, amount, row }: NewCredit,
): Promise<boolean> {
  const rows = await trx
    .insertInto('app.credit_note')
    .values({
      member,
      supplier,
      number: key,
      invoice_number: correctsKey,
      amount_minor: amount,
      import_id: importId,
      row,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('row')
    .execute();
  return rows.length > 0;
}

/** Credit notes of an import count no more. */
export async function takeBackCredits(
  trx: Trx,
  importId: string,
  rows: readonly number[] | 'all',
): Promise<void> {
  await trx
    .deleteFrom('app.credit_note')
    .where('import_id', '=', importId)
    .$if(rows !== 'all', (query) => query.where(sql<boolean>`row = any(${sql.val(rows)}::integer[])`))
    .execute();
}

/** One change of a member's credits at a time: two that are confirmed at once would both find room. */
export async function lockCredits(trx: Trx, member: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('credit notes'), ${member})`.execute(trx);
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
): Promise<bigint[]> => transact(db, viewer, (trx) => creditsOf(trx, viewer.member, invoices));
