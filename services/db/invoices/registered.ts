import { sql, type Kysely } from 'kysely';
import type { DB } from '../types.ts';

export type InvoiceOfPayee = { readonly payee: number; readonly id: Buffer };

/**
 * How the chain knows invoices, in their order; undefined where it does not. The book is kept by payee: what a bill to somebody
 * else claims under the same id is another invoice. Open to every member.
 */
export async function registeredInvoices(
  db: Kysely<DB>,
  invoices: readonly InvoiceOfPayee[],
): Promise<({ readonly total: bigint; readonly used: bigint } | undefined)[]> {
  if (invoices.length === 0) return [];
  const { rows } = await sql<{ n: bigint; total: bigint; used: bigint }>`
    select a.n, i.total_minor as total, i.used_minor as used
    from unnest(${sql.val(invoices.map(({ payee }) => payee))}::integer[],
      ${sql.val(invoices.map(({ id }) => id))}::bytea[]) with ordinality as a (payee, id, n)
    join ledger.invoice i on i.payee = a.payee and i.invoice_id = a.id and i.to_block is null`.execute(db);
  const found = new Map(rows.map(({ n, total, used }) => [Number(n), { total, used }]));
  return invoices.map((_, n) => found.get(n + 1));
}
