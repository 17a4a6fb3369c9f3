import { sql, type Kysely } from 'kysely';

/** Who looks is asked once for a statement, not once for a row: cheaper, and the planner expects as many rows as there are. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await alterPolicies(db, '(select ledger.viewer())', '(select ledger.viewer_sees_all())');
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await alterPolicies(db, 'ledger.viewer()', 'ledger.viewer_sees_all()');
}

async function alterPolicies(db: Kysely<unknown>, viewer: string, all: string): Promise<void> {
  const invited = (table: string) =>
    `exists (select from app.invitation i where i.bill_no = ${table}.bill_no and i.bank = ${viewer})`;
  const own: Record<string, string> = {
    act: `member = ${viewer}`,
    financing_request: `seller = ${viewer} or exists (
      select from app.invitation i where i.request_id = financing_request.id and i.bank = ${viewer})`,
    invitation: `bank = ${viewer} or seller = ${viewer}`,
    quote: `bank = ${viewer} or (seller = ${viewer} and signature is not null)`,
    bill_document: `acceptor = ${viewer} or ${invited('bill_document')} or exists (
      select from ledger.bill_party p where p.bill_no = bill_document.bill_no and p.member = ${viewer})`,
    import: `member = ${viewer}`,
    import_row: `member = ${viewer}`,
    credit_note: `member = ${viewer}`,
  };
  for (const [table, isOwn] of Object.entries(own)) {
    await alterPolicy(db, 'own', `app.${table}`, `${all} or ${isOwn}`);
  }
  for (const table of ['bill', 'parcel', 'act', 'invoice_use']) {
    await alterPolicy(db, 'invited_see', `ledger.${table}`, invited(table));
  }
}

async function alterPolicy(db: Kysely<unknown>, policy: string, table: string, using: string): Promise<void> {
  await sql`
    do $outer$ begin
      if exists (select from pg_policy where polrelid = ${sql.lit(table)}::regclass and polname = ${sql.lit(policy)})
      then alter policy ${sql.raw(policy)} on ${sql.raw(table)} using (${sql.raw(using)}); end if;
    end $outer$
  `.execute(db);
}
