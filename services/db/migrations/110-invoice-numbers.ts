import { sql, type Kysely } from 'kysely';

/** Bills are found by the number of an invoice that backs them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index bill_document_invoice on app.bill_document
      using gin (jsonb_path_query_array(canonical::jsonb, '$.invoices[*].number'))`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index app.bill_document_invoice`.execute(db);
}
