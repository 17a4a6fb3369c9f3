import { sql, type Kysely } from 'kysely';

/** What an acceptor has issued and nobody has signed for, in the order in which it falls due. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index bill_to_be_taken on ledger.bill (acceptor, due_on, bill_no) include (face_minor)
      where to_block is null and status = 'offered'
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index ledger.bill_to_be_taken`.execute(db);
}
