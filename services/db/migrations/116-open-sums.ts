import { sql, type Kysely } from 'kysely';

/** What is still to be paid in, in the order in which it is due, with all that is added up of it; and where money waits to be paid out. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index bill_to_pay on ledger.bill (acceptor, due_on, bill_no) include (payee, face_minor, paid_in_minor, status)
      where to_block is null and status = 'active' and paid_in_minor < face_minor;
    create index bill_to_distribute on ledger.bill (bill_no)
      where to_block is null and status = 'active' and paid_out_minor < paid_in_minor;
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index ledger.bill_to_pay, ledger.bill_to_distribute`.execute(db);
}
