import { sql, type Kysely } from 'kysely';
import type { DB } from '../types.ts';

/** How the chain knows invoices, by their ids in hex; those that it does not know are left out. Open to every member. */
export async function registeredInvoices(
  db: Kysely<DB>,
  ids: readonly Buffer[],
): Promise<Map<string, { readonly total: bigint; readonly used: bigint }>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('ledger.invoice')
    .select(['invoice_id', 'total_minor', 'used_minor'])
    .where(sql<boolean>`invoice_id = any(${sql.val(ids)}::bytea[])`)
    .where('to_block', 'is', null)
    .execute();
  return new Map(
    rows.map(({ invoice_id, total_minor, used_minor }) => [
      invoice_id.toString('hex'),
      { total: total_minor, used: used_minor },
    ]),
  );
}
